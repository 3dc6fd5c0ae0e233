"""Mounted at /o/<slug:organization>/assessments/ (config/urls.py)."""

from django.urls import path

from assessments.views import lists, outcome, questions, room, rows

app_name = "assessments"

urlpatterns = [
    path("", lists.assessment_list, name="list"),
    path("new/", lists.create, name="create"),
    path("import/", lists.import_answers, name="import"),
    path("<int:pk>/", lists.detail, name="detail"),
    path("<int:pk>/export/", lists.export, name="export"),
    path("<int:pk>/profile/", questions.profile, name="profile"),
    path("<int:pk>/steps/<int:number>/", questions.step, name="step"),
    path("<int:pk>/questions/<str:question_id>/", room.question, name="question"),
    path("<int:pk>/answers/<str:question_id>/", questions.answer, name="answer"),
    path("<int:pk>/answers/<str:question_id>/rows/<str:row>/", rows.row, name="row"),
    path("<int:pk>/review/", outcome.review, name="review"),
    path("<int:pk>/submit/", outcome.submit, name="submit"),
    path("<int:pk>/submitted/", outcome.submitted, name="submitted"),
    path("<int:pk>/scorecard/", outcome.scorecard, name="scorecard"),
]
