import contextlib
import gc
import os
import sqlite3
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright
from xdist.remote import Producer

from tests.distribution import Distribution, place
from tests.once import made_once
from tests.servers import PostgresServer, RedisServer
from tests.stack import Stack

# Playwright keeps an event loop in this thread, and Django would refuse its own synchronous
# database calls beside it. Nothing here is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# The same examples in every run, however busy the machine. WAYMARK_TEST_EXAMPLES=random draws
# others.
settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.register_profile("random", print_blob=True)
settings.load_profile(os.environ.get("WAYMARK_TEST_EXAMPLES", "repeatable"))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer | None) -> Distribution | None:
    return Distribution(config, log) if config.option.dist == "loadfile" else None


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """What collecting makes (modules, tests, the guide) stays until the end: looking through it
    again and again for garbage took an eighth of the processor time of all tests."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what a test uses, so that `-m database` and `-m "not browser"` need no bookkeeping."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "browser" in fixtures:
            item.add_marker("browser")
        if item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"}:
            item.add_marker("database")
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: place(item.nodeid))


# The database of each PostgreSQL of the tests that has its tables made and nothing in them.
MIGRATED = "migrated"


def make_cluster(folder: Path) -> None:
    server = PostgresServer()
    try:
        Stack(folder, database_url=server.start().create_database(name=MIGRATED)).migrate()
        server.keep(folder / "data")
    finally:
        server.stop()


@pytest.fixture(scope="session")
def postgres_server(shared: Path) -> Iterator[PostgresServer]:
    server = PostgresServer(made=made_once(shared, "postgres", make_cluster) / "data")
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all processes of this run."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def migrated(shared: Path) -> Stack:
    """An installation on SQLite that is never started: others copy its tables."""
    return Stack(made_once(shared, "migrated", lambda folder: Stack(folder).migrate()))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings_parallel_suffix: None
) -> Iterator[None]:
    """With several processes each copies its tables as well, instead of migrating once more:
    what Django's own `migrate` finds done already."""
    if "PYTEST_XDIST_WORKER" not in os.environ or connection.vendor != "sqlite":
        yield
        return
    made: Stack = request.getfixturevalue("migrated")
    # In memory, and there as long as somebody is connected.
    name = connection.creation._get_test_db_name()
    with contextlib.closing(sqlite3.connect(name, uri=True)) as kept:
        made.give_tables(kept)
        yield


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres_server: PostgresServer) -> str:
    """The same on PostgreSQL."""
    return postgres_server.url(MIGRATED)


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """An empty broker."""
    redis_server.flush()
    return redis_server.url


@pytest.fixture(params=["embedded", "servers"])
def stack(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stack]:
    """An installation with its tables made and nothing running yet: once on SQLite with the
    embedded broker, once on PostgreSQL with Redis."""
    made = Stack(folder=tmp_path, name=request.param)
    if request.param == "servers":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        made.database_url = server.create_database(request.getfixturevalue("migrated_postgres_url"))
        made.redis_url = request.getfixturevalue("redis_url")
    else:
        made.copy_tables(request.getfixturevalue("migrated"))
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture
def live_stack(stack: Stack) -> Stack:
    """`stack` with web and worker running; e-mails land in `mails()`."""
    stack.start_web()
    stack.start_worker()
    return stack


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Debian's Chromium without windows, which take half of its processor time and show nobody
        # anything.
        launched = playwright.chromium.launch(
            executable_path="/usr/bin/chromium-headless-shell",
            args=["--no-sandbox", "--disable-gpu"],
        )
        try:
            yield launched
        finally:
            launched.close()
