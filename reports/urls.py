"""Mounted at /o/<organization>/roadmaps/<pk>/reports/ (config/urls.py)."""

from django.urls import path

from reports.views import builder, reports

app_name = "reports"

urlpatterns = [
    path("", reports.index, name="list"),
    path("new/", builder.new, name="new"),
    path("preview/", builder.preview, name="preview"),
    path("preview/<int:job>/", builder.previewed, name="previewed"),
    path("preview/<int:job>/<int:number>.png", builder.preview_page, name="preview_page"),
    path("<int:report_pk>/", reports.report, name="report"),
    path("<int:report_pk>/again/", reports.report_again, name="report_again"),
    path("<int:report_pk>/cancel/", reports.report_cancel, name="report_cancel"),
    path("<int:report_pk>/download/", reports.report_download, name="report_download"),
]
