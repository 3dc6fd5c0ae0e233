"""How documents look: reports/look_urls.py."""

from accounts.tenancy import Can
from tests.tenancy_table.rows import Page, TenantPage

PAGES: dict[str, Page] = {
    "look:brand": TenantPage(
        Can.MANAGE, Can.MANAGE, data={"version": "0", "name": "Elm", "save": "1"}
    ),
}
