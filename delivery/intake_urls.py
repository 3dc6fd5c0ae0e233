"""What comes in by hand, by file and by webhook: included by `urls`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
