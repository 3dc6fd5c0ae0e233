"""Settings of the real processes of the job tests: the real ones, with a kind of job to watch."""

from config.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "tests.jobs.worker_app"]
