"""Status links and mails of a roadmap: included by `urls`, inside its namespace."""

from django.urls import path

from roadmap.views import sharing

urlpatterns = [
    path("status/", sharing.preview, name="status"),
    path("sharing/", sharing.index, name="sharing"),
    path("sharing/links/", sharing.link_create, name="status_link_create"),
    path("sharing/links/<int:link>/end/", sharing.link_revoke, name="status_link_end"),
    path("sharing/mails/", sharing.mail_create, name="status_mail_create"),
    path("sharing/mails/<int:mail>/stop/", sharing.mail_stop, name="status_mail_end"),
]
