"""Mounted at /o/<slug:organization>/handover/ (config/urls.py): the archive of an organization."""

from django.urls import URLPattern

app_name = "handover"

urlpatterns: list[URLPattern] = []
