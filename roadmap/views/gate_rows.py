"""The rows of a gate's page: an item with its work, its confirmation and its form."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.forms import Form

from roadmap.domain.progress import ItemResult
from roadmap.models import GateConfirmation, GateState, PlannedInitiative
from roadmap.queries import GateView


@dataclass(frozen=True)
class PartRow:
    """`planned` is None for what is not in the plan; `reason` then says why."""

    title: str
    reason: str
    planned: PlannedInitiative | None


@dataclass(frozen=True)
class ItemRow:
    result: ItemResult
    parts: tuple[PartRow, ...]
    confirmation: GateConfirmation | None
    form: Form | None


def item_rows(
    gate: GateState,
    shown: GateView,
    items: Iterable[PlannedInitiative],
    failed_item: str = "",
    failed_form: Form | None = None,
) -> list[ItemRow]:
    by_id = {item.initiative_id: item for item in items}
    confirmations = gate.confirmations.select_related("confirmed_by")
    confirmed = {confirmation.item_id: confirmation for confirmation in confirmations}
    return [
        ItemRow(
            result=result,
            parts=tuple(
                PartRow(part.title, part.reason, by_id.get(part.initiative))
                for part in result.item.parts
            ),
            confirmation=confirmed.get(result.item.id),
            form=failed_form if result.item.id == failed_item else None,
        )
        for result in shown.results
    ]
