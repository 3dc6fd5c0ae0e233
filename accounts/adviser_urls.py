"""Mounted at /o/<slug:organization>/advisers/ (config/urls.py): who advises an organization, and
whom it asks where it is a consultancy itself.
"""

from django.urls import URLPattern, path

from accounts.views import advisers

app_name = "advisers"

urlpatterns: list[URLPattern] = [
    path("", advisers.index, name="list"),
    path("<int:pk>/", advisers.change, name="change"),
    path("<int:pk>/end/", advisers.end, name="end"),
    path("requests/", advisers.requests, name="requests"),
    path("requests/<int:pk>/withdraw/", advisers.withdraw, name="withdraw"),
    path("clients/<int:pk>/end/", advisers.step_back, name="step_back"),
]
