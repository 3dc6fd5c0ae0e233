"""Mounted at /o/<slug:organization>/work/ (config/urls.py): what waits for oneself."""

from django.urls import URLPattern

app_name = "work"

urlpatterns: list[URLPattern] = []
