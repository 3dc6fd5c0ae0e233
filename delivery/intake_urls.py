"""What comes in by hand, by file and by webhook: included by `urls`."""

from django.urls import URLPattern, path

from delivery.views import entry, imports, sources

urlpatterns: list[URLPattern] = [
    path("sources/", sources.sources, name="sources"),
    path("sources/new/", sources.create, name="source_create"),
    path("sources/<int:pk>/", sources.source, name="source"),
    path("sources/<int:pk>/edit/", sources.edit, name="source_edit"),
    path("sources/<int:pk>/secret/", sources.renew, name="source_renew"),
    path("sources/<int:pk>/end/", sources.end, name="source_end"),
    path("sources/<int:pk>/again/", sources.rework, name="source_rework"),
    path("import/", imports.choose, name="import"),
    path("import/coverage/", imports.coverage, name="import_coverage"),
    path("import/template.csv", imports.template, name="import_template"),
    path("import/files/<int:pk>/", imports.preview, name="import_preview"),
    path("systems/<int:pk>/new/<slug:kind>/", entry.create, name="record_create"),
    path("records/<slug:kind>/<int:pk>/", entry.edit, name="record_edit"),
    path("records/<slug:kind>/<int:pk>/remove/", entry.remove, name="record_remove"),
]
