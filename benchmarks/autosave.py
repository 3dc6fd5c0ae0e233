"""How long saving an answer takes while many people fill assessments at the same time.

    ./waymark bench autosave [PEOPLE] [SECONDS]

Starts the real web server on SQLite with a database of its own. Each person saves one answer a
second, as a browser does. Prints the times the people saw, and fails if any save failed.
"""

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

from tests.stack import Stack  # noqa: E402  found through the line above

PREPARE = """
import json
from django.conf import settings
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from tests.assessments.factories import make_assessment
from tests.factories import make_member, make_organization
people = []
for number in range({people}):
    member = make_member(make_organization(slug=f"bench-{{number}}"))
    assessment = make_assessment(organization=member.organization, user=member.user)
    session = SessionStore()
    session[SESSION_KEY] = str(member.user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    session.save()
    path = f"/o/{{member.organization.slug}}/assessments/{{assessment.pk}}/answers/"
    people.append([session.session_key, path])
questions = [q.id for s in assessment.guide.steps for q in s.questions if q.kind == "level"]
print(json.dumps([people, questions]))
"""
TOKEN = "b" * 32


def save_every_second(
    port: int, session: str, path: str, questions: list[str], end: float, found: list
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
        "Content-Type": "application/x-www-form-urlencoded",
        "X-CSRFToken": TOKEN,
        "HX-Request": "true",
    }
    # The page they have open; it also warms the server up.
    connection.request("GET", path.removesuffix("answers/"), headers=headers)
    connection.getresponse().read()
    for number, question in enumerate(questions * 100):
        began = time.monotonic()
        if began > end:
            break
        fields = {"value": number % 5, "version": number // len(questions)}
        body = urlencode({f"{question}-{name}": value for name, value in fields.items()})
        connection.request("POST", path + question + "/", body, headers)
        response = connection.getresponse()
        response.read()
        found.append((response.status, time.monotonic() - began))
        time.sleep(max(0.0, 1 - (time.monotonic() - began)))


def main(people: int = 20, seconds: float = 15) -> int:
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(folder=Path(folder))
        try:
            stack.migrate()
            code = PREPARE.format(people=people)
            made = stack.manage("shell", "--verbosity", "0", "--command", code)
            visitors, questions = json.loads(made)
            stack.start_web()
            found: list[tuple[int, float]] = []
            end = time.monotonic() + seconds + 1
            threads = []
            for session, path in visitors:
                arguments = (stack.port, session, path, questions, end, found)
                threads.append(threading.Thread(target=save_every_second, args=arguments))
                threads[-1].start()
                time.sleep(1 / people)
            for thread in threads:
                thread.join()
        finally:
            stack.stop()
    times = sorted(time for _, time in found)
    failed = Counter(status for status, _ in found if status != 200)
    print(
        f"{people} people, {len(times)} saves in {seconds:.0f} s, "
        f"failed: {dict(failed) or 'none'}; "
        f"median {1000 * statistics.median(times):.0f} ms, "
        f"p95 {1000 * times[int(len(times) * 0.95)]:.0f} ms, slowest {1000 * times[-1]:.0f} ms"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in sys.argv[1:3])))
