"""A burst of webhooks at the door, and how long the worker needs to work it off.

    ./waymark bench intake [--rate 200] [--seconds 30] [--database sqlite|postgresql] [--json]

Starts the real web server with two workers and, beside it, the real background worker, on each
database with a store of its own (PostgreSQL with its writes durable). Signed events come at a
steady rate, each at its own moment whether or not the one before was answered. Afterwards every
accepted event is looked for, as event and as the deployment it became: fails if one is lost, is
there twice, or was refused.
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
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.servers import PostgresServer  # noqa: E402  found through the line above
from tests.stack import Stack  # noqa: E402

PREPARE = """
import json
from accounts.secret_addresses import secret_of, token_of
from delivery.models import Source
from delivery.services.systems import system_create
from tests.factories import make_organization
organization = make_organization(slug="bench")
system = system_create(organization=organization, user=None, name="Portal", key="portal")
source = Source.objects.create(organization=organization, name="CI", kind="own", system=system)
print(json.dumps([token_of("hook", source.nonce), secret_of("hook", source.secret_nonce)]))
"""
SENDERS = 16
WORK_OFF_LIMIT = 120.0


class Sender(threading.Thread):
    """One connection that is kept open, as tools do; sends those events whose turn is its own."""

    def __init__(self, port: int, address: str, events: list[tuple[float, dict, bytes]]) -> None:
        super().__init__()
        self.port, self.address, self.events = port, address, events
        self.times: list[float] = []
        self.late: list[float] = []
        self.answers: Counter[int] = Counter()
        self.accepted: list[str] = []
        self.reconnected = 0

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        for moment, headers, body in self.events:
            time.sleep(max(0.0, moment - time.monotonic()))
            # From the moment it was due: waiting for the answer before is waiting as well.
            status = self._send(connection, headers, body)
            self.times.append(time.monotonic() - moment)
            self.answers[status] += 1
            if status in (200, 202):
                self.accepted.append(headers["webhook-id"])

    def _send(self, connection: http.client.HTTPConnection, headers: dict, body: bytes) -> int:
        for _attempt in range(2):
            try:
                connection.request("POST", self.address, body, headers)
                response = connection.getresponse()
                response.read()
                return response.status
            except (ConnectionError, http.client.RemoteDisconnected):
                # The server ends connections that rest for two seconds; tools then send again.
                connection.close()
                self.reconnected += 1
            except (OSError, http.client.HTTPException):
                connection.close()
                break
        return 0


def signed(secret: str, number: int) -> tuple[dict, bytes]:
    from delivery.intake.signatures import standard_signature

    name, timestamp = f"event-{number}", str(int(time.time()))
    body = json.dumps(
        {
            "kind": "deployment",
            "id": f"deployment-{number}",
            "deployed_at": datetime.now(UTC).isoformat(),
            "environment": "production",
            "result": "failed" if number % 10 == 0 else "success",
            "version": f"1.{number}",
        }
    ).encode()
    return {
        "webhook-id": name,
        "webhook-timestamp": timestamp,
        "webhook-signature": standard_signature(secret, name, timestamp, body),
        "Content-Type": "application/json",
    }, body


def load(stack: Stack, rate: float, seconds: float) -> dict[str, object]:
    prepared = stack.manage("shell", "--verbosity", "0", "--command", PREPARE)
    token, secret = json.loads(prepared.strip().splitlines()[-1])
    stack.start_web()
    stack.start_worker()
    messages = [signed(secret, number) for number in range(int(rate * seconds))]
    begin = time.monotonic() + 0.5
    events = [(begin + n / rate, *message) for n, message in enumerate(messages)]
    senders = [Sender(stack.port, f"/hooks/{token}/", events[n::SENDERS]) for n in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    took = time.monotonic() - begin
    worked_off = wait_for_the_worker(stack)
    times = sorted(1000 * each for sender in senders for each in sender.times)
    accepted = {name for sender in senders for name in sender.accepted}
    return {
        "rate": rate,
        "seconds": seconds,
        "sent": len(times),
        "answers": dict(sum((sender.answers for sender in senders), Counter())),
        "reconnected": sum(sender.reconnected for sender in senders),
        "accepted_per_second": round(len(accepted) / took, 1),
        **compare(stack, accepted),
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "p99_ms": round(times[int(len(times) * 0.99)], 1),
        "slowest_ms": round(times[-1], 1),
        "worked_off_s": worked_off,
    }


def wait_for_the_worker(stack: Stack) -> float:
    """Seconds from the last answer until no event waits; -1 where that does not come."""
    began = time.monotonic()
    while time.monotonic() - began < WORK_OFF_LIMIT:
        waiting = "select count(*) from delivery_inboundevent where state = 'waiting'"
        if stack.query(waiting)[0][0] == 0:
            return round(time.monotonic() - began, 1)
        time.sleep(0.1)
    return -1


def compare(stack: Stack, accepted: set[str]) -> dict[str, object]:
    """What was confirmed against what is there."""
    events = [row[0] for row in stack.query("select event_id from delivery_inboundevent")]
    made = [row[0] for row in stack.query("select external_id from delivery_deployment")]
    states = stack.query("select state, count(*) from delivery_inboundevent group by state")
    wanted = {name.replace("event", "deployment") for name in accepted}
    return {
        "lost_events": len(accepted - set(events)),
        "double_events": len(events) - len(set(events)),
        "lost_records": len(wanted - set(made)),
        "double_records": len(made) - len(set(made)),
        "states": dict(states),
    }


def measure(database: str, rate: float, seconds: float) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(folder=Path(folder), environment={"WAYMARK_WEB_WORKERS": "2"})
        server = PostgresServer(durable=True) if database == "postgresql" else None
        try:
            if server:
                stack.database_url = server.start().create_database()
            stack.migrate()
            found = load(stack, rate, seconds)
        finally:
            stack.stop()
            if server:
                server.stop()
    return {"database": database, **found}


def is_good(found: dict) -> bool:
    wrong = ("lost_events", "double_events", "lost_records", "double_records")
    # 200: the same again, after a connection ended with its answer under way.
    only_accepted = set(found["answers"]) <= {200, 202}
    return only_accepted and not any(found[name] for name in wrong) and found["worked_off_s"] >= 0


def in_words(found: dict) -> str:
    return (
        f"{found['database']}: {found['sent']} events at {found['rate']:.0f} a second, accepted "
        f"{found['accepted_per_second']} a second, answers {found['answers']}; "
        f"lost {found['lost_events']} events and {found['lost_records']} records, double "
        f"{found['double_events']} and {found['double_records']}; median {found['median_ms']} ms, "
        f"p95 {found['p95_ms']} ms, p99 {found['p99_ms']} ms, slowest {found['slowest_ms']} ms; "
        f"worked off {found['worked_off_s']} s after the last one"
    )


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--rate", type=float, default=200)
    options.add_argument("--seconds", type=float, default=30)
    options.add_argument("--database", choices=("sqlite", "postgresql"))
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    databases = [chosen.database] if chosen.database else ["sqlite", "postgresql"]
    results = [measure(name, chosen.rate, chosen.seconds) for name in databases]
    print(json.dumps(results, indent=2) if chosen.json else "\n".join(map(in_words, results)))
    return 0 if all(map(is_good, results)) else 1


if __name__ == "__main__":
    sys.exit(main())
