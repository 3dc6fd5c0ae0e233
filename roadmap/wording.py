"""Sentences that explain a plan."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.patient_data import PatientData, find_patient_data
from roadmap.domain.explaining.binding import BoundBy
from roadmap.models import PlannedInitiative

PATIENT_DATA = {
    PatientData.SSN: gettext_lazy("a social security number"),
    PatientData.MRN: gettext_lazy("a medical record number"),
    PatientData.BIRTH_DATE: gettext_lazy("a date of birth"),
}


def why_it_starts_here(
    initiative: PlannedInitiative, titles: Mapping[str, str], roles: Mapping[str, str]
) -> str:
    """What binds the initiative's start. `titles`: of predecessors, `roles`: of roles, by id."""
    kind, what = initiative.bound_by.get("kind"), initiative.bound_by.get("what", "")
    sentences = {
        BoundBy.START: _("It can start at once and waits for nothing."),
        BoundBy.EARLIEST: _("It was not to start before its planned day."),
        BoundBy.FIXED: _("Its start was fixed."),
        BoundBy.PREDECESSOR: _("It follows directly on %(what)s, which it needs.")
        % {"what": f"{what} {titles.get(what, '')}".strip()},
        BoundBy.ROLE: _("Before its planned start, %(what)s is taken up by other initiatives.")
        % {"what": roles.get(what, what)},
        BoundBy.LIMIT: _(
            "Before its planned start, as many initiatives run as are allowed at one time."
        ),
        BoundBy.FREEZE: _("Started earlier, it would go live inside a freeze."),
        BoundBy.ORDER: _("The order of the plan has it so."),
    }
    return sentences.get(BoundBy(kind), "") if kind else ""


def patient_data_in(text: str) -> list[str]:
    """What in the text looks like patient data, in words."""
    return [str(PATIENT_DATA[kind]) for kind in find_patient_data([text])]
