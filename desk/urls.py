"""Mounted at /o/<slug:organization>/clients/ (config/urls.py): the desk of a consultancy."""

from django.urls import URLPattern, path

from desk.views import bulk, clients, initiatives, peers, portfolio, starting

app_name = "desk"

urlpatterns: list[URLPattern] = [
    path("", portfolio.index, name="clients"),
    path("views/", portfolio.save, name="view_save"),
    path("views/default/", portfolio.default, name="view_default"),
    path("views/<int:pk>/delete/", portfolio.delete, name="view_delete"),
    path("initiatives/", initiatives.index, name="initiatives"),
    path("initiatives/<str:initiative>/", initiatives.detail, name="initiative"),
    path("peers/", peers.index, name="peers"),
    path("actions/", bulk.confirm, name="confirm"),
    path("actions/do/", bulk.act, name="act"),
    path("actions/done/", bulk.runs, name="runs"),
    path("actions/<int:pk>/", bulk.run, name="run"),
    path("actions/<int:pk>/again/", bulk.again, name="again"),
    path("former/", clients.former, name="former"),
    path("start/", starting.start, name="start"),
    path("templates/", starting.template_list, name="templates"),
    path("templates/new/", starting.template_new, name="template_new"),
    path("templates/<int:pk>/", starting.template_edit, name="template"),
    path("templates/<int:pk>/delete/", starting.template_delete, name="template_delete"),
    path("at/<slug:client>/", clients.client, name="client"),
    path("at/<slug:client>/notes/", clients.note_add, name="note_add"),
    path("at/<slug:client>/notes/<int:pk>/", clients.note, name="note"),
    path("at/<slug:client>/notes/<int:pk>/delete/", clients.note_delete, name="note_delete"),
    path("at/<slug:client>/plan/", clients.plan, name="plan"),
]
