"""The board of a roadmap: looked at, cards moved, limits agreed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Role
from accounts.models import User
from accounts.tenancy import Access, Can, tenant_view
from roadmap.board_forms import KINDS, PLACES, LimitsForm, MoveForm
from roadmap.enums import InitiativeStatus
from roadmap.models import PlannedInitiative
from roadmap.pages.board_view import BY_PHASE, WAYS, Board, board, limit_rows
from roadmap.pages.work_items import Filters, WorkItem, read_filters
from roadmap.services.work.board_moving import Target, card_move
from roadmap.services.work.tracking import (
    NeedsReason,
    Obstacle,
    ProgressInvalid,
    StaleInitiative,
    limits_of,
    limits_set,
)
from roadmap.work_reading import Work, read_work

PAGE = "roadmap/board.html"
CONFLICT, UNPROCESSABLE = 409, 422
DECIDERS = (Role.EDITOR, Role.OWNER)
EDITOR_NAMES = 6


@dataclass(frozen=True)
class State:
    """What of the page is in its address."""

    filters: Filters
    by: str
    more: tuple[str, ...]

    def query(self, *more: str) -> str:
        """`more`: the lanes to show whole, instead of those that are."""
        made = QueryDict(self.filters.query(by=self.by if self.by != BY_PHASE else ""), True)
        made.setlist("more", list(more or self.more))
        return made.urlencode()


@dataclass(frozen=True)
class Asked:
    """A move that waits for a word. `fields`: what was sent, to be sent again."""

    item: WorkItem
    status: str
    fields: tuple[tuple[str, Any], ...]
    obstacles: tuple[tuple[str, tuple[Obstacle, ...], str], ...] = ()
    is_for_editors: bool = False
    editors: tuple[str, ...] = ()
    theirs: PlannedInitiative | None = None
    problems: tuple[str, ...] = ()
    asks_note: bool = False

    @property
    def status_words(self) -> str:
        return str(InitiativeStatus(self.status).label)


@require_safe
@tenant_view(Can.VIEW)
def board_page(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    work = read_work(access, pk)
    return _page(request, access, work, _state(request.GET, work, access))


@require_POST
@tenant_view(Can.TRACK)
def move(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    work = read_work(access, pk)
    state = _state(QueryDict(request.POST.get("state", "")[:2000]), work, access)
    form = MoveForm(request.POST)
    item = work.item(request.POST.get("initiative", ""))
    if item is None:
        raise Http404("No such initiative.")
    if not form.is_valid():
        texts = [str(text) for errors in form.errors.values() for text in errors]
        asked = _asked(request, item, item.status, problems=tuple(texts))
        return _page(request, access, work, state, UNPROCESSABLE, asked=asked)
    return _move(request, access, work, state, form, item)


def _move(
    request: HttpRequest, access: Access, work: Work, state: State, form: MoveForm, item: WorkItem
) -> HttpResponse:
    sent = form.cleaned_data
    initiative = access.get(PlannedInitiative, pk=item.pk)
    initiative.roadmap = work.roadmap
    status = sent["status"]
    try:
        saved = card_move(
            items=work.items,
            initiative=initiative,
            user=access.user,
            version=sent["version"],
            target=Target(status, sent["where"] or "first", sent["beside"]),
            by=state.by,
            note=sent["note"],
            reasons=form.reasons,
            may_override=access.can_edit,
        )
    except NeedsReason as error:
        asked = _needing(request, access, item, status, error)
        return _page(request, access, work, state, UNPROCESSABLE, asked=asked)
    except StaleInitiative as error:
        asked = replace(
            _asked(request, item, status, version=error.current.version), theirs=error.current
        )
        return _page(request, access, work, state, CONFLICT, asked=asked)
    except ProgressInvalid as error:
        asks_note = set(error.messages) == {"note"}
        texts = tuple(error.messages.values())
        asked = _asked(request, item, status, problems=texts, asks_note=asks_note)
        return _page(request, access, work, state, UNPROCESSABLE, asked=asked)
    return _moved(request, access, work, state, item, saved)


def _moved(
    request: HttpRequest,
    access: Access,
    work: Work,
    state: State,
    item: WorkItem,
    saved: PlannedInitiative,
) -> HttpResponse:
    words = {"title": item.title, "column": saved.get_status_display()}  # type: ignore[attr-defined]
    if saved.status == item.status:
        said = _("“%(title)s” has a new place in %(column)s.") % words
    else:
        said = _("“%(title)s” is now in %(column)s.") % words
    if request.htmx:  # type: ignore[attr-defined]
        now = read_work(access, work.roadmap.pk, work.today)
        return _page(request, access, now, state, said=said, focus=item.id)
    messages.success(request, said)
    return redirect(f"{_address(access, work, state)}#card-{item.id}")


@require_POST
@tenant_view(Can.EDIT)
def limits(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    work = read_work(access, pk)
    state = _state(QueryDict(request.POST.get("state", "")[:2000]), work, access)
    rows = limit_rows(work.items, work.known, limits_of(work.roadmap))
    form = LimitsForm(rows, request.POST)
    if form.is_valid():
        try:
            limits_set(work.roadmap, access.user, form.limits)
        except ProgressInvalid as error:
            for key, text in error.messages.items():
                form.add_error(key if key in form.fields else None, text)
        else:
            messages.success(request, _("The limits are agreed. The board shows them."))
            return redirect(_address(access, work, state))
    return _page(request, access, work, state, UNPROCESSABLE, limits_form=form)


def _page(
    request: HttpRequest,
    access: Access,
    work: Work,
    state: State,
    status: int = 200,
    *,
    asked: Asked | None = None,
    limits_form: LimitsForm | None = None,
    **more: Any,
) -> HttpResponse:
    kept = [asked.item.id] if asked else [more["focus"]] if more.get("focus") else []
    agreed = limits_of(work.roadmap)
    shown = board(
        work.items, work.known, state.filters, agreed, by=state.by, more=state.more, kept=kept
    )
    context = {
        "work": work,
        "roadmap": work.roadmap,
        "board": shown,
        "filters": state.filters,
        "state": state.query(),
        "switch": {way: replace(state, by=way, more=()).query() for way in WAYS},
        "lanes_more": {lane.id: state.query(*state.more, lane.id) for lane in shown.lanes},
        "fewer": replace(state, more=()).query(),
        "asked": asked,
        "places": PLACES,
        "columns": _columns(shown),
        "statuses": InitiativeStatus.choices,
        "limits_form": limits_form or (LimitsForm(shown.limits) if access.can_edit else None),
        "limits_open": limits_form is not None,
        **more,
    }
    template = f"{PAGE}#board" if request.htmx else PAGE  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


def _columns(shown: Board) -> list[tuple[str, str, int]]:
    names = dict(InitiativeStatus.choices)
    return [(status, str(names[status]), number) for status, number in shown.totals.items()]


def _state(query: QueryDict, work: Work, access: Access) -> State:
    by = query.get("by", BY_PHASE)
    known = {*work.known.phases, *work.known.roles}
    return State(
        filters=read_filters(query, work.known, access.user.pk),
        by=by if by in WAYS else BY_PHASE,
        more=tuple(dict.fromkeys(name for name in query.getlist("more") if name in known)),
    )


def _address(access: Access, work: Work, state: State) -> str:
    address = reverse("roadmap:board", args=[access.organization.slug, work.roadmap.pk])
    query = state.query()
    return f"{address}?{query}" if query else address


def _asked(request: HttpRequest, item: WorkItem, status: str, **more: Any) -> Asked:
    version = more.pop("version", None)
    fields = {
        "initiative": item.id,
        "status": request.POST.get("status", ""),
        "where": request.POST.get("where", ""),
        "beside": request.POST.get("beside", "")[:300],
        "version": version if version is not None else item.version,
        "state": request.POST.get("state", "")[:2000],
    }
    typed = {name: request.POST.get(name, "") for name in _TYPED}
    if more.get("asks_note"):
        typed.pop("note")
    kept = {name: text for name, text in typed.items() if text}
    return Asked(item, status, tuple({**fields, **kept}.items()), **more)


_TYPED = (*(f"reason_{kind}" for kind in KINDS), "note")


def _needing(
    request: HttpRequest, access: Access, item: WorkItem, status: str, error: NeedsReason
) -> Asked:
    """Every obstacle with the reason typed so far; and who may decide, where this person cannot."""
    rows = tuple(
        (
            kind,
            tuple(obstacle for obstacle in error.obstacles if obstacle.kind == kind),
            request.POST.get(f"reason_{kind}", ""),
        )
        for kind in error.kinds
    )
    asked = _asked(request, item, status, obstacles=rows, is_for_editors=error.is_for_editors)
    plain = tuple(f for f in asked.fields if not str(f[0]).startswith("reason_"))
    if error.is_for_editors:
        return replace(asked, fields=plain, editors=_editors(access))
    lacks = [kind for kind in error.kinds if f"reason_{kind}" in request.POST]
    lacking = any(not request.POST[f"reason_{kind}"].strip() for kind in lacks)
    # Asked for the second time: the first answer had no words in it.
    problems = (_("Give the reason; without one it is not moved."),) if lacking else ()
    return replace(asked, fields=plain, problems=problems)


def _editors(access: Access) -> tuple[str, ...]:
    people = User.objects.filter(
        memberships__organization=access.organization.pk, memberships__role__in=DECIDERS
    )
    return tuple(sorted(str(person) for person in people)[:EDITOR_NAMES])
