"""Mounted at /o/<slug:organization>/batches/ (config/urls.py): many reports at once."""

from django.urls import URLPattern

app_name = "batches"

urlpatterns: list[URLPattern] = []
