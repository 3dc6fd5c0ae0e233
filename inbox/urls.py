"""Mounted at /o/<slug:organization>/inbox/ (config/urls.py)."""

from django.urls import URLPattern

app_name = "inbox"

urlpatterns: list[URLPattern] = []
