"""What calls for the initiatives of the shipped guide, and what keeps them out of a plan."""

from __future__ import annotations

import re
from typing import Any

import pytest

from assessments.domain.answers import Answer, AnswerState
from assessments.domain.applicability import applicable_regimes, effective_answers
from assessments.domain.facts import AnswerFacts
from guide.registry import current_guide
from guide.rules import Truth

GUIDE = current_guide()
UNKNOWN = Answer(AnswerState.UNKNOWN)
FULL_CONTRACT = {
    "vendor": "V", "deploy": "both", "notice": 30, "test_env": "Y", "api": "Y", "export": "Y",
    "exit": "Y", "phi": "Y", "baa": "2026-01-31",
}  # fmt: skip
HOSTED = {"P.05": "vendor_hosts", "P.06": "config_and_scripts"}
ON_PREMISES = {"P.05": "we_onprem", "P.06": "config_and_scripts"}
CALM_PILOT = {"Q2.01": 4, "Q2.02": "d", "Q2.03": "d"}
PROCESSOR = {"P.02": {"choices": ["gdpr_processor"]}}
LATER = {"P.02": {"choices": ["business_associate"], "later_roles": ["gdpr_controller"]}}


def judge(initiative_id: str, rule: str, answers: dict[str, Any]) -> Truth:
    given = {
        question: value if isinstance(value, Answer) else Answer(AnswerState.ANSWERED, value)
        for question, value in answers.items()
    }
    initiative = GUIDE.initiative(initiative_id)
    stated = initiative.when if rule == "when" else initiative.applies
    assert stated is not None
    return stated.evaluate(AnswerFacts(GUIDE, effective_answers(GUIDE, given)))


@pytest.mark.parametrize(
    ("initiative", "answers", "called"),
    [
        ("A1-09", {"Q1.12": [FULL_CONTRACT]}, False),
        ("A1-09", {"Q1.12": [FULL_CONTRACT | {"exit": None}]}, True),
        ("A1-09", {"Q1.12": [FULL_CONTRACT | {"baa": None}]}, True),
        ("A1-09", {"Q1.12": [FULL_CONTRACT | {"baa": None, "phi": "N"}]}, False),
        ("A1-09", {"Q1.12": [FULL_CONTRACT | {"deploy": "they"}] * 2}, True),
        ("A1-09", {"Q1.12": UNKNOWN}, True),
        ("A1-10", {"Q1.14": ["none"]}, True),
        ("A1-10", {"Q1.14": ["mfa_admin", "mfa_remote", "edr", "pen_test"]}, False),
        ("A2-02", CALM_PILOT, False),
        ("A2-02", CALM_PILOT | {"T3": [{"favoured": "Y", "tier": "1"}]}, True),
        ("A2-02", CALM_PILOT | {"T3": [{"favoured": "N", "tier": "1"}]}, False),
        ("A2-09", {}, True),
        ("A2-09", {"Q2.12": {"person_days": 40}}, True),
        ("A2-09", {"Q2.12": {"person_days": 40, "weeks": 12}}, False),
        ("A2-09", {"Q2.12": {"person_days": 40, "weeks": 12}, "Q2.16": 1}, True),
        ("A2-10", {"Q2.13": {"choices": ["blame"]}}, True),
        ("A2-10", {"Q2.13": {"choices": ["none"]}}, False),
        ("A2-11", PROCESSOR | {"Q1.04": "d", "Q2.02": "d"}, False),
        ("A2-11", PROCESSOR | {"Q1.04": "d", "Q2.02": "c"}, True),
        ("A2-11", PROCESSOR | {"Q1.04": "d", "Q2.02": "c", "Q2.15": 3}, False),
        ("A3-17", {"Q3.05": 4, "Q6.06": 95}, False),
        ("A3-17", {"Q3.05": 3, "Q6.06": UNKNOWN}, True),
        ("A4-02", {"P.02": {"choices": ["part2_programme"]}, "Q4.11": UNKNOWN}, True),
        ("A4-02", {"P.02": {"choices": ["business_associate"]}, "Q4.11": UNKNOWN}, None),
        ("A4-07", {"Q4.07": UNKNOWN}, True),
        ("A6-04", {"Q6.06": UNKNOWN}, True),
        ("A5-01", {"Q5.05": [{"role": "Engineer", "git": 3, "iac": 2}]}, False),
        ("A5-01", {"Q5.05": [{"role": "Engineer", "git": 3, "iac": 1}]}, True),
        ("A5-02", {"Q5.06": 1, "P.04": {"it_ops": 49}}, True),
        ("A5-02", {"Q5.06": 1, "P.04": {"it_ops": 50}}, False),
        ("A6-10", {"Q6.14": 0}, True),
        ("AH-01", {"Q6.18": 2}, True),
        ("AH-01", {"Q6.18": 3}, False),
        ("AE-02", PROCESSOR | {"Q6.18": UNKNOWN}, True),
        ("AE-02", PROCESSOR | {"Q6.18": 3}, False),
        ("A1-15", LATER, True),
        ("AE-04", LATER, True),
        ("AE-04", PROCESSOR, False),
    ],
)  # fmt: skip
def test_each_trigger_means_the_answers_it_says(
    initiative: str, answers: dict[str, Any], called: Truth
) -> None:
    assert judge(initiative, "when", answers) is called


@pytest.mark.parametrize(
    ("initiative", "answers", "applies"),
    [
        ("A3-03", HOSTED, False),
        ("AV-02", HOSTED, True),
        ("AV-02", {"P.05": "other_health_system", "P.06": "none"}, True),
        # Who builds interfaces beside a hosted platform still takes its releases from others.
        ("AV-02", {"P.05": "vendor_hosts", "P.06": "interfaces_and_reports"}, True),
        ("AV-02", {"P.05": "we_cloud", "P.06": "products_sold", "Q2.03": "b"}, False),
        # The pilot decides, not only the organization: here its vendor releases it on site.
        ("A3-03", ON_PREMISES | {"Q2.03": "b"}, False),
        ("AV-03", ON_PREMISES | {"Q2.03": "b"}, True),
        ("A3-03", ON_PREMISES | {"Q2.03": "d"}, True),
        ("AV-03", ON_PREMISES | {"Q2.03": "d"}, False),
        # A system with a pipeline of its own beside a hosted platform.
        ("A3-03", HOSTED | {"T1": [{"name": "Portal", "deploy": "pipeline"}]}, True),
        # Servers of one's own stay in reach where the platform is hosted.
        ("A3-05", HOSTED | {"T1": [{"name": "Imaging", "hosting": "onprem"}]}, True),
        ("A3-05", HOSTED | {"T1": [{"hosting": "vendor", "deploy": "vendor"}]}, False),
        ("A4-10", {"P.08": "makes"}, False),
        ("A4-10", {"P.08": "connects"}, True),
        ("AH-01", PROCESSOR, False),
        ("AH-01", {"P.02": {"choices": ["gdpr_processor", "business_associate"]}}, True),
        ("AH-01", {"P.02": {"choices": ["none"]}}, True),
    ],
)  # fmt: skip
def test_each_track_is_for_those_it_fits(
    initiative: str, answers: dict[str, Any], applies: Truth
) -> None:
    assert judge(initiative, "applies", answers) is applies


@pytest.mark.parametrize(
    ("roles", "regimes"),
    [
        (["gdpr_controller"], {"GDPR", "EU", "FRAMEWORKS"}),
        (["hipaa_covered_entity"], {"HIPAA", "FRAMEWORKS-US"}),
        (["gdpr_processor", "business_associate"], {"GDPR", "HIPAA", "FRAMEWORKS-US"}),
        (["none"], {"FRAMEWORKS", "FRAMEWORKS-US"}),
    ],
)
def test_only_rules_of_its_regimes_are_cited_to_an_organization(
    roles: list[str], regimes: set[str]
) -> None:
    answers = {"P.02": Answer(AnswerState.ANSWERED, {"choices": roles})}
    found = {regime.id for regime in applicable_regimes(GUIDE, answers)}

    assert regimes <= found
    us, europe = {"HIPAA", "BREACH", "HIPAA-PROPOSED", "FRAMEWORKS-US"}, {"GDPR", "EU"}
    assert not found & (us if regimes & europe and not regimes & us else set())
    assert not found & (europe if not regimes & europe else set())


@pytest.mark.parametrize(
    ("kind", "roles", "seen", "hidden"),
    [
        ("payer", ["hipaa_covered_entity"], {"CMS"}, {"GDPR"}),
        ("payer", ["gdpr_controller"], {"GDPR"}, {"CMS", "EXCHANGE-US"}),
        ("device_maker", ["device_manufacturer"], {"DEVICE-STANDARDS", "FDA-DEVICE"}, {"EU"}),
        (
            "device_maker",
            ["device_manufacturer", "gdpr_processor"],
            {"DEVICE-STANDARDS", "EU"},
            {"FDA-DEVICE", "HIPAA"},
        ),
        (
            "device_maker",
            ["device_manufacturer", "gdpr_processor", "fda_records_part11"],
            {"DEVICE-STANDARDS", "EU", "FDA-DEVICE"},
            {"HIPAA"},
        ),
    ],
)
def test_rules_of_one_country_stay_with_those_who_have_a_role_there(
    kind: str, roles: list[str], seen: set[str], hidden: set[str]
) -> None:
    answers = {
        "P.01": Answer(AnswerState.ANSWERED, kind),
        "P.02": Answer(AnswerState.ANSWERED, {"choices": roles}),
    }
    found = {regime.id for regime in applicable_regimes(GUIDE, answers)}

    assert seen <= found
    assert not hidden & found


US_WORDS = re.compile(
    r"hipaa|business associate|protected health information|\bCFR\b|\bHHS\b", re.I
)


def test_work_for_every_organization_speaks_of_no_single_regime() -> None:
    """Citations are filtered by regime; the wording of the work has to be free of it."""
    spoken = {
        initiative.id: " ".join(
            (
                initiative.title,
                initiative.what,
                initiative.excluded_because,
                initiative.elapsed_note,
                *initiative.done,
                *(GUIDE.source(source).title for source in initiative.sources),
            )
        )
        for initiative in GUIDE.initiatives
    }
    tied = {initiative for initiative, text in spoken.items() if US_WORDS.search(text)}

    answers = {"P.02": Answer(AnswerState.ANSWERED, {"choices": ["gdpr_controller"]})}
    facts = AnswerFacts(GUIDE, answers)
    barred = {i.id for i in GUIDE.initiatives if i.applies and i.applies.evaluate(facts) is False}
    assert tied <= barred
    assert not any(US_WORDS.search(i.excluded_because) for i in GUIDE.initiatives)
