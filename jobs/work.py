"""What a handler holds in its hands while it works."""

import threading
from typing import Any

from jobs import claiming
from jobs.models import Job


class Work:
    """A claimed job. The claim is good for as long as `progress` does not raise `LeaseLost`."""

    def __init__(self, job: Job, token: str) -> None:
        self.job = job
        self.token = token
        self._is_lost = threading.Event()

    @property
    def payload(self) -> dict[str, Any]:
        payload: dict[str, Any] = self.job.payload
        return payload

    def progress(self, percent: int, phrase: str = "") -> None:
        """Say how far the work is, and renew the lease."""
        percent = max(0, min(100, percent))
        if self._is_lost.is_set() or not claiming.renew(
            self.job.pk, self.token, progress=percent, phrase=phrase
        ):
            raise claiming.LeaseLost(self.job.pk)
        self.job.progress = percent
        self.job.phrase = phrase

    def heartbeat(self) -> bool:
        """Renew the lease without saying anything; False once the claim is lost."""
        if not claiming.renew(self.job.pk, self.token):
            self._is_lost.set()
        return not self._is_lost.is_set()
