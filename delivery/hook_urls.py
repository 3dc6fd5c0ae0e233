"""Addresses without an account: what tools send to."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
