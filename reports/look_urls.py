"""Mounted at /o/<slug:organization>/look/ (config/urls.py): brand and report templates."""

from django.urls import URLPattern

app_name = "look"

urlpatterns: list[URLPattern] = []
