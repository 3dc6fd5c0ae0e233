"""Mounted at /o/<slug:organization>/assessments/ (config/urls.py)."""

from django.urls import path

from assessments.views import evidence, lists, outcome, questions, quick, room, rows

app_name = "assessments"

urlpatterns = [
    path("", lists.assessment_list, name="list"),
    path("new/", lists.create, name="create"),
    path("import/", lists.import_answers, name="import"),
    # The quick scan.
    path("quick-scan/", quick.quick_start, name="quick_start"),
    path("<int:pk>/quick/", quick.quick, name="quick"),
    path("<int:pk>/quick/result/", quick.result, name="quick_result"),
    path("<int:pk>/", lists.detail, name="detail"),
    path("<int:pk>/export/", lists.export, name="export"),
    path("<int:pk>/profile/", questions.profile, name="profile"),
    path("<int:pk>/steps/<int:number>/", questions.step, name="step"),
    path("<int:pk>/questions/<str:question_id>/", room.question, name="question"),
    # Evidence.
    path("<int:pk>/questions/<str:question_id>/evidence/", evidence.add, name="evidence_add"),
    path("<int:pk>/evidence/<int:evidence_pk>/file/", evidence.download, name="evidence_file"),
    path("<int:pk>/evidence/<int:evidence_pk>/remove/", evidence.remove, name="evidence_remove"),
    path("<int:pk>/answers/<str:question_id>/", questions.answer, name="answer"),
    path("<int:pk>/answers/<str:question_id>/rows/<str:row>/", rows.row, name="row"),
    path("<int:pk>/review/", outcome.review, name="review"),
    path("<int:pk>/submit/", outcome.submit, name="submit"),
    path("<int:pk>/submitted/", outcome.submitted, name="submitted"),
    path("<int:pk>/scorecard/", outcome.scorecard, name="scorecard"),
]
