"""Saving answers while fifty people fill assessments at once, on SQLite and on PostgreSQL.

    ./waymark bench autosave [--people 50] [--seconds 60] [--database sqlite|postgresql] [--json]

Starts the real web server, on each database with a store of its own (PostgreSQL with its writes
durable). Five people share an assessment. Each saves one answer a second, as a browser does.
Afterwards every answer that was confirmed is looked for in the database: fails if one is lost or
a save failed. Then `page_costs` counts the queries and the processor time of a step page and a
save among 10, 100 and 1,000 assessments.
"""

import argparse
import http.client
import json
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.servers import PostgresServer  # noqa: E402  found through the line above
from tests.stack import Stack  # noqa: E402

PREPARE = """
import json
from django.conf import settings
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from tests.assessments.factories import make_assessment
from tests.factories import make_member, make_organization
people = []
for number in range({people}):
    if number % {together} == 0:
        organization = make_organization(slug=f"bench-{{number}}")
        assessment = make_assessment(organization=organization)
    member = make_member(organization)
    session = SessionStore()
    session[SESSION_KEY] = str(member.user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    session.save()
    people.append([session.session_key, organization.slug, assessment.pk])
questions = [q.id for s in assessment.guide.steps for q in s.questions if q.kind == "level"]
print(json.dumps([people, questions]))
"""
TOGETHER = 5
TOKEN = "b" * 32


class Person:
    """Someone with a browser open: saves an answer a second, remembers what was confirmed."""

    def __init__(self, port: int, session: str, slug: str, assessment: int, own: list[str]) -> None:
        self.port = port
        self.page = f"/o/{slug}/assessments/{assessment}/"
        self.assessment = assessment
        self.questions = own
        self.headers = {
            "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": TOKEN,
            "HX-Request": "true",
        }
        self.times: list[float] = []
        self.refused: list[int] = []
        self.confirmed: dict[str, int] = {}
        self.versions: Counter[str] = Counter()

    def work(self, end: float) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        # The page they have open; it also warms the server up.
        connection.request("GET", f"{self.page}steps/1/", headers=self.headers)
        connection.getresponse().read()
        for number in range(10_000):
            began = time.monotonic()
            if began > end:
                break
            self._save(connection, self.questions[number % len(self.questions)], number % 5)
            self.times.append(time.monotonic() - began)
            time.sleep(max(0.0, 1 - (time.monotonic() - began)))

    def _save(self, connection: http.client.HTTPConnection, question: str, level: int) -> None:
        fields = {"value": level, "version": self.versions[question]}
        body = urlencode({f"{question}-{name}": value for name, value in fields.items()})
        connection.request("POST", f"{self.page}answers/{question}/", body, self.headers)
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            self.refused.append(response.status)
            return
        if self.confirmed.get(question) != level:  # the same answer again makes no version
            self.versions[question] += 1
        self.confirmed[question] = level


def load(stack: Stack, people: int, seconds: float) -> dict[str, object]:
    code = PREPARE.format(people=people, together=TOGETHER)
    prepared = stack.manage("shell", "--verbosity", "0", "--command", code)
    visitors, questions = json.loads(prepared)
    stack.start_web()
    crowd = [
        Person(stack.port, *visitor, questions[number % TOGETHER :: TOGETHER])
        for number, visitor in enumerate(visitors)
    ]
    end = time.monotonic() + seconds + 1
    threads = [threading.Thread(target=person.work, args=(end,)) for person in crowd]
    for thread in threads:
        thread.start()
        time.sleep(1 / people)
    for thread in threads:
        thread.join()
    times = sorted(1000 * each for person in crowd for each in person.times)
    return {
        "people": people,
        "seconds": seconds,
        "saves": len(times),
        "refused": dict(Counter(status for person in crowd for status in person.refused)),
        "lost": lost_answers(stack, crowd),
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "slowest_ms": round(times[-1], 1),
    }


def lost_answers(stack: Stack, crowd: list[Person]) -> int:
    """Confirmed answers that the database does not hold."""
    rows = stack.query("select assessment_id, question_id, value from assessments_answer")
    stored = {(assessment, question): value for assessment, question, value in rows}
    return sum(
        str(stored.get((person.assessment, question))) != str(level)
        for person in crowd
        for question, level in person.confirmed.items()
    )


def measure(database: str, people: int, seconds: float) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(folder=Path(folder))
        server = PostgresServer(durable=True) if database == "postgresql" else None
        try:
            if server:
                stack.database_url = server.start().create_database()
            stack.migrate()
            found = load(stack, people, seconds)
            costs = stack.run("benchmarks/page_costs.py")
        finally:
            stack.stop()
            if server:
                server.stop()
    return {"database": database, **found, "costs": json.loads(costs)}


def in_words(found: dict) -> str:
    lines = [
        f"{found['database']}: {found['people']} people, {found['saves']} saves in "
        f"{found['seconds']:.0f} s, refused: {found['refused'] or 'none'}, "
        f"lost: {found['lost'] or 'none'}; median {found['median_ms']} ms, "
        f"p95 {found['p95_ms']} ms, slowest {found['slowest_ms']} ms"
    ]
    for cost in found["costs"]:
        lines.append(
            f"  among {cost['assessments']:,} assessments: step page {cost['page_queries']} "
            f"queries, {cost['page_cpu_ms']} ms of processor; save {cost['save_queries']} "
            f"queries, {cost['save_cpu_ms']} ms"
        )
    return "\n".join(lines)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--people", type=int, default=50)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--database", choices=("sqlite", "postgresql"))
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    databases = [chosen.database] if chosen.database else ["sqlite", "postgresql"]
    results = [measure(name, chosen.people, chosen.seconds) for name in databases]
    print(json.dumps(results, indent=2) if chosen.json else "\n".join(map(in_words, results)))
    return 1 if any(found["refused"] or found["lost"] for found in results) else 0


if __name__ == "__main__":
    sys.exit(main())
