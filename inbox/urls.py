"""Mounted at /o/<slug:organization>/inbox/ (config/urls.py)."""

from django.urls import path

from inbox.views import pages

app_name = "inbox"

urlpatterns = [
    path("", pages.index, name="list"),
    path("read/", pages.mark_all, name="read_all"),
    path("settings/", pages.settings, name="settings"),
    path("<int:pk>/", pages.open_notice, name="open"),
    path("<int:pk>/read/", pages.mark, name="read"),
]
