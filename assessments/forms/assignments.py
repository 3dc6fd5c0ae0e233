"""The forms for asking people to fill a part of an assessment."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, User
from assessments.assigned import part_title, people_who_answer
from assessments.domain.scope import PROFILE
from assessments.services.assignments import MESSAGE_LIMIT, AssignmentInvalid, Part
from guide.model import Guide, Section


@dataclass(frozen=True)
class PartChoice:
    value: str
    title: str
    questions: int


@dataclass(frozen=True)
class StepChoice:
    """A whole step to choose, and its sections one by one."""

    whole: PartChoice
    sections: tuple[PartChoice, ...]


def key_of(scope: str, target: str) -> str:
    return f"{scope}:{target}"


def part_of(key: str) -> Part:
    scope, _colon, target = key.partition(":")
    return scope, target


def date_field() -> forms.DateField:
    return forms.DateField(
        label=gettext_lazy("Due"),
        required=False,
        help_text=gettext_lazy("They are reminded the day before, and once when it has passed."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": gettext_lazy("Enter a day as year, month and day, such as 2027-01-31.")
        },
    )


class AssignForm(forms.Form):
    """Parts of an assessment for people; `chosen` are the parts to begin with."""

    due_on = date_field()
    message = forms.CharField(
        label=gettext_lazy("Message"),
        required=False,
        help_text=gettext_lazy("It stands in the e-mail. No patient data."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "maxlength": MESSAGE_LIMIT}),
    )

    def __init__(
        self, guide: Guide, members: list[Membership], data: Any = None, chosen: str = ""
    ) -> None:
        super().__init__(data)
        self.guide = guide
        answering = people_who_answer(members)
        self.people = [member for member in members if member.user_id in answering]
        self.viewers = [member for member in members if member.user_id not in answering]
        self.chosen_parts = data.getlist("parts") if data is not None else [chosen]
        self.chosen_people = data.getlist("people") if data is not None else []

    @property
    def steps(self) -> list[StepChoice]:
        parts = [(PROFILE, self.guide.profile)]
        parts += [(step.id, step.sections) for step in self.guide.steps]
        return [self._step(step_id, sections) for step_id, sections in parts]

    @property
    def question(self) -> PartChoice | None:
        """The single question one came from: the form then offers it before the steps."""
        for key in self.chosen_parts:
            scope, target = part_of(key)
            if scope == "question" and target in self.guide.questions:
                return self._choice(scope, target, 1)
        return None

    @property
    def parts(self) -> list[Part]:
        return [part_of(key) for key in self.chosen_parts if key]

    def chosen_users(self) -> list[User]:
        """The chosen members. Raises AssignmentInvalid for one who left since the page was made."""
        by_id = {str(member.user_id): member.user for member in (*self.people, *self.viewers)}
        if any(key not in by_id for key in self.chosen_people):
            raise AssignmentInvalid({"people": [left_meanwhile()]})
        return [by_id[key] for key in dict.fromkeys(self.chosen_people)]

    def refuse(self, invalid: AssignmentInvalid) -> None:
        """Take over the reasons; those about parts and people stand at their lists."""
        for field, texts in invalid.errors.items():
            for text in texts:
                if field in self.fields:
                    self.add_error(field, text)
                else:
                    self.refused[field] = [*self.refused.get(field, []), text]

    @property
    def refused(self) -> dict[str, list[str]]:
        return self.__dict__.setdefault("_refused", {})

    @property
    def all_errors(self) -> list[tuple[str, str]]:
        """(id of the control, message) of everything that is wrong."""
        own = [(f"id_{name}", text) for name, texts in self.refused.items() for text in texts]
        return own + [(f"id_{name}", text) for name, texts in self.errors.items() for text in texts]

    def _step(self, step_id: str, sections: tuple[Section, ...]) -> StepChoice:
        total = sum(len(section.questions) for section in sections)
        return StepChoice(
            self._choice("step", step_id, total),
            tuple(
                PartChoice(key_of("section", part.id), part.title, len(part.questions))
                for part in sections
            ),
        )

    def _choice(self, scope: str, target: str, questions: int) -> PartChoice:
        return PartChoice(key_of(scope, target), part_title(self.guide, scope, target), questions)


class ChangeForm(forms.Form):
    """Another date, or another person."""

    to = forms.ChoiceField(label=gettext_lazy("Person"))
    due_on = date_field()

    def __init__(self, members: list[Membership], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        answering = people_who_answer(members)
        self.by_id = {
            str(member.user_id): member.user for member in members if member.user_id in answering
        }
        choices = [(key, str(user)) for key, user in self.by_id.items()]
        if str(self.initial.get("to", "")) not in self.by_id:
            choices = [("", _("Choose somebody")), *choices]
        self.fields["to"].choices = choices
        self.fields["to"].error_messages["invalid_choice"] = left_meanwhile()

    @property
    def person(self) -> User:
        return self.by_id[self.cleaned_data["to"]]


def left_meanwhile() -> str:
    return _(
        "A person that was chosen does not belong to the organization any more, or may not "
        "answer. Invite them again or have their role raised, or choose somebody else."
    )
