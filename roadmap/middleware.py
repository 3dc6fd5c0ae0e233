"""What becomes of a change to a roadmap that was replaced meanwhile, wherever it was sent from."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import reswap, retarget

from roadmap.models import GateState, PlannedInitiative, Roadmap
from roadmap.services.present import RoadmapReplaced, same_on

CONFLICT = 409
# Fields in which people write sentences: they get their words back.
WORDS = ("note", "text", "reason", "blocked_because", "title", "url")


class ReplacedRoadmapMiddleware:
    """Answers with where the work goes on, and with what was typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, RoadmapReplaced):
            return None
        context = {
            "present": exception.present,
            "address": _address(request, exception.present, exception.about),
            "about": exception.about,
            "typed": _typed(request),
        }
        if not request.htmx:  # type: ignore[attr-defined]
            return render(request, "roadmap/replaced.html", context, status=CONFLICT)
        part = render(request, "roadmap/replaced.html#replaced", context, status=CONFLICT)
        return reswap(retarget(part, "#main"), "innerHTML")


def _address(
    request: HttpRequest, present: Roadmap, about: PlannedInitiative | GateState | None
) -> str:
    slug = request.access.organization.slug  # type: ignore[attr-defined]
    same = same_on(present, about)
    if isinstance(same, PlannedInitiative):
        return reverse("roadmap:initiative", args=[slug, present.pk, same.initiative_id])
    if isinstance(same, GateState):
        return reverse("roadmap:gate", args=[slug, present.pk, same.gate_id])
    return reverse("roadmap:detail", args=[slug, present.pk])


def _typed(request: HttpRequest) -> list[str]:
    return [
        value
        for name in request.POST
        if name in WORDS or name.startswith("reason_")
        for value in request.POST.getlist(name)
        if value.strip()
    ]
