"""Mounted at /o/<slug:organization>/scenarios/ (config/urls.py)."""

from django.urls import URLPattern, URLResolver, include, path

from roadmap.views import comparing, constraints, scenario_adopting, scenarios

app_name = "scenarios"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", scenarios.scenario_list, name="list"),
    path("new/", scenarios.create, name="create"),
    path("compare/", comparing.compare, name="compare"),
    path("<int:pk>/questions/", comparing.questions, name="questions"),
    path("<int:pk>/questions/ask/", comparing.ask_question, name="ask"),
    path("<int:pk>/copy/", scenarios.copy, name="copy"),
    path("<int:pk>/rename/", scenarios.rename, name="rename"),
    path("<int:pk>/delete/", scenarios.delete, name="delete"),
    path("<int:pk>/search/", scenarios.solve, name="solve"),
    path("<int:pk>/search/stop/", scenarios.cancel, name="cancel"),
    path("<int:pk>/refresh/", scenarios.refresh, name="refresh"),
    path("<int:pk>/diff/", scenario_adopting.diff, name="diff"),
    path("<int:pk>/adopt/", scenario_adopting.adopt, name="adopt"),
    path("<int:pk>/constraints/", constraints.constraints, name="constraints"),
    path("<int:pk>/constraints/file/", constraints.constraints_file, name="constraints_file"),
    path("", include("roadmap.scenario_page_urls")),
]
