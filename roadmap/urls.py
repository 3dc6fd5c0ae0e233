"""Mounted at /o/<slug:organization>/roadmaps/ (config/urls.py)."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "roadmap"

urlpatterns: list[URLPattern | URLResolver] = [
    path("<int:pk>/reports/", include("roadmap.report_urls")),
]
