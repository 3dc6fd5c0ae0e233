"""The decision a board paper asks for, from where the roadmap stands. Pure.

A board is asked for one thing: what comes next. The product decides nothing and recommends nothing
here; it says what each option means in the figures of the plan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.documents.heading import finish_of
from reports.frozen.board import AskedGate
from reports.frozen.snapshot import Days, GateEntry, InitiativeEntry, ReportSnapshot
from reports.templatetags.report_format import amount, day, effort

CLOSED = ("done", "dropped")


@dataclass(frozen=True)
class Option:
    letter: str
    title: str
    text: str


@dataclass(frozen=True)
class Decision:
    """`kind`: "gate" (asked for), "start" (nothing begun), "release" (up to the next gate),
    "rest" (no gate ahead), "note" (nothing left to decide).
    """

    kind: str
    question: str
    why: str
    options: tuple[Option, ...] = ()


def decision_of(snapshot: ReportSnapshot) -> Decision:
    if not snapshot.initiatives:
        return Decision("note", _("Take note that there is no plan yet"), _empty())
    rest = tuple(item for item in snapshot.initiatives if item.progress.status not in CLOSED)
    gates = sorted((g for g in snapshot.gates if not g.is_open), key=lambda g: g.planned_on)
    asked = {gate.id: gate for gate in snapshot.board.asked} if snapshot.board else {}
    waiting = next((gate for gate in gates if gate.id in asked), None)
    if waiting is not None:
        return _gate(waiting, asked[waiting.id], rest)
    if not rest:
        return Decision("note", _("Take note: everything in the plan is done or dropped"), "")
    if not gates:
        return _rest(rest)
    return _up_to(snapshot, gates[0], rest)


def _empty() -> str:
    return _(
        "The assessment calls for no work, or nothing of it was planned. There is nothing to "
        "release."
    )


def _gate(gate: GateEntry, asked: AskedGate, rest: tuple[InitiativeEntry, ...]) -> Decision:
    behind = [item for item in rest if item.start > gate.planned_on]
    return Decision(
        kind="gate",
        question=_("Open gate %(gate)s, “%(title)s”?") % {"gate": gate.id, "title": gate.title},
        why=" ".join(_state_of(asked)),
        options=(
            Option("A", _("Open it"), _opened(gate, asked)),
            Option(
                "B",
                _("Not yet"),
                ngettext(
                    "Say what has to be shown first. %(n)s initiative planned after the gate "
                    "(%(effort)s) waits meanwhile.",
                    "Say what has to be shown first. %(n)s initiatives planned after the gate "
                    "(%(effort)s) wait meanwhile.",
                    len(behind),
                )
                % {"n": len(behind), "effort": effort(_sum(behind))},
            ),
            Option("C", _("Stop here"), _stop_text()),
        ),
    )


def _state_of(asked: AskedGate) -> Iterable[str]:
    if asked.asked_on:
        yield _("The decision was asked for on %(day)s.") % {"day": day(asked.asked_on)}
    yield _("%(met)s of %(items)s lines of its checklist are met.") % {
        "met": asked.met,
        "items": asked.items,
    }
    waiting = [role for role in asked.roles if role not in (*asked.approved, *asked.refused)]
    if asked.approved:
        yield _("Approved by: %(roles)s.") % {"roles": ", ".join(asked.approved)}
    if asked.refused:
        yield _("Refused by: %(roles)s.") % {"roles": ", ".join(asked.refused)}
    if waiting:
        yield _("Still to speak: %(roles)s.") % {"roles": ", ".join(waiting)}


def _opened(gate: GateEntry, asked: AskedGate) -> str:
    text = _("What the gate holds back may begin: %(what)s") % {"what": _sentence(gate.blocks)}
    if asked.met < asked.items:
        text += " " + _("It cannot open before every line of its checklist is met.")
    return text


def _up_to(
    snapshot: ReportSnapshot, gate: GateEntry, rest: tuple[InitiativeEntry, ...]
) -> Decision:
    """Release what leads to the next gate, or all of it."""
    before = [item for item in rest if item.start <= gate.planned_on]
    is_new = not snapshot.has_progress
    name = {"gate": gate.id, "title": gate.title}
    return Decision(
        kind="start" if is_new else "release",
        question=(
            _("Agree this plan, and release the people needed up to gate %(gate)s?") % name
            if is_new
            else _("Release the people needed up to gate %(gate)s, “%(title)s”?") % name
        ),
        why=_("The gate passes when this holds: %(passes)s It is planned for %(day)s%(likely)s.")
        % {
            "passes": _sentence(gate.passes_when),
            "day": day(gate.planned_on),
            "likely": _likely(gate.likely.p80) if gate.likely else "",
        },
        options=(
            Option(
                "A",
                _("Up to gate %(gate)s") % name,
                _("%(work)s, %(effort)s. The board decides again there, with what was found.")
                % {"work": _count(before), "effort": effort(_sum(before))},
            ),
            Option(
                "B",
                _("The whole plan"),
                _("%(work)s, %(effort)s%(finish)s. Each gate still has to be approved.")
                % {
                    "work": _count(rest),
                    "effort": effort(_sum(rest)),
                    "finish": _finish(snapshot),
                },
            ),
            Option("C", _("Not now"), _not_now(snapshot)),
        ),
    )


def _rest(rest: tuple[InitiativeEntry, ...]) -> Decision:
    return Decision(
        kind="rest",
        question=_("Release the people for the rest of the plan?"),
        why=_("No gate is left ahead."),
        options=(
            Option("A", _("Release it"), f"{_count(rest)}, {effort(_sum(rest))}."),
            Option("B", _("Stop here"), _stop_text()),
        ),
    )


def _stop_text() -> str:
    return _("What is done stays; what is open is taken out of the plan with a reason.")


def _not_now(snapshot: ReportSnapshot) -> str:
    """What stays as it is, named and not painted."""
    urgent = sum(
        item.kind == "containment" and item.progress.status not in CLOSED
        for item in snapshot.initiatives
    )
    waiting = _risks_waiting(snapshot)
    parts = [_("The dates of the plan move.")]
    if waiting:
        parts.append(
            ngettext(
                "%(n)s answer that is a high risk in itself waits for work of this plan.",
                "%(n)s answers that are high risks in themselves wait for work of this plan.",
                waiting,
            )
            % {"n": waiting}
        )
    if urgent:
        parts.append(
            ngettext(
                "%(n)s urgent containment task should not wait for this decision.",
                "%(n)s urgent containment tasks should not wait for this decision.",
                urgent,
            )
            % {"n": urgent}
        )
    return " ".join(parts)


def _risks_waiting(snapshot: ReportSnapshot) -> int:
    """High risks with work that is still open."""
    still = {item.id for item in snapshot.initiatives if item.progress.status not in CLOSED}
    return sum(any(ref.id in still for ref in risk.initiatives) for risk in snapshot.risks)


def _finish(snapshot: ReportSnapshot) -> str:
    if finish := finish_of(snapshot):
        return _(
            ", finished by %(p50)s in half of the simulated runs and by %(p80)s in four of five"
        ) % {
            "p50": day(finish.p50),
            "p80": day(finish.p80),
        }
    if snapshot.plan.finish:
        return _(", planned to finish on %(day)s") % {"day": day(snapshot.plan.finish)}
    return ""


def _likely(p80: date) -> str:
    return _("; in four of five simulated runs by %(day)s") % {"day": day(p80)}


def _count(items: Iterable[InitiativeEntry]) -> str:
    number = len(list(items))
    return ngettext("%(n)s initiative", "%(n)s initiatives", number) % {"n": amount(number)}


def _sum(items: Iterable[InitiativeEntry]) -> Days:
    return sum((item.effort for item in items), start=Days(0, 0, 0))


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".!?" else f"{text}."
