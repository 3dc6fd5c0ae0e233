"""Systems and their metrics: included by `urls`."""

from django.urls import URLPattern, path

from delivery.views import links, metrics, systems

urlpatterns: list[URLPattern] = [
    path("", metrics.overview, name="metrics"),
    path("systems/new/", systems.create, name="system_create"),
    path("systems/<int:pk>/", metrics.system, name="system"),
    path("systems/<int:pk>/edit/", systems.edit, name="system_edit"),
    path("systems/<int:pk>/end/", systems.end, name="system_end"),
    path("systems/<int:pk>/records/<slug:kind>/", metrics.records, name="records"),
    path("systems/<int:pk>/incidents/<int:incident_pk>/cause/", links.cause, name="cause"),
]
