"""A kind of job that can be watched from outside: it signs in, works for a while, leaves a mark."""

import os
import time
from pathlib import Path

from accounts.audit import record
from jobs.registry import Effect, handler
from jobs.work import Work


@handler("probe")
def probe(work: Work) -> Effect:
    """Write this process's id into the file `log`, then work for as long as `hold` exists."""
    with Path(work.payload["log"]).open("a") as log:
        log.write(f"{os.getpid()}\n")
    while Path(work.payload["hold"]).exists():
        time.sleep(0.1)
        work.progress(50, "Holding")
    return lambda: record(
        organization=work.job.organization,
        actor=None,
        verb="probe.done",
        target=work.job,
        detail={},
    )
