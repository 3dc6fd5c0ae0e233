"""Mounted at /o/<slug:organization>/my-work/ (config/urls.py): what waits for oneself, and what
people say of work and attach to it.
"""

from django.urls import URLPattern, path

from roadmap.views import feeds, my_work, work_comments, work_evidence

app_name = "work"

urlpatterns: list[URLPattern] = [
    path("", my_work.mine, name="mine"),
    path("calendar/", feeds.calendar, name="calendar"),
    path(
        "initiatives/<int:pk>/comments/",
        work_comments.add_to_initiative,
        name="initiative_comment",
    ),
    path("gates/<int:pk>/comments/", work_comments.add_to_gate, name="gate_comment"),
    path("comments/<int:pk>/", work_comments.edit, name="comment_edit"),
    path("comments/<int:pk>/withdraw/", work_comments.withdraw, name="comment_withdraw"),
    path("initiatives/<int:pk>/evidence/", work_evidence.add, name="evidence_add"),
    path("evidence/<int:pk>/", work_evidence.download, name="evidence_file"),
    path("evidence/<int:pk>/remove/", work_evidence.remove, name="evidence_remove"),
]
