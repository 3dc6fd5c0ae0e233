"""Pages that need no account."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST, require_safe

from accounts.context_processors import THEME_COOKIE, THEMES
from guide.registry import current_guide

SAMPLE_REPORT = Path("sample") / "waymark-sample-report.pdf"
YEAR = 60 * 60 * 24 * 365


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("accounts:organizations")
    context = {"has_sample_report": sample_report_file().is_file(), "steps": current_guide().steps}
    return render(request, "accounts/start.html", context)


@require_safe
def sample_report(request: HttpRequest) -> FileResponse:
    """The sample at an address that stays; shown in the browser rather than downloaded."""
    file = sample_report_file()
    if not file.is_file():
        raise Http404("No sample report has been made.")
    return FileResponse(
        file.open("rb"), content_type="application/pdf", filename="waymark-sample-report.pdf"
    )


def sample_report_file() -> Path:
    return Path(settings.BASE_DIR) / "static" / SAMPLE_REPORT


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen appearance and go back to the page it was chosen on."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = redirect(back)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            THEME_COOKIE,
            chosen,
            max_age=YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The session or the token behind a form ended while it was open."""
    if request.headers.get("HX-Request"):
        return render(request, "accounts/session_ended.html", status=401)
    return render(request, "403_csrf.html", status=403)
