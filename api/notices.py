"""What the API tells people of."""

from django.utils.translation import gettext_lazy as _

from inbox.kinds import NoticeKind

STOPPED = NoticeKind(
    "webhooks.stopped",
    _("A webhook was stopped"),
    _("Another system took nothing for days, so nothing is sent to it. Goes to owners."),
    mailed=True,
    text_mailed=True,
)
