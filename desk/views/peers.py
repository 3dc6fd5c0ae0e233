"""The peer bands of a consultancy's clients."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.pages.benchmark import peer_lines
from desk.queries import require_desk
from guide.registry import current_guide


@require_safe
@tenant_view(Can.VIEW)
def index(request: HttpRequest, access: Access) -> HttpResponse:
    """Without any filter: a set that a reader could choose would tell clients apart."""
    require_desk(access)
    peers = peer_lines(access.organization.pk, current_guide())
    return render(request, "desk/peers.html", {"peers": peers})
