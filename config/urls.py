from django.urls import include, path

urlpatterns = [
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("o/<slug:organization>/assessments/", include("assessments.urls")),
    path("o/<slug:organization>/roadmaps/", include("roadmap.urls")),
]
