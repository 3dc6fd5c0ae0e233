"""Mounted at /o/<slug:organization>/assessments/ (config/urls.py)."""

from django.urls import path

from assessments.views import (
    assignments,
    benchmark,
    comments,
    confirmation,
    contradictions,
    coverage,
    divergence,
    evidence,
    guides,
    lists,
    mine,
    moving,
    outcome,
    questions,
    quick,
    reading,
    room,
    rounds,
    rows,
    seats,
    tables,
    targets,
)

app_name = "assessments"

urlpatterns = [
    path("", lists.assessment_list, name="list"),
    path("new/", lists.create, name="create"),
    path("import/", lists.import_answers, name="import"),
    # Guides: shipped and uploaded.
    path("guides/", guides.guides, name="guides"),
    path("guides/upload/", guides.upload, name="guide_upload"),
    path("guides/shipped/", guides.shipped, name="guide_shipped"),
    path("guides/changes/", guides.changes, name="guide_changes"),
    path("guides/starter/", guides.download, {"name": "starter-guide.zip"}, name="guide_starter"),
    path("guides/format/", guides.download, {"name": "guide-format.md"}, name="guide_format"),
    path("guides/schema/", guides.download, {"name": "guide-schema.zip"}, name="guide_schema"),
    path("guides/<int:pk>/", guides.guide, name="guide"),
    path("guides/<int:pk>/retire/", guides.retire, name="guide_retire"),
    # Moving to a newer version of the guide, and what it left over.
    path("<int:pk>/newer-guide/", moving.move, name="move"),
    path("<int:pk>/parked/", moving.parked, name="parked"),
    # The quick scan.
    path("quick-scan/", quick.quick_start, name="quick_start"),
    path("<int:pk>/quick/", quick.quick, name="quick"),
    path("<int:pk>/quick/result/", quick.result, name="quick_result"),
    # Beside others.
    path("<int:pk>/benchmark/", benchmark.benchmark, name="benchmark"),
    path("<int:pk>/compare/", rounds.compare, name="compare"),
    path("<int:pk>/coverage/", coverage.coverage, name="coverage"),
    path("<int:pk>/coverage/gates/<str:gate_id>/", coverage.gate, name="coverage_gate"),
    # What the sources report.
    path("<int:pk>/reading/", reading.reading, name="reading"),
    # What the last round offers.
    path("<int:pk>/proposals/", rounds.proposals, name="proposals"),
    path("<int:pk>/suggestions/<int:number>/", rounds.suggestions, name="suggestions"),
    path("<int:pk>/suggestion/<str:question_id>/", rounds.suggestion, name="suggestion"),
    # Assignments, and what waits for oneself.
    path("mine/", mine.mine, name="mine"),
    path("<int:pk>/assignments/", assignments.index, name="assignments"),
    path("<int:pk>/assignments/new/", assignments.create, name="assign"),
    path("<int:pk>/assignments/<int:assignment_pk>/", assignments.change, name="assignment"),
    path(
        "<int:pk>/assignments/<int:assignment_pk>/withdraw/",
        assignments.withdraw,
        name="assignment_withdraw",
    ),
    path(
        "<int:pk>/assignments/<int:assignment_pk>/send/",
        assignments.send_again,
        name="assignment_send",
    ),
    path(
        "<int:pk>/assignments/<int:assignment_pk>/done/", assignments.done, name="assignment_done"
    ),
    path("<int:pk>/contributors/", assignments.contributors, name="contributors"),
    path("<int:pk>/", lists.detail, name="detail"),
    path("<int:pk>/export/", lists.export, name="export"),
    path("<int:pk>/profile/", questions.profile, name="profile"),
    path("<int:pk>/steps/<int:number>/", questions.step, name="step"),
    path("<int:pk>/questions/<str:question_id>/", room.question, name="question"),
    # Evidence.
    path("<int:pk>/questions/<str:question_id>/evidence/", evidence.add, name="evidence_add"),
    path("<int:pk>/evidence/<int:evidence_pk>/file/", evidence.download, name="evidence_file"),
    path("<int:pk>/evidence/<int:evidence_pk>/remove/", evidence.remove, name="evidence_remove"),
    # Proof: high answers confirmed, and answers that hardly go together.
    path("<int:pk>/questions/<str:question_id>/confirm/", confirmation.confirm, name="confirm"),
    path("<int:pk>/unconfirmed/", confirmation.unconfirmed, name="unconfirmed"),
    path("<int:pk>/contradictions/", contradictions.contradictions, name="contradictions"),
    path("<int:pk>/answers/<str:question_id>/", questions.answer, name="answer"),
    path("<int:pk>/answers/<str:question_id>/rows/<str:row>/", rows.row, name="row"),
    # Tables of rows: all of them, files out and in, the diagram.
    path("<int:pk>/tables/<str:question_id>/", tables.table, name="table"),
    path("<int:pk>/tables/<str:question_id>/import/", tables.upload, name="table_upload"),
    path(
        "<int:pk>/tables/<str:question_id>/import/<int:upload_id>/",
        tables.preview,
        name="table_preview",
    ),
    path("<int:pk>/tables/<str:question_id>/diagram/", tables.diagram, name="table_diagram"),
    path(
        "<int:pk>/tables/<str:question_id>/files/<str:file>/",
        tables.download,
        name="table_download",
    ),
    path("<int:pk>/review/", outcome.review, name="review"),
    path("<int:pk>/submit/", outcome.submit, name="submit"),
    path("<int:pk>/submitted/", outcome.submitted, name="submitted"),
    path("<int:pk>/scorecard/", outcome.scorecard, name="scorecard"),
    # Where the organization wants to be.
    path("<int:pk>/targets/", targets.targets, name="targets"),
    # Answers from seats, and settling them.
    path("<int:pk>/seats/", seats.seats, name="seats"),
    path("<int:pk>/seats/<str:seat>/steps/<int:number>/", seats.seat_step, name="seat_step"),
    path(
        "<int:pk>/seats/<str:seat>/questions/<str:question_id>/",
        seats.seat_answer,
        name="seat_answer",
    ),
    path("<int:pk>/questions/<str:question_id>/settle/", seats.settle, name="settle"),
    path("<int:pk>/divergence/", divergence.divergence, name="divergence"),
    path("<int:pk>/divergence/agenda/", divergence.agenda, name="agenda"),
    # Comments.
    path("<int:pk>/questions/<str:question_id>/comments/", comments.add, name="comment_add"),
    path("<int:pk>/comments/<int:comment_pk>/edit/", comments.edit, name="comment_edit"),
    path(
        "<int:pk>/comments/<int:comment_pk>/withdraw/",
        comments.withdraw,
        name="comment_withdraw",
    ),
]
