"""Mounted at /o/<slug:organization>/look/ (config/urls.py): brand and report templates."""

from django.urls import URLPattern, path

from reports.views import brand, templates

app_name = "look"

urlpatterns: list[URLPattern] = [
    path("brand/", brand.brand, name="brand"),
    path("templates/", templates.index, name="templates"),
    path("templates/<int:pk>/rename/", templates.rename, name="template_rename"),
    path("templates/<int:pk>/start/", templates.start, name="template_start"),
    path("templates/<int:pk>/delete/", templates.delete, name="template_delete"),
]
