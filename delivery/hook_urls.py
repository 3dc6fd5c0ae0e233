"""Addresses without an account: what tools send to.

The endings are those of Apache DevLake's webhook, for clients that add them to the address.
"""

from django.urls import URLPattern, path

from delivery.views import hooks

urlpatterns: list[URLPattern] = [
    path("<str:token>/", hooks.hook, name="hook"),
    path("<str:token>/deployments", hooks.hook, {"ending": "deployments"}, name="deployments"),
    path("<str:token>/issues", hooks.hook, {"ending": "issues"}, name="issues"),
    path("<str:token>/issue/close", hooks.hook, {"ending": "close"}, name="close"),
    path("<str:token>/issue/<str:key>/close", hooks.hook, {"ending": "close"}, name="close_key"),
]
