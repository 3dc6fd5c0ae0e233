"""What comes in by hand, by file and by webhook: included by `urls`."""

from django.urls import URLPattern, path

from delivery.views import sources

urlpatterns: list[URLPattern] = [
    path("sources/", sources.sources, name="sources"),
    path("sources/new/", sources.create, name="source_create"),
    path("sources/<int:pk>/", sources.source, name="source"),
    path("sources/<int:pk>/edit/", sources.edit, name="source_edit"),
    path("sources/<int:pk>/secret/", sources.renew, name="source_renew"),
    path("sources/<int:pk>/end/", sources.end, name="source_end"),
    path("sources/<int:pk>/again/", sources.rework, name="source_rework"),
]
