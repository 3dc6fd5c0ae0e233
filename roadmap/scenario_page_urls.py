"""Seeing a scenario and changing it by hand: included by `scenario_urls`, inside its namespace."""

from django.urls import path

from roadmap.views import outlook, scenario_own, scenario_page

urlpatterns = [
    path("<int:pk>/", scenario_page.detail, name="detail"),
    path("<int:pk>/outlook/", outlook.scenario_outlook, name="outlook"),
    path("<int:pk>/decide/", scenario_page.decide, name="decide"),
    path("<int:pk>/undo/", scenario_page.undo, name="undo"),
    path("<int:pk>/initiatives/<str:initiative_id>/", scenario_page.initiative, name="initiative"),
    path("<int:pk>/initiatives/<str:initiative_id>/wave/", scenario_own.wave, name="wave"),
    path("<int:pk>/own/", scenario_own.own_create, name="own_create"),
    path("<int:pk>/own/<str:initiative_id>/", scenario_own.own_edit, name="own_edit"),
]
