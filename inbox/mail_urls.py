"""Addresses without an account: what a person hears of, from a link in a mail."""

from django.urls import path

from inbox.views import stopping

urlpatterns = [
    path("<str:token>/", stopping.stop, name="stop"),
    path("<str:token>/<str:kind>/", stopping.stop, name="stop_kind"),
]
