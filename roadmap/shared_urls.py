"""Addresses without an account: shared status reports and calendar feeds."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
