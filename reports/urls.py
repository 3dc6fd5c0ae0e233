"""Mounted at /o/<organization>/roadmaps/<pk>/reports/ (config/urls.py)."""

from django.urls import path

from reports.views import reports

app_name = "reports"

urlpatterns = [
    path("", reports.report_create, name="report_create"),
    path("<int:report_pk>/", reports.report, name="report"),
    path("<int:report_pk>/again/", reports.report_again, name="report_again"),
    path("<int:report_pk>/download/", reports.report_download, name="report_download"),
]
