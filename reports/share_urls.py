"""Mounted at /o/<slug:organization>/roadmaps/<int:pk>/shares/ (config/urls.py)."""

from django.urls import URLPattern, path

from reports.views import shares

app_name = "shares"

urlpatterns: list[URLPattern] = [
    path("", shares.index, name="list"),
    path("<int:link>/end/", shares.end, name="end"),
]
