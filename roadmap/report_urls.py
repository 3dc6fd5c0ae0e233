"""The reports of a roadmap, mounted at /o/<organization>/roadmaps/<pk>/reports/ by roadmap.urls."""

from django.urls import path

from roadmap.views import reports

urlpatterns = [
    path("", reports.report_create, name="report_create"),
    path("<int:report_pk>/", reports.report, name="report"),
    path("<int:report_pk>/again/", reports.report_again, name="report_again"),
    path("<int:report_pk>/download/", reports.report_download, name="report_download"),
]
