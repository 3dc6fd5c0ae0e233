"""Mounted at /o/<slug:organization>/api/ (config/urls.py): tokens, webhooks and their log.

The API itself is mounted at /api/v1/.
"""

from django.urls import URLPattern

app_name = "api"

urlpatterns: list[URLPattern] = []
