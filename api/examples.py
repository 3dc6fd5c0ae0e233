"""Examples for the document: real answers, kept in examples.json by the test that asks for them.

`WRITE_EXAMPLES=1 pytest tests/api/test_every_operation.py` writes them anew.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("examples.json")


@cache
def examples() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(FILE.read_text("utf-8"))
    return found


def add_examples(operation: dict[str, Any]) -> None:
    """To an operation of the document, what it needs, what is sent and what comes back."""
    example = examples().get(operation["operationId"], {})
    operation["x-scope"], operation["x-role"] = example.get("scope"), example.get("role")
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is not None and "request" in example:
        content["example"] = example["request"]
    for status, response in operation["responses"].items():
        content = response.get("content", {}).get("application/json")
        if content is not None and str(status).startswith("2") and "answer" in example:
            content["example"] = example["answer"]
