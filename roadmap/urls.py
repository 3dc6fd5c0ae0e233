"""Mounted at /o/<slug:organization>/roadmaps/ (config/urls.py)."""

from django.urls import URLPattern, URLResolver, include, path

from roadmap.views import gates_list, outlook, roadmaps, tracking

app_name = "roadmap"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", roadmaps.roadmap_list, name="list"),
    path("new/", roadmaps.create, name="create"),
    path("<int:pk>/", roadmaps.detail, name="detail"),
    path("<int:pk>/outlook/", outlook.roadmap_outlook, name="outlook"),
    path(
        "<int:pk>/initiatives/<str:initiative_id>/",
        tracking.initiative,
        name="initiative",
    ),
    path("<int:pk>/gates/", gates_list.gates, name="gates"),
    path("<int:pk>/approvers/", gates_list.approvers, name="approvers"),
    path(
        "<int:pk>/approvers/<int:approver_pk>/remove/",
        gates_list.approver_take_off,
        name="approver_remove",
    ),
    path("<int:pk>/gates/<str:gate_id>/", include("roadmap.gate_urls")),
    path("<int:pk>/", include("roadmap.view_urls")),
    path("<int:pk>/", include("roadmap.following_urls")),
    path("<int:pk>/", include("roadmap.sharing_urls")),
]
