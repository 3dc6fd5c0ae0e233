"""What the history's entries of this app mean to a reader."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.history import register_history
from accounts.models import AuditEntry
from roadmap.enums import InitiativeStatus


def register() -> None:
    register_history(
        kinds={
            "initiative": _("Initiatives"),
            "gate": _("Gates"),
            "roadmap": _("Roadmaps"),
            "scenario": _("Scenarios"),
            "feed": _("Calendar addresses"),
            "pilot": _("Pilot"),
            "status": _("Shared status"),
        },
        verbs=VERBS,
        fields={
            "finished_on": _("finished on"),
            "started_on": _("started on"),
            "owner": _("owner"),
            "percent": _("percent done"),
            "remaining_days": _("person-days left"),
            "spent_days": _("person-days spent"),
            "expected_on": _("expected finish"),
            "blocked": _("blocked"),
            "waits_for": _("waits for"),
            "gate": _("gate"),
            "predecessor": _("before"),
            "limit": _("over the limit"),
            "item": _("item"),
            "person": _("person"),
            "outside": _("approved outside"),
            "expires_on": _("until"),
            "password": _("with a password"),
            "rhythm": _("rhythm"),
            "by_reader": _("by whoever reads it"),
            "candidate": _("candidate"),
            "decision": _("decision"),
            "proposed": _("the numbers said"),
            "fit": _("fit"),
        },
        values={status.value: status.label for status in InitiativeStatus},
        links={
            "roadmap.plannedinitiative": _initiative,
            "roadmap.gatestate": _gate,
            "roadmap.roadmap": _roadmap,
            "roadmap.scenario": _scenario,
        },
    )


VERBS = {
    "initiative.updated": _("reported on"),
    "initiative.overridden": _("started behind a closed gate"),
    "initiative.started_early": _("started before its time"),
    "roadmap.limits_changed": _("changed the limits of"),
    "gate.asked": _("asked for a decision on the gate"),
    "gate.request_withdrawn": _("withdrew the request to decide the gate"),
    "gate.approval_given": _("approved the gate"),
    "gate.refusal_given": _("refused the gate"),
    "gate.refused": _("decided that the gate stays closed"),
    "gate.approver_named": _("named an approver in the roadmap"),
    "gate.approver_removed": _("took an approver off the roadmap"),
    "gate.opened": _("opened the gate"),
    "gate.closed": _("closed the gate again"),
    "gate.item_confirmed": _("confirmed an item of the gate"),
    "gate.item_withdrawn": _("took back what was confirmed at the gate"),
    "roadmap.created": _("adopted the roadmap"),
    "status.shared": _("shared the status with"),
    "status.link_ended": _("ended the shared address"),
    "status.mail_planned": _("has the status mailed to"),
    "status.mail_stopped": _("stopped the status mails to"),
    "feed.made": _("made a calendar address for"),
    "feed.renewed": _("renewed the calendar address for"),
    "feed.ended": _("ended the calendar address for"),
    "pilot.chosen": _("chose the pilot"),
    "pilot.decided": _("decided about the pilot"),
    "pilot.charter_saved": _("changed the pilot charter"),
    "scenario.created": _("began the scenario"),
    "scenario.copied": _("copied the scenario"),
    "scenario.constrained": _("stated other constraints for the scenario"),
    "scenario.refreshed": _("planned the scenario by newer answers"),
    "scenario.went_on": _("planned the rest anew in the scenario"),
    "scenario.decided": _("decided by hand in the scenario"),
    "scenario.undone": _("undid a decision in the scenario"),
    "scenario.renamed": _("renamed the scenario"),
    "scenario.deleted": _("deleted the scenario"),
    "scenario.solved": _("came to the end of the search of the scenario"),
    "scenario.search_requested": _("searched for a better plan of the scenario"),
    "scenario.search_stopped": _("stopped the search of the scenario"),
}


def _initiative(entry: AuditEntry, slug: str) -> str | None:
    return _within_roadmap(entry, slug, "roadmap:initiative")


def _gate(entry: AuditEntry, slug: str) -> str | None:
    return _within_roadmap(entry, slug, "roadmap:gate")


def _within_roadmap(entry: AuditEntry, slug: str, name: str) -> str | None:
    """The name of an initiative or gate begins with its id."""
    roadmap, key = entry.detail.get("roadmap"), entry.target_name.split(" ")[0]
    return reverse(name, args=[slug, roadmap, key]) if roadmap and key else None


def _roadmap(entry: AuditEntry, slug: str) -> str:
    return reverse("roadmap:detail", args=[slug, entry.target_id])


def _scenario(entry: AuditEntry, slug: str) -> str:
    return reverse("scenarios:detail", args=[slug, entry.target_id])
