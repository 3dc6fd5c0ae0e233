"""The plan as people without an account see it: what, when and how far; no names, no reasons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from reports.models import ShareLink
from roadmap.enums import InitiativeStatus
from roadmap.models import Roadmap
from roadmap.pages.status import status_of
from roadmap.pages.timeline import gate_days, timeline_page
from roadmap.pages.work_items import read_filters
from roadmap.services.sharing.links import roadmap_shown
from roadmap.work_reading import work_of


def shared_plan(link: ShareLink, today: date) -> dict[str, Any]:
    """Of the roadmap people work by now: an address outlives planning the rest anew."""
    roadmap = roadmap_shown(link.roadmap)
    rows = Roadmap.objects.filter(organization=link.organization_id)
    work = work_of(rows, link.organization, roadmap.pk, today)
    shown = timeline_page(
        work.items,
        work.known,
        gate_days(work.gates, link.organization.zone),
        work.forecast,
        [_told(freeze) for freeze in work.freezes],
        read_filters({}, work.known, None),
        today,
    )
    return {
        "status": status_of(roadmap, today),
        "work": work,
        "shown": shown,
        "statuses": InitiativeStatus.choices,
    }


def _told(freeze: Mapping[str, Any]) -> dict[str, Any]:
    """Why nothing goes live then is the organization's own business."""
    return {**freeze, "reason": _("Freeze")}
