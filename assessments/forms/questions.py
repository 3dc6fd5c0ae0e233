"""The questionnaire's forms: one question, one row of a table; and the ordinary forms."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.asides import Aside
from assessments.domain import answers as domain
from assessments.enums import BasisOfAnswer, StateOfAnswer
from assessments.forms.inputs import (
    FieldInput,
    OptionInput,
    field_inputs,
    option_inputs,
    posted_fields,
    shown,
)
from assessments.models import Answer
from assessments.patient_data import PatientData, find_patient_data
from assessments.queries import question_anchor
from assessments.services import AnswerInvalid, Expiry, row_fingerprint
from assessments.services.answers import clean_answer
from guide.model import Question

# Posted beside the ids of options, which never begin with a tilde.
UNKNOWN = "~unknown"
NOT_APPLICABLE = "~not_applicable"
NOTHING = "~nothing"
STATES = {UNKNOWN: StateOfAnswer.UNKNOWN, NOT_APPLICABLE: StateOfAnswer.NOT_APPLICABLE}


class QuestionForm:
    """A question with its answer: the stored one, or the one just typed (`data`)."""

    def __init__(
        self,
        question: Question,
        stored: Answer | None = None,
        data: QueryDict | None = None,
        start: domain.Answer | None = None,
        prefix: str = "",
    ) -> None:
        self.question = question
        self.stored = stored
        self.data = data
        # A prefix of its own keeps a second form of the question on a page apart.
        self.prefix = prefix or question.id
        self.anchor = question_anchor(self.prefix)
        self.errors: list[str] = []
        self.is_stale = False
        self.is_unsaved = False
        self.changes_questions = False
        self.aside = Aside()
        self.answer = start or (stored.to_domain() if stored else domain.UNANSWERED)
        self.version = stored.version if stored else 0
        self.expires_on: date | Expiry | None = Expiry.KEEP
        self.expires = stored.expires_on.isoformat() if stored and stored.expires_on else ""
        if data is not None:
            self._read(data)

    # What was posted

    def _name(self, part: str) -> str:
        return f"{self.prefix}-{part}"

    def _read(self, data: QueryDict) -> None:
        state, value = self._posted_state_and_value(data)
        self.typed_basis = data.get(self._name("basis"), "")
        self.answer = domain.Answer(
            state=domain.AnswerState(state),
            value=value,
            reason=data.get(self._name("reason"), ""),
            note=data.get(self._name("note"), ""),
            basis=domain.Basis(self.typed_basis) if self.typed_basis in BasisOfAnswer else None,
        )
        self._read_expiry(data)
        version = data.get(self._name("version"), "")
        self.version = int(version) if version.isdecimal() and len(version) < 10 else 0

    def _read_expiry(self, data: QueryDict) -> None:
        typed = data.get(self._name("expires"))
        if data.get("clear") == self.prefix:
            self.expires_on, self.expires = None, ""
        elif typed is not None:
            self.expires = typed.strip()
            try:
                self.expires_on = date.fromisoformat(self.expires) if self.expires else None
            except ValueError:
                self.errors.append(_("Write the day to ask again as in 2027-06-30."))

    def _posted_state_and_value(self, data: QueryDict) -> tuple[str, Any]:
        if data.get("clear") == self.prefix:
            return StateOfAnswer.UNANSWERED, None
        said = [s for s in data.getlist(self._name("state")) if s]
        value = self._posted_value(data)
        if self.question.kind in ("level", "choice") and value in STATES:
            return STATES[value], None
        if len(set(said)) > 1 or (said and value not in (None, [], {})):
            self.errors.append(
                _("Give an answer or say why there is none, not both. Untick what is wrong.")
            )
        if said and said[0] in STATES:
            return STATES[said[0]], value
        if said and said[0] == NOTHING:
            return StateOfAnswer.ANSWERED, value or self._empty_value
        if value in (None, "", [], {}):
            return StateOfAnswer.UNANSWERED, None
        return StateOfAnswer.ANSWERED, value

    @property
    def _empty_value(self) -> Any:
        return {"choices": []} if self.question.kind == "choices" else []

    def _posted_value(self, data: QueryDict) -> Any:
        question = self.question
        if question.kind == "table":
            return None  # rows have their own forms; see `clean`
        if question.kind == "record":
            return posted_fields(question.fields, data, self.prefix)
        if question.kind == "choices":
            fields = posted_fields(question.fields, data, self.prefix)
            choices = data.getlist(self._name("value"))
            return {"choices": choices, **fields} if choices or fields else None
        return data.get(self._name("value"), "").strip() or None

    def clean(self) -> domain.Answer | None:
        """The answer to save, or None with `errors` filled."""
        answer = self.answer
        if self.question.kind == "table" and answer.state is domain.AnswerState.UNANSWERED:
            # The form of a table carries its note; the rows stay as they are stored.
            stored = self.stored.to_domain() if self.stored else domain.UNANSWERED
            if stored.value:
                answer = domain.Answer(stored.state, stored.value, "", answer.note, answer.basis)
        if self.errors:
            return None
        try:
            return clean_answer(
                self.question,
                str(answer.state),
                answer.value,
                answer.reason,
                answer.note,
                self.typed_basis or None,
            )
        except AnswerInvalid as invalid:
            self.errors = invalid.messages
            return None

    # What templates show

    @property
    def kind(self) -> str:
        return self.question.kind

    @property
    def template(self) -> str:
        return f"assessments/kinds/{self.question.kind}.html"

    @property
    def has_radios(self) -> bool:
        """Whether "we don't know" stands among the options instead of below the inputs."""
        return self.question.kind in ("level", "choice")

    @property
    def value_name(self) -> str:
        return self._name("value")

    @property
    def first_id(self) -> str:
        """The id of the first control, where an error summary leads."""
        if self.question.kind in ("level", "choice", "choices"):
            return f"{self.anchor}-value-0"
        if self.question.kind == "record":
            return f"{self.anchor}-{self.question.fields[0].id}"
        return f"{self.anchor}-value" if self.question.kind != "table" else self.anchor

    @property
    def _value(self) -> Any:
        return self.answer.value

    @cached_property
    def levels(self) -> tuple[OptionInput, ...]:
        chosen = str(self._value) if self._value is not None else ""
        return tuple(
            OptionInput(str(n), text, f"{self.anchor}-value-{n}", str(n) == chosen)
            for n, text in enumerate(self.question.levels)
        )

    @cached_property
    def options(self) -> tuple[OptionInput, ...]:
        value = self._value
        if self.question.kind == "choices":
            chosen: Sequence[str] = value.get("choices", []) if isinstance(value, dict) else []
        else:
            chosen = [value] if isinstance(value, str) else []
        return option_inputs(self.question.options, chosen, f"{self.anchor}-value")

    @cached_property
    def fields(self) -> tuple[FieldInput, ...]:
        values = self._value if isinstance(self._value, dict) else {}
        return field_inputs(self.question.fields, values, self.prefix, self.anchor)

    @property
    def text_value(self) -> str:
        return shown(self._value)

    @property
    def is_unknown(self) -> bool:
        return self.answer.state is domain.AnswerState.UNKNOWN

    @property
    def is_not_applicable(self) -> bool:
        return self.answer.state is domain.AnswerState.NOT_APPLICABLE

    @property
    def is_unanswered(self) -> bool:
        return self.answer.state is domain.AnswerState.UNANSWERED

    @property
    def is_nothing(self) -> bool:
        """Answered with an empty list: there is none of it."""
        return self.answer.state is domain.AnswerState.ANSWERED and self._value in (
            [],
            {"choices": []},
        )

    @property
    def offers_nothing(self) -> bool:
        """Whether "none of these" must be offered because no option of the guide says it."""
        if self.question.kind == "table":
            return True
        exclusive = any(option.exclusive for option in self.question.options)
        return self.question.kind == "choices" and not exclusive

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self._value if isinstance(self._value, list) else []

    @property
    def needs_reason(self) -> bool:
        return self.is_not_applicable and not self.answer.reason.strip()

    @property
    def has_note(self) -> bool:
        return bool(self.answer.note or self.answer.basis or self.expires)

    @property
    def bases(self) -> list[tuple[str, str, bool]]:
        chosen = str(self.answer.basis) if self.answer.basis else ""
        return [(value, str(label), value == chosen) for value, label in BasisOfAnswer.choices]

    @property
    def patient_data(self) -> tuple[PatientData, ...]:
        """What in the texts of this answer looks like patient data."""
        return find_patient_data(_texts(self.answer))


def _texts(answer: domain.Answer) -> list[str]:
    return [answer.note, answer.reason, *_strings(answer.value)]


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in _strings(part)]
    if isinstance(value, list):
        return [text for part in value for text in _strings(part)]
    return []


class RowForm:
    """One row of a table question: new, or the row of that number."""

    def __init__(
        self,
        question: Question,
        row: int | None,
        cells: dict[str, Any] | None = None,
        data: QueryDict | None = None,
    ) -> None:
        self.question = question
        self.row = row
        self.anchor = f"{question_anchor(question.id)}-row"
        self.prefix = f"{question.id}-row"
        self.errors: list[str] = []
        self.wrong: frozenset[str] = frozenset()
        self.stale_by: Answer | None = None
        self.is_removing = False
        self.cells = cells or {}
        self.was = row_fingerprint(self.cells) if cells else ""
        if data is not None:
            self.cells = posted_fields(question.columns, data, self.prefix)
            self.was = data.get("was", "")

    @property
    def fields(self) -> tuple[FieldInput, ...]:
        columns = self.question.columns
        return field_inputs(columns, self.cells, self.prefix, self.anchor, self.wrong)

    @property
    def key(self) -> str:
        return "new" if self.row is None else str(self.row)

    @property
    def first_id(self) -> str:
        return f"{self.anchor}-{self.question.columns[0].id}"

    @property
    def title(self) -> str:
        return str(self.cells.get(self.question.row_label or self.question.columns[0].id) or "")

    @property
    def patient_data(self) -> tuple[PatientData, ...]:
        return find_patient_data(_strings(self.cells))


class NameForm(forms.Form):
    """The name of an assessment."""

    name = forms.CharField(
        label=gettext_lazy("Name of the assessment"),
        max_length=120,
        help_text=gettext_lazy("For example the season and year, so that you can compare later."),
    )


class ImportForm(NameForm):
    """An answers file, to start a new draft from."""

    MAX_BYTES = 2_000_000
    TOO_LARGE = gettext_lazy("The file is larger than 2 MB. Is it an answers file?")

    file = forms.FileField(
        label=gettext_lazy("Answers file"),
        help_text=gettext_lazy("A YAML file, up to 2 MB, as Waymark exports it."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,text/yaml"}),
    )

    field_order = ["file", "name"]

    def clean_file(self) -> str:
        upload = self.cleaned_data["file"]
        if upload.size > self.MAX_BYTES:
            raise forms.ValidationError(self.TOO_LARGE)
        try:
            return upload.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(
                _("The file is not UTF-8 text. Save it as UTF-8 and try again.")
            ) from None
