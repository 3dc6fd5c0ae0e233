"""What somebody chose for a report: which document, in which form, with which sections.

Plain and frozen, because it is part of what a report is made from: the same plan with the same
choices is the same report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from reports.enums import Audience, Detail, Document, Form, PageSize


@dataclass(frozen=True)
class Choices:
    """`sections`: ids in their order; empty for the document's own. `comments`: ids chosen for
    print. `scenarios`: ids of plans to compare with. `since`: id of the earlier report that "what
    changed" looks back to. `unit`: whom the clinician's page is for; empty for everybody.
    """

    document: str = Document.FULL.value
    form: str = Form.PDF.value
    sections: tuple[str, ...] = ()
    audience: str = Audience.LEADERS.value
    detail: str = Detail.USUAL.value
    page_size: str = PageSize.A4.value
    comments: tuple[int, ...] = ()
    scenarios: tuple[int, ...] = ()
    since: int | None = None
    unit: str = ""

    def to_json(self) -> dict[str, Any]:
        """JSON types, without what is as usual: older rows stay equal to newer ones."""
        usual = Choices()
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value != getattr(usual, name)
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Choices:
        """The choices of stored JSON; what is not known any more is left out."""
        known = {field.name for field in fields(cls)}
        return cls(
            **{
                name: tuple(value) if isinstance(value, list) else value
                for name, value in data.items()
                if name in known
            }
        )
