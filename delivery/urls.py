"""Mounted at /o/<slug:organization>/metrics/ (config/urls.py)."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "delivery"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("delivery.metric_urls")),
    path("", include("delivery.intake_urls")),
]
