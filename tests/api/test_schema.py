"""The API asked what its own document allows, and what it does not: it answers as the document
says, and never with an error of its own."""

import json
from pathlib import Path

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks

from api.service import api
from config.wsgi import application
from delivery.models import System
from reports.models import Report
from tests.assessments.factories import make_assessment
from tests.roadmap.factories import plan_roadmap

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"
EXAMPLES = 12
# Rules that a schema cannot tell (a cursor of ours, a plan that is possible) refuse some of what
# the document allows; they do it with 4xx and words, which is checked.
load_all_checks()
BEYOND = [CHECKS.get_one("positive_data_acceptance")]


@pytest.fixture
def known(call, settings):
    """One of everything, for the operations to find; their ids by what stands in the path."""
    settings.API_CALLS_PER_MINUTE = 100_000
    roadmap = plan_roadmap(call.organization)
    System.objects.create(organization=call.organization, name="EHR", key="ehr")
    report = Report.objects.create(
        organization=call.organization, roadmap=roadmap, snapshot={}, input_hash="a" * 64
    )
    return {
        "slug": call.organization.slug,
        "assessments": make_assessment(organization=call.organization).pk,
        "scenarios": roadmap.scenario_id,
        "roadmaps": roadmap.pk,
        "reports": report.pk,
        "jobs": 1,
        "key": "ehr",
        "initiative": roadmap.initiatives.first().initiative_id,
        "question": "Q1.01",
    }


def operations() -> list[tuple[str, str]]:
    paths = api.get_openapi_schema()["paths"].items()
    return [(method.upper(), path) for path, methods in paths for method in methods]


@pytest.fixture(scope="module")
def schema():
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
@pytest.mark.parametrize(("method", "path"), operations())
def test_operation_answers_as_its_document_says(method, path, schema, call, known):
    """Each with inputs that the document allows and with some that it does not."""
    schema.app = application
    operation = schema[path][method]
    modes = list(schemathesis.GenerationMode)
    token = {"Authorization": f"Bearer {call.secret}"}

    @given(st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes)))
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    def ask(case):
        wrong = {
            str(place).rpartition(".")[2].lower()
            for place, part in case.meta.components.items()
            if part.mode.is_negative
        }
        if not any("path" in place for place in wrong):
            for name in case.path_parameters or ():
                room = path.split("/")[5] if name == "pk" else name
                case.path_parameters[name] = known[room]
        # What is wrong about the headers is that there is no token.
        told = {} if any("header" in place for place in wrong) else token
        case.call_and_validate(headers=told, excluded_checks=BEYOND)

    ask()


def served():
    return json.loads(json.dumps(api.get_openapi_schema(), default=str))


def test_the_document_in_the_docs_is_the_one_that_is_served():
    assert json.loads(DOCUMENT.read_text()) == served()


def test_every_operation_has_a_summary():
    for path, operations in api.get_openapi_schema()["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (method, path)
