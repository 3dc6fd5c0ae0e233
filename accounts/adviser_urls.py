"""Mounted at /o/<slug:organization>/advisers/ (config/urls.py): who advises an organization."""

from django.urls import URLPattern

app_name = "advisers"

urlpatterns: list[URLPattern] = []
