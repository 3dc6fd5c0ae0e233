"""What stands in the way of opening a gate, in words that say what to do."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from roadmap.domain.tracking.approving import Judgement, Obstacle, RoleState


def obstacle_words(judgement: Judgement) -> list[str]:
    return [_WORDS[obstacle](judgement) for obstacle in judgement.obstacles]


def _checklist(judgement: Judgement) -> str:
    return _("Items of the checklist are not met yet.")


def _not_asked(judgement: Judgement) -> str:
    return _("Nobody has asked for a decision yet.")


def _changed(judgement: Judgement) -> str:
    return _(
        "Evidence or a confirmation was taken away since the decision was asked for, so it is not "
        "what the approvers looked at. Put it back, or withdraw the request and ask again."
    )


def _refused(judgement: Judgement) -> str:
    return _(
        "%(roles)s refused. Whoever refused can take it back; else withdraw the request, mend "
        "what was found and ask again."
    ) % {"roles": _titles(judgement, RoleState.REFUSED)}


def _vacant(judgement: Judgement) -> str:
    return _("Nobody speaks for: %(roles)s. Name someone among the approvers.") % {
        "roles": _titles(judgement, RoleState.VACANT)
    }


def _waiting(judgement: Judgement) -> str:
    return _("Has not spoken yet: %(roles)s.") % {"roles": _titles(judgement, RoleState.WAITING)}


def _only_authors(judgement: Judgement) -> str:
    return _(
        "Everyone who approved also brought the proof about or asked for the decision. At least "
        "one approval has to come from someone who did neither."
    )


def _one_person(judgement: Judgement) -> str:
    return _("At least two people have to be involved; so far there is one at most.")


def _no_second_member(judgement: Judgement) -> str:
    return _(
        "Nobody else is a member here, and nobody approves their own work. Invite a second "
        "person, or name someone outside who approved and attach what they signed."
    )


_WORDS: dict[Obstacle, Callable[[Judgement], str]] = {
    Obstacle.CHECKLIST: _checklist,
    Obstacle.NOT_ASKED: _not_asked,
    Obstacle.CHANGED: _changed,
    Obstacle.REFUSED: _refused,
    Obstacle.VACANT: _vacant,
    Obstacle.WAITING: _waiting,
    Obstacle.ONLY_AUTHORS: _only_authors,
    Obstacle.ONE_PERSON: _one_person,
    Obstacle.NO_SECOND_MEMBER: _no_second_member,
}


def _titles(judgement: Judgement, state: RoleState) -> str:
    return ", ".join(standing.role.title for standing in judgement.of(state))
