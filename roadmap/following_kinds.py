"""What following a roadmap tells people of."""

from django.utils.translation import gettext_lazy as _

from inbox.kinds import NoticeKind

SLIP = NoticeKind(
    "slip.deadline",
    _("A deadline is at risk"),
    _(
        "A forecast says for the first time that a deadline, or the agreed finish, no longer has "
        "four chances in five. Goes to editors and owners."
    ),
    mailed=True,
    text_mailed=True,
)
