"""Mounted at /o/<slug:organization>/clients/ (config/urls.py): the desk of a consultancy."""

from django.urls import URLPattern

app_name = "desk"

urlpatterns: list[URLPattern] = []
