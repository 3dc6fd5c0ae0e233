"""What waits for the person who looks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.access import who_to_ask
from assessments.waiting import waiting_for


@require_safe
@tenant_view(Can.ANSWER)
def mine(request: HttpRequest, access: Access) -> HttpResponse:
    """`?assignment=` comes from an e-mail: when it is gone since, the page says so."""
    waiting = waiting_for(access)
    known = {str(part.assignment.pk) for part in (*waiting.open, *waiting.done)}
    wanted = request.GET.get("assignment", "")
    context = {
        "waiting": waiting,
        "is_gone": bool(wanted) and wanted not in known,
        "wanted": wanted,
    }
    if not waiting and not access.can_edit:
        context["who_to_ask"] = who_to_ask(access)
    return render(request, "assessments/assignments/mine.html", context)
