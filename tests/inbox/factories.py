"""Boring makers for tests of the inbox."""

from accounts.models import Membership
from inbox.kinds import NoticeKind, register_kind
from inbox.models import Notice
from inbox.telling import notify

LOUD = NoticeKind("test.loud", "Something loud", "Mailed at once.", mailed=True)
QUIET = NoticeKind("test.quiet", "Something quiet", "Not mailed.", mailed=False)


def tell(
    *members: Membership, kind: NoticeKind = LOUD, title: str = "Look at this", **more
) -> list[Notice]:
    register_kind(LOUD)
    register_kind(QUIET)
    organization = members[0].organization
    return notify(
        organization=organization,
        people=[member.user for member in members],
        kind=kind.id,
        title=title,
        path=f"/o/{organization.slug}/",
        **more,
    )
