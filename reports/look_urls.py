"""Mounted at /o/<slug:organization>/look/ (config/urls.py): brand and report templates."""

from django.urls import URLPattern, path

from reports.views import brand

app_name = "look"

urlpatterns: list[URLPattern] = [
    path("brand/", brand.brand, name="brand"),
]
