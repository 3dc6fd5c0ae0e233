from importlib.util import find_spec

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("o/<slug:organization>/assessments/", include("assessments.urls")),
    path("o/<slug:organization>/roadmaps/", include("roadmap.urls")),
]
if find_spec("accounts.urls"):  # until the accounts app has its pages
    urlpatterns.insert(0, path("", include("accounts.urls")))
