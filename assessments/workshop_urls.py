"""Mounted at /o/<slug:organization>/workshops/ (config/urls.py): answers settled together."""

from django.urls import URLPattern

app_name = "workshops"

urlpatterns: list[URLPattern] = []
