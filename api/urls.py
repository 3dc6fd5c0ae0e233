"""Mounted at /o/<slug:organization>/api/ (config/urls.py): tokens, webhooks and their log.

The API itself is mounted at /api/v1/, its description at /api/.
"""

from django.urls import URLPattern, path

from api.views import tokens

app_name = "api"

urlpatterns: list[URLPattern] = [
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:pk>/end/", tokens.revoke, name="token_end"),
]
