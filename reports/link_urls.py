"""Mounted at /shared/ beside roadmap.shared_urls (config/urls.py): shared reports and plans."""

from django.urls import URLPattern, path

from reports.views import shared

app_name = "links"

urlpatterns: list[URLPattern] = [
    path("plans/<str:token>/", shared.shared, name="shared"),
    path("plans/<str:token>/file/", shared.file, name="file"),
]
