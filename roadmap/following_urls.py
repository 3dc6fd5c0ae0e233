"""Slip, forecasts and planning again: included by `urls`, inside its namespace."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
