"""Mounted at /o/<slug:organization>/assessments/ (config/urls.py)."""

from django.urls import URLPattern

app_name = "assessments"

urlpatterns: list[URLPattern] = []
