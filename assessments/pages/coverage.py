"""Compliance coverage as its pages show it: words and links beside the standings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.answer_text import answer_lines
from assessments.domain.compliance import ControlCoverage, ItemCoverage, Standing, Voice
from assessments.models import Assessment
from guide.model import Guide, PipelineStage

STANDING_NAMES = {
    Standing.SHOWN: _("Shown or confirmed"),
    Standing.CLAIMED: _("Claimed, not shown"),
    Standing.PARTLY: _("Partly"),
    Standing.OPEN: _("Open"),
    Standing.MISSING: _("Missing"),
    Standing.NOT_ASKED: _("Not judged"),
}
STANDING_HINTS = {
    Standing.SHOWN: _("every answer is at level 3 or higher, with valid evidence or confirmed"),
    Standing.CLAIMED: _("every answer is at level 3 or higher, some without evidence"),
    Standing.PARTLY: _("the weakest answer is at level 2"),
    Standing.OPEN: _("a question about it is not answered yet"),
    Standing.MISSING: _("an answer is at level 0 or 1, or “we don't know”"),
    Standing.NOT_ASKED: _("no answer judges it: nothing asked here has a level for it"),
}
STANDING_BADGES = {
    Standing.SHOWN: "good",
    Standing.CLAIMED: "info",
    Standing.PARTLY: "warn",
    Standing.OPEN: "",
    Standing.MISSING: "bad",
    Standing.NOT_ASKED: "",
}
LAW_STATUS = {
    "confirmed": _("confirmed in a source we read"),
    "partly": _("partly confirmed"),
    "unconfirmed": _("not confirmed in a source we read"),
    "proposed": _("proposed, not binding"),
}


@dataclass(frozen=True)
class VoiceLine:
    voice: Voice
    text: str
    url: str


@dataclass(frozen=True)
class ControlLine:
    coverage: ControlCoverage
    voices: tuple[VoiceLine, ...]
    stages: tuple[PipelineStage, ...]

    @property
    def law_status(self) -> str:
        return str(LAW_STATUS[self.coverage.control.status])


@dataclass(frozen=True)
class ItemLine:
    coverage: ItemCoverage
    voices: tuple[VoiceLine, ...]
    stages: tuple[PipelineStage, ...]


@dataclass(frozen=True)
class StandingCount:
    standing: Standing
    number: int


def voice_lines(
    assessment: Assessment, slug: str, voices: Sequence[Voice]
) -> tuple[VoiceLine, ...]:
    return tuple(
        VoiceLine(
            voice,
            "; ".join(answer_lines(voice.question, voice.answer)),
            reverse("assessments:question", args=[slug, assessment.pk, voice.question.id]),
        )
        for voice in voices
    )


def control_line(assessment: Assessment, slug: str, found: ControlCoverage) -> ControlLine:
    stages = _stages(assessment.guide, found.control.stages)
    return ControlLine(found, voice_lines(assessment, slug, found.voices), stages)


def item_line(assessment: Assessment, slug: str, found: ItemCoverage) -> ItemLine:
    wanted = [stage for control in found.controls for stage in control.stages]
    return ItemLine(
        found, voice_lines(assessment, slug, found.voices), _stages(assessment.guide, wanted)
    )


def _stages(guide: Guide, wanted: Sequence[str]) -> tuple[PipelineStage, ...]:
    """In the order of the pipeline."""
    return tuple(stage for stage in guide.pipeline_stages if stage.id in wanted)


def counted(counts: Mapping[Standing, int]) -> tuple[StandingCount, ...]:
    """Best first, those that do not occur left out."""
    return tuple(StandingCount(s, counts[s]) for s in STANDING_NAMES if counts.get(s))
