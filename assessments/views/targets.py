"""Where the organization wants to be: the guide's proposal and its own numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.tenancy import Access, Can, tenant_view
from assessments.access import require_overview
from assessments.domain.scoring import Scorecard
from assessments.domain.targets import HIGHEST, LOWEST
from assessments.models import Assessment
from assessments.pages.scorecard.current import scored
from assessments.services.targets import StaleTargets, targets_save
from assessments.target_choice import TargetChoice, target_choice
from assessments.views.typed import forget_typed, keeps_typed, typed_for
from guide.model import Guide

# Ids hold dots and dashes, and both kinds of targets share the form.
STEP, CHALLENGE = "step", "challenge"


class TargetsForm(forms.Form):
    """A number for every step and challenge; an empty one goes back to the proposal."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, guide: Guide, choice: TargetChoice, data: object = None) -> None:
        start = {"version": choice.own.version if choice.own else 0}
        own = choice.own
        parts = [(STEP, s.id, s.title, (own.steps if own else {})) for s in guide.steps]
        parts += [
            (CHALLENGE, c.id, c.title, (own.challenges if own else {})) for c in guide.challenges
        ]
        start |= {
            f"{kind}-{key}": _whole(mine[key]) for kind, key, _t, mine in parts if key in mine
        }
        super().__init__(data, initial=start)
        for kind, key, title, _mine in parts:
            self.fields[f"{kind}-{key}"] = _number_field(title)

    def numbers(self, kind: str) -> dict[str, float]:
        """The stated numbers of that kind."""
        return {
            name.removeprefix(f"{kind}-"): float(value)
            for name, value in self.cleaned_data.items()
            if name.startswith(f"{kind}-") and value is not None
        }


def _number_field(title: str) -> forms.IntegerField:
    field = forms.IntegerField(
        label=title,
        required=False,
        min_value=int(LOWEST),
        max_value=int(HIGHEST),
        widget=forms.NumberInput(attrs={"class": "form-control wm-input wm-input--short"}),
    )
    wrong = gettext_lazy("Give a whole number from 0 to 100, or leave it empty for the proposal.")
    field.error_messages |= {"invalid": wrong}
    for validator in field.validators:
        validator.message = wrong
    return field


def _whole(number: float) -> int | float:
    return int(number) if float(number).is_integer() else number


@dataclass(frozen=True)
class TargetRow:
    """One line of the form: where it stands, what is proposed, and the field to change it."""

    title: str
    now: float | None
    proposed: float
    wanted: float
    field: forms.BoundField

    @property
    def is_own(self) -> bool:
        return self.wanted != self.proposed


@keeps_typed
@tenant_view(Can.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def targets(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Everybody who reads the score reads them; editors set them for the whole organization."""
    if request.method == "POST":
        access.require(Can.EDIT)
    assessment = access.get(Assessment, pk=pk)
    require_overview(access, assessment)
    answers, card = scored(access, assessment)
    choice = target_choice(access, assessment.guide, answers)
    if request.method != "POST":
        form = TargetsForm(assessment.guide, choice, typed_for(request, request.path))
        return _page(request, access, assessment, card, choice, form)
    forget_typed(request, request.path)
    # Going back to the proposal asks for no numbers, so none of them can stand in the way.
    is_reset = "reset" in request.POST
    typed = {"version": request.POST.get("version")} if is_reset else request.POST
    form = TargetsForm(assessment.guide, choice, typed)
    if not form.is_valid():
        return _page(request, access, assessment, card, choice, form, status=422)
    return _save(request, access, assessment, card, choice, form)


def _save(
    request: HttpRequest,
    access: Access,
    assessment: Assessment,
    card: Scorecard,
    choice: TargetChoice,
    form: TargetsForm,
) -> HttpResponse:
    steps = _differing(form.numbers(STEP), choice.proposal.steps)
    challenges = _differing(form.numbers(CHALLENGE), choice.proposal.challenges)
    try:
        targets_save(
            organization=access.organization,
            user=access.user,
            guide_id=assessment.guide_id,
            steps=steps,
            challenges=challenges,
            version=form.cleaned_data["version"],
        )
    except StaleTargets as stale:
        # What was typed stays in the form; the version moves on, so that a second press keeps it.
        data = request.POST.copy()
        data["version"] = str(stale.current.version if stale.current else 0)
        again = TargetsForm(assessment.guide, choice, data)
        return _page(
            request, access, assessment, card, choice, again, status=409, stale=stale.current
        )
    is_own = bool(steps or challenges)
    said = _("The targets are saved.") if is_own else _("The proposed targets hold.")
    messages.success(request, said)
    return redirect("assessments:targets", access.organization.slug, assessment.pk)


def _differing(own: Mapping[str, float], proposal: Mapping[str, float]) -> dict[str, float]:
    return {key: number for key, number in own.items() if proposal[key] != number}


def _page(
    request: HttpRequest,
    access: Access,
    assessment: Assessment,
    card: Scorecard,
    choice: TargetChoice,
    form: TargetsForm,
    *,
    status: int = 200,
    **extra: object,
) -> HttpResponse:
    guide, wanted, proposal = assessment.guide, choice.wanted, choice.proposal
    context = {
        "assessment": assessment,
        "choice": choice,
        "form": form,
        "is_stale": status == 409,
        "steps": [
            TargetRow(
                f"{s.number}. {s.title}",
                card.step(s.id).score,
                proposal.steps[s.id],
                wanted.steps[s.id],
                form[f"{STEP}-{s.id}"],
            )
            for s in guide.steps
        ],
        "challenges": [
            TargetRow(
                c.title,
                card.exposure(c.id).score,
                proposal.challenges[c.id],
                wanted.challenges[c.id],
                form[f"{CHALLENGE}-{c.id}"],
            )
            for c in guide.challenges
        ],
        **extra,
    }
    return render(request, "assessments/targets.html", context, status=status)
