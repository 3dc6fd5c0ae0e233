"""Mounted at /o/<slug:organization>/workshops/ (config/urls.py): answers settled together."""

from django.urls import URLPattern, path

from assessments.views import workshop

app_name = "workshops"

urlpatterns: list[URLPattern] = [
    path("<int:pk>/", workshop.index, name="index"),
    path("<int:pk>/steps/<int:number>/", workshop.outcome, name="outcome"),
    path("<int:pk>/questions/<str:question_id>/", workshop.question, name="question"),
]
