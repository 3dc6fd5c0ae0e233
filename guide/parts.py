"""What every part of a guide has in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from guide.rules import Rule, parse_rule

Text = Annotated[str, Field(min_length=1)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_./ :+-]*$", max_length=60)]
RuleText = Annotated[Rule, BeforeValidator(parse_rule)]

LEVELS = 5
MAX_LEVEL = LEVELS - 1


class Part(BaseModel):
    """Base of every type: frozen, strict about keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)
