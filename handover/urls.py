"""Mounted at /o/<slug:organization>/handover/ (config/urls.py): the archive of an organization."""

from django.urls import URLPattern, path

from handover import views

app_name = "handover"

urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("archives/<int:pk>/file/", views.download, name="download"),
    path("archives/<int:pk>/stop/", views.stop, name="stop"),
    path("import/", views.upload, name="import"),
    path("import/<int:pk>/", views.arrival, name="arrival"),
    path("import/<int:pk>/discard/", views.discard, name="discard"),
]
