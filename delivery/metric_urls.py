"""Systems and their metrics: included by `urls`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
