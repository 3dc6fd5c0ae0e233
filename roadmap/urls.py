"""Mounted at /o/<slug:organization>/roadmaps/ (config/urls.py)."""

from django.urls import URLPattern

app_name = "roadmap"

urlpatterns: list[URLPattern] = []
