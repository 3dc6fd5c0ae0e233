"""Every URL of our apps, asked by everybody.

The rows are in tests/tenancy_table/, one file for each app. A URL without a row fails the test:
whoever adds a page says there who may see it and who may send to it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.enums import Role
from accounts.models import Organization, User
from accounts.tenancy import role_allows
from roadmap.models import Scenario
from tests import tenancy_table
from tests.factories import make_member, make_organization, make_user
from tests.roadmap.factories import make_scenario, make_snapshot
from tests.tenancy_table.rows import NOT_OFFERED, OpenPage, Page, TenantPage, no_arguments

PAGES: dict[str, Page] = {}
for found in iter_modules(tenancy_table.__path__):
    PAGES |= getattr(import_module(f"{tenancy_table.__name__}.{found.name}"), "PAGES", {})
NAMESPACES = (
    "accounts",
    "assessments",
    "roadmap",
    "jobs",
    "delivery",
    "inbox",
    "work",
    "scenarios",
    "reports",
    "batches",
    "look",
    "links",
    "shares",
    "advisers",
    "workshops",
    "desk",
    "handover",
    "api",
    "hooks",
    "mail",
    "shared",
)

TENANT_PAGES = {name: page for name, page in PAGES.items() if isinstance(page, TenantPage)}
OPEN_PAGES = {name: page for name, page in PAGES.items() if isinstance(page, OpenPage)}

pytestmark = pytest.mark.django_db


def our_urls() -> Iterator[tuple[str, str]]:
    """(name, route) of each URL in a namespace of ours."""

    def walk(resolver: URLResolver, route: str, namespace: str) -> Iterator[tuple[str, str]]:
        for entry in resolver.url_patterns:
            path = route + str(entry.pattern)
            if isinstance(entry, URLPattern):
                yield f"{namespace}:{entry.name}" if namespace else str(entry.name), path
            else:
                yield from walk(entry, path, entry.namespace or namespace)

    for name, path in walk(get_resolver(), "", ""):
        if name.partition(":")[0] in NAMESPACES or path.startswith("o/"):
            yield name, path


def test_every_url_has_a_row_and_every_row_a_url():
    assert {name for name, _path in our_urls()} == set(PAGES)


def test_everything_of_a_tenant_is_under_its_address():
    under_tenant = {name for name, path in our_urls() if path.startswith("o/<slug:organization>/")}

    assert under_tenant == set(TENANT_PAGES)


@contextmanager
def undone() -> Iterator[None]:
    """Roll back what a request did, so that the next person finds the same."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def session_of(person: User) -> str:
    """Signed in once: doing it for each request takes longer than the answers."""
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def ask(session: str | None, method: str, url: str, data: Any) -> int:
    # A server error is a status to compare, not an exception that hides the other rows.
    client = Client(raise_request_exception=False)
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    with undone():
        return (
            client.post(url, data).status_code if method == "POST" else client.get(url).status_code
        )


def asks_everybody() -> bool:
    """On the other database only the one who gets in everywhere is asked. Who may is decided before
    a page asks for anything, and what differs between databases is what pages ask for.
    """
    return connection.vendor == "sqlite"


def roles_asked() -> list[Role]:
    return list(Role) if asks_everybody() else [Role.OWNER]


def people_of(organization: Organization, roles: list[Role]) -> dict[str, User]:
    """One person for each role, beside another owner who stays when they leave."""
    make_member(organization, Role.OWNER)
    return {role.value: make_member(organization, role).user for role in roles}


def expected_of(page: TenantPage, role: Role, method: str) -> int:
    """What the row says this role gets."""
    need, when_allowed = (page.get, page.get_ok) if method == "GET" else (page.post, page.post_ok)
    if need is None:
        return NOT_OFFERED
    if not role_allows(role, need):
        return 403
    if role is Role.CONTRIBUTOR and page.unassigned is not None:
        return page.unassigned
    return when_allowed


@pytest.mark.parametrize("name", TENANT_PAGES)
def test_tenant_page_answers_everybody_as_stated(name: str):
    """Each role, nobody, a stranger, and the owner of another organization with the ids of this
    one: of one organization, as making it costs more than asking."""
    page = TENANT_PAGES[name]
    organization = make_organization()
    roles = roles_asked()
    people = {who: session_of(one) for who, one in people_of(organization, roles).items()}
    neighbour = make_member(make_organization(), Role.OWNER)
    stranger, beside = session_of(make_user()), session_of(neighbour.user)
    arguments = page.arguments(organization)
    data = page.data(arguments) if callable(page.data) else page.data
    url = address_of(name, organization, arguments)
    elsewhere = address_of(name, neighbour.organization, arguments)

    for method in ("GET", "POST"):
        is_offered = (page.get if method == "GET" else page.post) is not None
        answers = {who: ask(session, method, url, data) for who, session in people.items()}

        assert answers == {role.value: expected_of(page, role, method) for role in roles}, method
        if not asks_everybody():
            continue
        # Where a method is not offered, it may be refused before or after asking who one is.
        assert ask(None, method, url, data) in ({302} if is_offered else {302, NOT_OFFERED})
        assert ask(stranger, method, url, data) in ({404} if is_offered else {404, NOT_OFFERED})
        if page.arguments is not no_arguments:
            not_found = 404 if is_offered else NOT_OFFERED
            assert ask(beside, method, elsewhere, data) == not_found, method
    if page.get:
        sent_to = Client().get(url).headers["Location"]
        assert sent_to == f"{reverse('account_login')}?next={url}"


def address_of(name: str, organization: Organization, arguments: dict[str, Any]) -> str:
    return reverse(name, kwargs={"organization": organization.slug, **arguments})


@pytest.mark.parametrize(
    ("name", "method", "data", "status"),
    [
        ("scenarios:diff", "GET", lambda _ours, theirs: {"to": theirs.pk}, 404),
        ("scenarios:compare", "GET", lambda ours, theirs: {"scenario": [ours.pk, theirs.pk]}, 200),
        ("scenarios:create", "GET", lambda _ours, theirs: {"snapshot": theirs.snapshot_id}, 200),
        (
            "scenarios:refresh",
            "POST",
            lambda _ours, theirs: {"name": "Anew", "snapshot": theirs.snapshot_id},
            422,
        ),
    ],
)
def test_second_object_of_another_organization_is_neither_shown_nor_used(
    name: str, method: str, data: Any, status: int
):
    secret = "Nobody else knows this name"
    theirs = make_scenario(snapshot=make_snapshot(name=secret), name=secret)
    ours = make_scenario()
    client = Client()
    client.force_login(make_member(ours.organization, Role.OWNER).user)
    arguments = [] if PAGES[name].arguments is no_arguments else [ours.pk]
    url = reverse(name, args=[ours.organization.slug, *arguments])

    given = data(ours, theirs)
    response = client.post(url, given) if method == "POST" else client.get(url, given)

    assert response.status_code == status
    assert secret not in response.content.decode()
    assert Scenario.objects.count() == 2


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_open_page_answers_as_stated(name: str):
    page = OPEN_PAGES[name]
    organization = make_organization()
    session = session_of(make_member(organization, Role.VIEWER).user)
    url = reverse(name, kwargs=page.arguments(organization))

    answers = {
        method: (ask(None, method, url, page.data), ask(session, method, url, page.data))
        for method in ("GET", "POST")
    }

    assert answers == {"GET": page.get, "POST": page.post}


def test_unknown_organization_and_foreign_one_look_alike():
    client = Client()
    client.force_login(make_user())

    foreign = client.get(reverse("accounts:organization_home", args=[make_organization().slug]))
    unknown = client.get(reverse("accounts:organization_home", args=["no-such-organization"]))

    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert without_what_varies(foreign) == without_what_varies(unknown)


def without_what_varies(response: HttpResponse) -> str:
    """The page without its own address and the token that is masked anew each time."""
    text = response.content.decode().replace(response.wsgi_request.path, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
