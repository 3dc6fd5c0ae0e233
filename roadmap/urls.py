"""Mounted at /o/<slug:organization>/roadmaps/ (config/urls.py)."""

from django.urls import URLPattern, URLResolver, include, path

from roadmap.views import gates, outlook, roadmaps, tracking

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
    path("<int:pk>/gates/<str:gate_id>/", gates.gate, name="gate"),
    path("<int:pk>/gates/<str:gate_id>/open/", gates.open_gate, name="gate_open"),
    path("<int:pk>/gates/<str:gate_id>/close/", gates.close_gate, name="gate_close"),
    path(
        "<int:pk>/gates/<str:gate_id>/items/<str:item_id>/confirm/",
        gates.confirm_item,
        name="gate_item_confirm",
    ),
    path(
        "<int:pk>/gates/<str:gate_id>/items/<str:item_id>/withdraw/",
        gates.withdraw_item,
        name="gate_item_withdraw",
    ),
    path("<int:pk>/reports/", include("roadmap.report_urls")),
    path("<int:pk>/", include("roadmap.view_urls")),
    path("<int:pk>/", include("roadmap.following_urls")),
    path("<int:pk>/", include("roadmap.sharing_urls")),
]
