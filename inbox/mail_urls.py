"""Addresses without an account: what a person hears of, from a link in a mail."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
