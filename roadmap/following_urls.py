"""Slip, forecasts and planning again: included by `urls`, inside its namespace."""

from django.urls import URLPattern, path

from roadmap.views import following

urlpatterns: list[URLPattern] = [
    path("progress/", following.progress, name="progress"),
    path("progress/forecast/", following.forecast_now, name="forecast_now"),
    path("progress/plan-again/", following.plan_again, name="plan_again"),
]
