"""Status links and mails of a roadmap: included by `urls`, inside its namespace."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
