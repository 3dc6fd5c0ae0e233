"""How the tests are dealt out to the processes of pytest-xdist (`--dist loadfile`).

A file goes to one process as a whole, so that what its tests share is made once. Two exceptions:
tests that start servers of their own share nothing and go one by one, and the tests of the shared
site go together, as starting it costs as much as ten of them. The long ones come first: whoever
begins the longest test last keeps the others waiting.
"""

from xdist.scheduler import LoadFileScheduling

# Start an installation of their own for each test.
ONE_BY_ONE = (
    "tests/browser/test_fortnight.py",
    "tests/browser/test_journey.py",
    "tests/reports/test_pages_in_browser.py",
    "tests/reports/test_survival.py",
    "tests/jobs/test_survival.py",
    "tests/test_live_stack.py",
    "tests/test_schedules.py",
    "tests/test_waymark_script.py",
    "tests/test_settings.py",
)
# As long as all others of the shared site together: with a site of its own.
APART = "tests/browser/test_accessibility.py"
SITE = "tests/browser/"

# Most seconds first; what is not named here comes after, as it was collected.
FIRST = (
    APART,
    "tests/browser/test_journey.py",
    "tests/browser/test_fortnight.py",
    SITE,
    "tests/reports/test_pages_in_browser.py",
    "tests/reports/test_survival.py",
    "tests/reports/test_pdf.py",
    "tests/jobs/test_survival.py",
    "tests/assessments/test_in_browser.py",
    "tests/reports/",
    "tests/accounts/test_pages_in_browser.py",
    "tests/roadmap/test_pages_in_browser.py",
    "tests/test_live_stack.py",
    "tests/test_waymark_script.py",
    "tests/test_settings.py",
    "tests/test_tenancy.py",
    "tests/roadmap/",
)


def place(nodeid: str) -> int:
    """When a test is to run: the lower, the earlier."""
    return next((n for n, path in enumerate(FIRST) if nodeid.startswith(path)), len(FIRST))


class Distribution(LoadFileScheduling):
    def schedule(self) -> None:
        # Else by the number of tests, which says little about how long they take.
        self.config.option.loadscopereorder = False
        super().schedule()

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        if file in ONE_BY_ONE:
            return nodeid
        return SITE if file.startswith(SITE) and file != APART else file
