"""Mounted at /shared/ beside roadmap.shared_urls (config/urls.py): shared reports and plans."""

from django.urls import URLPattern

app_name = "links"

urlpatterns: list[URLPattern] = []
