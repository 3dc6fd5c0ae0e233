from tests.tenancy_table.rows import Page

PAGES: dict[str, Page] = {}
