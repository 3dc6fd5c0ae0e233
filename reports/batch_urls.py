"""Mounted at /o/<slug:organization>/batches/ (config/urls.py): many reports at once."""

from django.urls import URLPattern, path

from reports.views import batches

app_name = "batches"

urlpatterns: list[URLPattern] = [
    path("", batches.index, name="list"),
    path("<int:pk>/", batches.detail, name="detail"),
    path("<int:pk>/cancel/", batches.cancel, name="cancel"),
    path("<int:pk>/retry/", batches.retry, name="retry"),
    path("<int:pk>/zip/", batches.zip_again, name="zip"),
    path("<int:pk>/download/", batches.download, name="download"),
]
