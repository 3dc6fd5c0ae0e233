"""Where a consultant finds the desk's pages, and that no door leads nowhere."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from desk.pages.portfolio import _cell
from tests.factories import make_engagement, make_member, make_organization


@pytest.fixture
def adviser(db, client):
    member = make_member(make_organization(name="Quill Advisory", advises=True), Role.OWNER)
    client.force_login(member.user)
    return member


def text(client, name, *arguments):
    response = client.get(reverse(name, args=arguments))
    assert response.status_code == 200
    return response.content.decode()


def test_overview_of_a_consultancy_leads_to_its_clients(client, adviser):
    slug = adviser.organization.slug
    assert "Ask a client for access" in text(client, "accounts:organization_home", slug)

    make_engagement(consultancy=adviser.organization)
    found = text(client, "accounts:organization_home", slug)
    assert "1 client has let you in." in found
    assert "See all clients" in found


def test_who_advises_nobody_reads_nothing_of_clients(client, db):
    member = make_member(make_organization(), Role.OWNER)
    client.force_login(member.user)

    found = text(client, "accounts:organization_home", member.organization.slug)
    assert "home-clients" not in found


def test_who_keeps_a_started_client_is_told_so_and_cannot_leave_it(client, adviser):
    house = make_engagement(consultancy=adviser.organization, is_founding=True).client

    people = text(client, "accounts:members", house.slug)
    assert "keeps the house until an owner" in people
    assert reverse("accounts:leave", args=[house.slug]) not in people
    assert "keeps the house until" in text(client, "accounts:organization_home", house.slug)


def test_page_of_a_started_client_names_the_next_step_until_an_owner_comes(client, adviser):
    house = make_engagement(consultancy=adviser.organization, is_founding=True).client
    page = ("desk:client", adviser.organization.slug, house.slug)

    assert "You keep this organization" in text(client, *page)
    make_member(house, Role.OWNER)
    assert "You keep this organization" not in text(client, *page)


def test_who_is_let_in_reads_for_whom_and_finds_the_desk_again(client, adviser):
    house = make_engagement(consultancy=adviser.organization).client

    found = text(client, "accounts:organization_home", house.slug)
    assert "You are here for Quill Advisory" in found
    assert reverse("desk:client", args=[adviser.organization.slug, house.slug]) in found


def test_consultancy_steps_back_from_the_clients_page(client, adviser):
    slug = adviser.organization.slug
    engagement = make_engagement(consultancy=adviser.organization)
    address = reverse("advisers:step_back", args=[slug, engagement.pk])

    assert address in text(client, "desk:client", slug, engagement.client.slug)
    client.post(address)
    assert address not in text(client, "desk:client", slug, engagement.client.slug)


def test_batches_are_found_from_the_desk_and_lead_back(client, adviser):
    slug = adviser.organization.slug

    assert reverse("batches:list", args=[slug]) in text(client, "desk:clients", slug)
    assert 'aria-current="true">Clients' in text(client, "batches:list", slug)


@pytest.mark.parametrize(
    ("score", "shown", "band"),
    [(69.4, "69", "high"), (69.6, "70", "severe"), (70.0, "70", "severe"), (61.4, "61", "high")],
)
def test_an_exposure_has_the_band_of_the_number_printed(score, shown, band):
    cell = _cell(score)

    assert (cell.shown, cell.band) == (shown, band)
