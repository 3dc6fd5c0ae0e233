"""Addresses without an account: shared status reports and calendar feeds."""

from django.urls import path

from roadmap.views import feeds, shared_status

urlpatterns = [
    path("status/<str:token>/", shared_status.status, name="status"),
    path("status-mail/<str:token>/", shared_status.stop, name="status_mail_stop"),
    path("calendar/<str:token>.ics", feeds.feed, name="calendar"),
]
