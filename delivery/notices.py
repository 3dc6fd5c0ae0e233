"""What delivery tells people of."""

from django.utils.translation import gettext_lazy as _

from inbox.kinds import NoticeKind

SILENT = NoticeKind(
    "metrics.source_silent",
    _("A source has fallen silent"),
    _(
        "Nothing has arrived from a tool for much longer than usual, so figures may be missing "
        "what happened. Goes to editors and owners."
    ),
    mailed=False,
    text_mailed=True,
)
