"""The workshop: assessments/workshop_urls.py."""

from accounts.tenancy import Can
from tests.tenancy_table.assessments import draft, question, step
from tests.tenancy_table.rows import Page, TenantPage

PAGES: dict[str, Page] = {
    "workshops:index": TenantPage(get=Can.EDIT, arguments=draft),
    "workshops:outcome": TenantPage(get=Can.EDIT, arguments=step),
    "workshops:question": TenantPage(
        get=Can.EDIT, post=Can.EDIT, arguments=question, data={"action": "park"}
    ),
}
