"""The inputs of a question as templates need them: names, ids, what is ticked or typed.

Django's form fields would do this too, at many times the cost on a page of twenty questions
(measured: docs/structure.md), so the questionnaire brings its own light ones.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from guide.model import AnswerField, Option


@dataclass(frozen=True)
class OptionInput:
    id: str
    label: str
    dom_id: str
    is_chosen: bool
    is_exclusive: bool = False
    hint: str = ""


@dataclass(frozen=True)
class FieldInput:
    """One field of a record, extra of a choices question, or cell of a table's row."""

    name: str
    dom_id: str
    label: str
    hint: str
    kind: str
    unit: str
    value: str
    options: tuple[OptionInput, ...]
    is_wrong: bool = False
    # The first of all, or the first wrong one where any is.
    takes_focus: bool = False

    @property
    def control(self) -> str:
        """Which control shows it: a list to choose from is a select, short ones stay text."""
        return {"choice": "select", "choices": "boxes", "date": "date"}.get(self.kind, "text")

    @property
    def is_number(self) -> bool:
        return self.kind == "number"


def option_inputs(
    options: Sequence[Option], chosen: Sequence[str], dom_id: str
) -> tuple[OptionInput, ...]:
    return tuple(
        OptionInput(
            id=option.id,
            label=option.label,
            dom_id=f"{dom_id}-{number}",
            is_chosen=option.id in chosen,
            is_exclusive=option.exclusive,
            hint=option.hint,
        )
        for number, option in enumerate(options)
    )


def field_inputs(
    fields: Sequence[AnswerField],
    values: Mapping[str, Any],
    prefix: str,
    dom_id: str,
    wrong: Collection[str] = (),
) -> tuple[FieldInput, ...]:
    """Inputs for the fields, filled with stored or typed values; `wrong` ones are marked."""
    found = []
    focused = next((field for field in fields if field.id in wrong), fields[0] if fields else None)
    for field in fields:
        value = values.get(field.id)
        chosen = value if isinstance(value, list) else [str(value)] if value is not None else []
        own_id = f"{dom_id}-{field.id}"
        found.append(
            FieldInput(
                name=f"{prefix}-{field.id}",
                dom_id=own_id,
                label=field.label,
                hint=field.hint,
                kind=field.kind,
                unit=field.unit,
                value=shown(value),
                options=option_inputs(field.options, chosen, own_id),
                is_wrong=field.id in wrong,
                takes_focus=field is focused,
            )
        )
    return tuple(found)


def posted_fields(fields: Sequence[AnswerField], data: QueryDict, prefix: str) -> dict[str, Any]:
    """What was typed into the fields, the empty ones left out."""
    found: dict[str, Any] = {}
    for field in fields:
        name = f"{prefix}-{field.id}"
        value = data.getlist(name) if field.kind == "choices" else data.get(name, "").strip()
        if value:
            found[field.id] = value
    return found


def shown(value: Any) -> str:
    """A stored value as one would type it."""
    if value is None or isinstance(value, (list, dict)):
        return ""
    return f"{value:g}" if isinstance(value, float) and value.is_integer() else str(value)
