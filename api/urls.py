"""Mounted at /o/<slug:organization>/api/ (config/urls.py): tokens, webhooks and their log.

The API itself is mounted at /api/v1/, its description at /api/.
"""

from django.urls import URLPattern, path

from api.views import tokens, webhooks

app_name = "api"

urlpatterns: list[URLPattern] = [
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:pk>/end/", tokens.revoke, name="token_end"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:pk>/renew/", webhooks.renew, name="webhook_renew"),
    path("webhooks/<int:pk>/go-on/", webhooks.go_on, name="webhook_go_on"),
    path("webhooks/<int:pk>/try/", webhooks.trial, name="webhook_try"),
    path("webhooks/<int:pk>/end/", webhooks.end, name="webhook_end"),
    path("webhooks/<int:pk>/<int:number>/", webhooks.resend, name="webhook_resend"),
]
