"""The constraints page: every section, without script, with what people get wrong."""

from datetime import date
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.urls import reverse
from lxml import html

from accounts.enums import Role
from guide.registry import current_guide
from roadmap.constraint_forms.page import ConstraintsPage
from roadmap.domain.constraints.reading import parse_constraints
from roadmap.domain.constraints.stated import Constraints, Deadline, Freeze, FreezeKind, Staffing
from roadmap.models import Scenario
from tests.factories import make_member, make_organization
from tests.roadmap.factories import MONDAY, make_scenario

pytestmark = pytest.mark.django_db

GUIDE = current_guide()
STATED = Constraints(
    start=MONDAY,
    holidays=frozenset({date(2027, 7, 5), date(2027, 12, 24), date(2027, 12, 27)}),
    country="US",
    subdivision="OH",
    role_fte={"OPS": 0.5},
    staffing=(Staffing("SEC", 0.5, date(2027, 6, 1), None, "", is_partner=True, day_rate=900.0),),
    freezes=(
        Freeze(date(2027, 3, 1), date(2027, 3, 12), "EHR upgrade"),
        Freeze(
            date(2027, 6, 1), date(2027, 7, 31), "Summer", FreezeKind.REDUCED_STAFF, 0.6, ("OPS",)
        ),
    ),
    deadlines=(Deadline(date(2029, 12, 31), "", "Grant ends"),),
    wip_limit=3,
    budget=250_000.0,
    currency="USD",
    day_rates={"OPS": 640.0},
    targets={"STEP-1": 4},
)


@pytest.fixture
def client(client, member):
    client.force_login(member.user)
    return client


@pytest.fixture
def scenario(member):
    return make_scenario(member.organization, constraints=STATED)


def url(scenario, name="constraints"):
    return reverse(f"scenarios:{name}", args=[scenario.organization.slug, scenario.pk])


def shown(response):
    return html.fromstring(response.content.decode())


def typed(response):
    """What a browser would send of the page's form, without any button."""
    (form,) = shown(response).xpath("//form[contains(@class, 'co-form')]")
    boxes = form.xpath(".//input[@type='checkbox']")
    ticked = {box.name: [] for box in boxes}
    for box in boxes:
        ticked[box.name] += [box.get("value")] if box.checked else []
    return {key: form.fields[key] for key in form.fields} | ticked


def send(client, scenario, do="save", **changes):
    data = typed(client.get(url(scenario)))
    return client.post(url(scenario), clean({**data, **changes, "do": do}))


def clean(data):
    return {key: value for key, value in data.items() if value is not None}


def words(response):
    return " ".join(unescape(shown(response).xpath("//main")[0].text_content()).split())


def test_constraints_page_sent_back_as_it_came_changes_nothing(client, scenario):
    response = send(client, scenario)

    assert response.status_code == 302
    assert response["Location"] == url(scenario)
    assert Scenario.objects.count() == 1


def test_constraints_page_sent_back_under_a_name_gives_the_same_constraints(client, scenario):
    response = send(client, scenario, name="The same again")

    made = Scenario.objects.get(name="The same again")
    assert response["Location"] == url(made, "diff")
    assert made.to_constraints() == STATED
    assert made.based_on == scenario


def test_constraints_page_keeps_every_kind_of_change(client, scenario):
    changes = {
        "calendar-start": "2027-02-01",
        "calendar-working_weekdays": ["0", "1", "2", "3"],
        "calendar-own_days": "2027-12-24\n2027-12-29 to 2027-12-31 # closed",
        "people-free_share": "40 %",
        "people-fte-OPS": "0,75",
        "people-fte-SEC": "0",
        "staffing-0-who": "leaves",
        "staffing-0-day_rate": "",
        "money-currency": "eur",
        "money-budget": "1,250,000.50",
        "money-budget_days": "400",
        "money-rate": "700",
        "freezes-0-kind": "reduced_staff",
        "freezes-0-capacity": "25",
        "freezes-0-roles": ["SEC"],
        "freezes-1-DELETE": "on",
        "deadlines-0-about": "G1",
        "limits-wip_limit": "2",
        "limits-target-STEP-2": "2",
    }

    response = send(client, scenario, **changes)

    assert response.status_code == 302, words(response)
    made = Scenario.objects.latest("pk").to_constraints()
    assert made.start == date(2027, 2, 1)
    assert made.working_weekdays == {0, 1, 2, 3}
    assert {date(2027, 12, 24), date(2027, 12, 30)} <= made.holidays
    assert date(2027, 12, 27) not in made.holidays
    assert (made.free_share, made.role_fte) == (0.4, {"OPS": 0.75, "SEC": 0.0})
    assert [(p.fte, p.is_partner) for p in made.staffing] == [(-0.5, False)]
    assert (made.currency, made.budget, made.budget_days) == ("EUR", 1_250_000.5, 400.0)
    assert made.day_rates["OPS"] == 640.0
    assert made.day_rates["SEC"] == 700.0
    (freeze,) = made.freezes
    assert (freeze.kind, freeze.capacity, freeze.roles) == ("reduced_staff", 0.25, ("SEC",))
    assert [deadline.about for deadline in made.deadlines] == ["G1"]
    assert (made.wip_limit, made.targets) == (2, {"STEP-1": 4, "STEP-2": 2})


def test_constraints_page_says_where_each_proposal_comes_from(client, scenario):
    page = words(client.get(url(scenario)))

    assert "From P.02: HIPAA concerns organizations in the United States." in page
    assert "From P.04: a small team: fewer than 50 people, so 2." in page
    assert "× 25 % of their week" in page or "× 12.5 % of their week" in page
    assert "Level 3, where a practice holds everywhere (estimate)." in page


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"calendar-start": ""}, "id_calendar-start", "This field is required."),
        ({"calendar-start": "1812-01-01"}, "id_calendar-start", "between 2000 and 2099"),
        ({"calendar-working_weekdays": []}, "id_calendar-working_weekdays_0", "at least one day"),
        ({"calendar-country": "XX"}, "id_calendar-country", "“XX” is not known"),
        ({"calendar-subdivision": "Atlantis"}, "id_calendar-subdivision", "“Atlantis” is not"),
        ({"calendar-own_days": "Christmas"}, "id_calendar-own_days", "“Christmas” is no day"),
        (
            {"calendar-own_days": "2027-01-01 to 2035-01-01"},
            "id_calendar-own_days",
            "at most 1000 days",
        ),
        ({"people-fte-OPS": "-1"}, "id_people-fte-OPS", "from 0 to 10000"),
        ({"people-fte-OPS": "half"}, "id_people-fte-OPS", "“half” is not one"),
        ({"people-free_share": "0"}, "id_people-free_share", "from 1 to 100"),
        ({"staffing-0-role": ""}, "id_staffing-0-role", "Choose the role."),
        ({"staffing-0-finish": "2027-01-01"}, "id_staffing-0-finish", "It ends (2027-01-01)"),
        ({"staffing-0-who": "joins"}, "id_staffing-0-day_rate", "Only a partner"),
        ({"money-budget": "much"}, "id_money-budget", "“much” is not one"),
        ({"money-currency": "$"}, "id_money-currency", "three letters"),
        ({"freezes-0-finish": "2027-02-01"}, "id_freezes-0-finish", "before it begins"),
        ({"freezes-1-capacity": ""}, "id_freezes-1-capacity", "how much time is left"),
        ({"deadlines-0-by": "2026-12-31"}, "id_deadlines-0-by", "before the plan begins"),
        ({"deadlines-0-about": "A0-99"}, "id_deadlines-0-about", "Select a valid choice"),
        ({"limits-wip_limit": "2.5"}, "id_limits-wip_limit", "whole number"),
        ({"limits-wip_limit": "0"}, "id_limits-wip_limit", "from 1 to 100"),
    ],
)
def test_constraints_form_refuses_bad_input_by_the_field_it_is_in(changes, field, message):
    page = form_page(typed=as_typed(form_page(), **changes))

    assert not page.is_valid()
    fault, *_others = page.faults
    assert fault.field == field
    assert message in fault.text


def test_constraints_form_takes_back_what_it_shows():
    page = form_page(typed=as_typed(form_page()))

    assert page.is_valid(), page.faults
    assert page.constraints() == STATED


def form_page(**more):
    about = [("", "The whole plan"), ("G1", "G1 Baseline")]
    return ConstraintsPage(GUIDE, STATED, MONDAY, about, **more)


def as_typed(page, **changes):
    """What a browser would send."""
    data = QueryDict(mutable=True)
    for form in [*page.parts, *(form for rows in page.row_sets for form in rows.forms)]:
        for field in form:
            put(data, field.html_name, field.value())
    for rows in page.row_sets:
        data[f"{rows.prefix}-TOTAL_FORMS"] = str(len(rows.forms))
        data[f"{rows.prefix}-INITIAL_FORMS"] = str(len(rows.forms))
    data["calendar-listed"] = page.calendar.shows
    free = [row.name for row in page.calendar.holiday_rows() if row.is_free]
    data.setlist("calendar-holiday", free)
    for name, value in changes.items():
        put(data, name, value)
    return data


def put(data, name, value):
    if isinstance(value, list):
        data.setlist(name, value)
    elif value not in (None, False):
        data[name] = str(value)


def test_constraints_page_with_bad_input_keeps_all_that_was_typed(client, scenario):
    changes = {"money-budget": "much", "calendar-own_days": "Christmas"}
    response = send(client, scenario, **changes, name="My “name”")

    assert response.status_code == 422
    assert Scenario.objects.count() == 1
    links = shown(response).xpath("//*[@class='wm-error-summary']//a")
    assert [link.get("href") for link in links] == ["#id_calendar-own_days", "#id_money-budget"]
    for link in links:
        assert shown(response).get_element_by_id(link.get("href")[1:]) is not None
    kept = typed(response)
    assert (kept["money-budget"], kept["calendar-own_days"].strip()) == ("much", "Christmas")
    assert (kept["freezes-1-reason"], kept["name"]) == ("Summer", "My “name”")


def test_constraints_page_adds_and_removes_rows_without_judging(client, scenario):
    added = send(client, scenario, do="add-freezes", **{"money-budget": "much"})

    assert added.status_code == 200
    data = typed(added)
    assert data["freezes-TOTAL_FORMS"] == "3"
    assert data["money-budget"] == "much"
    assert "wm-error" not in added.content.decode()
    data |= {"freezes-2-start": "2027-09-01", "freezes-2-finish": "2027-09-10", "money-budget": ""}
    removed = client.post(url(scenario), clean({**data, "do": "remove-freezes-0"}))
    saved = client.post(url(scenario), clean({**typed(removed), "do": "save"}))

    assert saved.status_code == 302, words(saved)
    freezes = Scenario.objects.latest("pk").to_constraints().freezes
    assert [freeze.reason for freeze in freezes] == ["Summer", ""]


def test_constraints_page_an_added_row_left_empty_counts_for_nothing(client, scenario):
    data = typed(send(client, scenario, do="add-staffing"))

    response = client.post(url(scenario), clean({**data, "do": "save", "name": "Again"}))

    assert response.status_code == 302
    assert Scenario.objects.latest("pk").to_constraints() == STATED


@pytest.mark.parametrize(
    ("ready", "rows"),
    [
        ("year-end", [("2026-12-20", "2027-01-03"), ("2027-12-20", "2028-01-03")]),
        ("ehr-upgrade", [("", "")]),
        ("nothing", []),
    ],
)
def test_constraints_page_fills_in_ready_made_freezes(client, scenario, ready, rows):
    data = typed(send(client, scenario, do="ready", ready=ready))

    count = int(data["freezes-TOTAL_FORMS"])
    found = [
        (data[f"freezes-{n}-start"] or "", data[f"freezes-{n}-finish"] or "")
        for n in range(2, count)
    ]
    # The plan begins on the day after the first year end.
    expected = [row for row in rows if row[1] >= "2027-01-04" or not row[1]]
    assert found[: len(expected)] == expected
    assert bool(found) == bool(expected)


def test_constraints_page_goes_back_to_the_proposal_of_one_section(client, scenario):
    data = typed(send(client, scenario, do="reset-freezes", **{"people-fte-OPS": "0.9"}))

    reasons = {data[f"freezes-{n}-reason"] for n in range(int(data["freezes-TOTAL_FORMS"]))}
    assert reasons == {"Year end", "Flu season"}
    assert data["people-fte-OPS"] == "0.9"


def test_constraints_page_another_country_has_its_own_holidays(client, scenario):
    shown_ = send(client, scenario, do="show", **{"calendar-country": "DE"})

    data = typed(shown_)
    assert "German Unity Day" in data["calendar-holiday"]
    assert data["calendar-subdivision"] == ""
    client.post(url(scenario), clean({**data, "do": "save", "calendar-subdivision": "BY"}))
    made = Scenario.objects.latest("pk").to_constraints()
    assert (made.country, made.subdivision) == ("DE", "BY")
    # All Saints' Day is one of Bavaria's: nobody could untick what was not listed.
    assert {date(2027, 10, 3), date(2027, 11, 1)} <= made.holidays


def test_constraints_page_holidays_that_are_worked_stay_so(client, scenario):
    data = typed(client.get(url(scenario)))
    assert data["calendar-holiday"] == ["Independence Day", "Christmas Day"]
    assert "2028-07-04" in data["calendar-worked_days"]
    assert data["calendar-own_days"].strip() == "2027-12-27"


def test_constraints_page_warns_of_what_it_does_to_the_plan(client, scenario):
    changes = {
        "people-fte-OPS": "0",
        "freezes-0-finish": "2045-01-01",
        "money-budget": "0",
        "deadlines-0-by": "2027-01-08",
    }
    send(client, scenario, **changes)

    page = words(client.get(url(Scenario.objects.latest("pk"))))
    assert "You state that nobody does the work of IT operations (" in page
    assert "nothing that goes live can be planned" in page or "nothing can go live" in page
    assert "A budget of 0" in page
    assert "5 working days until 8 January 2027" in page


def test_constraints_page_tries_constraints_without_keeping_anything(client, scenario):
    response = send(client, scenario, do="try", **{"limits-wip_limit": "1", "people-fte-OPS": "0"})

    page = words(response)
    assert response.status_code == 200
    assert "What it would change; nothing is saved yet" in page
    assert "You state that nobody does the work of" in page
    assert "Last day if all takes its likely time" in page
    assert Scenario.objects.count() == 1
    assert typed(response)["limits-wip_limit"] == "1"
    wrong = send(client, scenario, do="try", **{"money-budget": "much"})
    assert wrong.status_code == 422
    assert "First mend this: Budget of the plan: Give a number" in words(wrong)


def test_constraints_page_gives_a_file_and_takes_it_back(client, scenario, member):
    saved = client.get(url(scenario, "constraints_file"))
    assert 'filename="constraints-trial.yaml"' in saved["Content-Disposition"]
    guide = scenario.snapshot.guide
    assert parse_constraints(saved.content.decode(), guide, "c.yaml") == STATED

    other = make_scenario(member.organization, snapshot=scenario.snapshot, name="Bare")
    sent = SimpleUploadedFile("c.yaml", saved.content)
    page = client.post(url(other), {"do": "upload", "file": sent})

    assert "nothing is saved yet" in words(page)
    client.post(url(other), clean({**typed(page), "do": "save"}))
    assert Scenario.objects.latest("pk").to_constraints() == STATED


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"start: soon\nbudget: much\n", "Line 2: give a number; 'much' is not one"),
        (b"\xff\xfe\x00", "no text file in UTF-8"),
        (b"#" * 200_001, "too large"),
        (None, "Choose a constraints file first."),
    ],
)
def test_constraints_page_refuses_a_wrong_file_in_words(client, scenario, content, message):
    data = {"do": "upload"}
    if content is not None:
        data["file"] = SimpleUploadedFile("c.yaml", content)

    response = client.post(url(scenario), data)

    assert response.status_code == 422
    assert message in words(response)
    assert typed(response)["freezes-0-reason"] == "EHR upgrade"


def test_constraints_page_is_read_only_for_viewers(client):
    viewer = make_member(role=Role.VIEWER)
    client.force_login(viewer.user)
    scenario = make_scenario(viewer.organization, constraints=STATED)

    page = shown(client.get(url(scenario)))

    assert page.xpath("//fieldset[@class='co-all' and @disabled]")
    assert not page.xpath("//main//button")
    assert client.post(url(scenario), {"do": "save"}).status_code == 403


def test_constraints_page_of_strangers_does_not_exist(client):
    scenario = make_scenario(make_organization(), constraints=STATED)

    assert client.get(url(scenario)).status_code == 404


def test_constraints_page_asks_no_more_of_the_database_with_more_rows(
    client, member, scenario, django_assert_max_num_queries
):
    many = Constraints(
        start=MONDAY,
        freezes=tuple(Freeze(MONDAY, MONDAY, f"F{n}") for n in range(50)),
        deadlines=tuple(Deadline(date(2029, 1, 1)) for _ in range(50)),
    )
    full = make_scenario(member.organization, snapshot=scenario.snapshot, constraints=many)
    client.get(url(scenario))

    for one in (scenario, full):
        with django_assert_max_num_queries(8):
            client.get(url(one))
