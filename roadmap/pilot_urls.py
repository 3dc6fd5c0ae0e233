"""Mounted at /o/<slug:organization>/pilots/ (config/urls.py)."""

from django.urls import path

from roadmap.views import pilot_outcome, pilots

app_name = "pilots"

urlpatterns = [
    path("", pilots.pilots, name="list"),
    path("<int:snapshot_pk>/", pilots.picker, name="picker"),
    path("<int:snapshot_pk>/choose/", pilots.choose, name="choose"),
    path("<int:snapshot_pk>/charter/", pilots.charter, name="charter"),
    path("<int:snapshot_pk>/charter/edit/", pilots.charter_edit, name="charter_edit"),
    path("<int:snapshot_pk>/outcome/", pilot_outcome.outcome, name="outcome"),
]
