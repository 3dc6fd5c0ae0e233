"""What a consultancy's overview says of its clients."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.home import Panel
from accounts.tenancy import Access
from desk.queries import client_rows

SOON = timedelta(weeks=2)


def clients_panel(access: Access) -> Panel | None:
    """How many there are and how many wait for a look; the way to the first one without any.

    One query, none for an organization that advises nobody.
    """
    if not access.organization.advises:
        return None
    rows = client_rows(access.organization)
    today = timezone.localdate()
    shown = {
        "clients": len(rows),
        "late": sum(1 for row in rows if (row.slip or 0) > 0),
        "even_late": sum(1 for row in rows if row.is_even_late),
        "soon": sum(1 for row in rows if row.gate_on and row.gate_on <= today + SOON),
    }
    return Panel("desk/home_panel.html", shown)
