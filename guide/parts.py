"""What every part of a guide has in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

from guide.rules import Rule, parse_rule

Text = Annotated[str, Field(min_length=1)]
# Names of parts stand in addresses, in rules and in columns of the database.
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=40)]
# Options, fields and columns stand inside answers only.
OptionId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_./ :+-]*$", max_length=60)]
Title = Annotated[str, Field(min_length=1, max_length=200)]
# Pages and reports make links of it: nothing that a browser or reader would run.
WebAddress = Annotated[str, Field(pattern=r"^https?://[^\s/]\S*$", max_length=1000)]
RuleText = Annotated[
    Rule,
    BeforeValidator(parse_rule),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {"type": "string", "minLength": 1, "examples": ["always", "Q1.01 <= 2 and P.02 has x"]}
    ),
]

LEVELS = 5
MAX_LEVEL = LEVELS - 1


class Part(BaseModel):
    """Base of every type: frozen, strict about keys."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, allow_inf_nan=False
    )
