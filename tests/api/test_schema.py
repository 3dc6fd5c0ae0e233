"""The API asked what its own document allows, and what it does not: it answers as the document
says, and never with an error of its own."""

import json
import os
from pathlib import Path

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks

from api.service import api
from config.wsgi import application
from tests.api.operations import make_world

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"
EXAMPLES = 8
# Rules that a schema cannot tell (a cursor of ours, a plan that is possible) refuse some of what
# the document allows; they do it with 4xx and words, which is checked.
load_all_checks()
BEYOND = [CHECKS.get_one("positive_data_acceptance")]


def operations() -> list[tuple[str, str]]:
    paths = api.get_openapi_schema()["paths"].items()
    return [(method.upper(), path) for path, methods in paths for method in methods]


def described():
    return schemathesis.openapi.from_dict(json.loads(json.dumps(served())))


@pytest.fixture
def open_connection():
    """A request closes the connections that are old, and with it the test's transaction: Django's
    own test client spares them in the same way."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("open_connection")
def test_operations_answer_as_their_document_says(db, settings):
    """Each with inputs that the document allows and with some that it does not."""
    settings.API_CALLS_PER_MINUTE = 100_000
    world, schema = make_world(), described()
    schema.app = application
    for method, path in operations():
        with transaction.atomic():
            check(schema[path][method], path, world)
            transaction.set_rollback(True)


def check(operation, path, world):
    """Fails with the call that was answered wrongly."""
    modes = list(schemathesis.GenerationMode)
    token = {"Authorization": f"Bearer {world.call.secret}"}
    names = names_in(path, world.known)

    @given(st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes)))
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    def ask(case):
        wrong = {
            str(place).rpartition(".")[2].lower()
            for place, part in case.meta.components.items()
            if part.mode.is_negative
        }
        if not any("path" in place for place in wrong):
            for name, value in names.items():
                case.path_parameters[name] = value
        # What is wrong about the headers is that there is no token.
        told = {} if any("header" in place for place in wrong) else token
        case.call_and_validate(headers=told, excluded_checks=BEYOND)

    ask()


def names_in(path, known):
    """What stands for the parts of the path, so that it leads to something."""
    room = path.split("/")[5] if path.count("/") > 4 else ""
    is_own = room in ("clients", "client-templates", "batches")
    found = {
        "slug": known["own" if is_own else "client"],
        "pk": known.get({"assessments": "draft", "scenarios": "trial"}.get(room, room[:-1])),
        **{name: known[name] for name in ("key", "question", "initiative")},
    }
    if room == "batches":
        found["pk"] = known["batch"]
    return {name: value for name, value in found.items() if f"{{{name}}}" in path}


def served():
    return json.loads(json.dumps(api.get_openapi_schema(), default=str))


def test_the_document_in_the_docs_is_the_one_that_is_served():
    if os.environ.get("WRITE_EXAMPLES"):
        DOCUMENT.write_text(json.dumps(served(), indent=1, ensure_ascii=False) + "\n")

    assert json.loads(DOCUMENT.read_text()) == served(), "WRITE_EXAMPLES=1 pytest tests/api"


def test_every_operation_has_a_summary():
    for path, operations in api.get_openapi_schema()["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (method, path)
