"""What was typed is kept when the session ended in mid-form.

Without script a save by a signed-out person would end on the login page and lose the text. It is
kept in the (anonymous) session instead, which signing in carries over, and the page that held the
form shows it again, marked as not saved.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.translation import gettext as _

KEY = "typed_but_not_saved"
MAX_FORMS = 3
MAX_CHARACTERS = 200_000


def keeps_typed(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Wrap a tenant view whose POST must survive an ended session."""

    @wraps(view)
    def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        by_script = request.headers.get("HX-Request")
        if request.user.is_authenticated or request.method != "POST" or by_script:
            return view(request, *args, **kwargs)
        if _keep(request):
            text = _(
                "You were signed out. Sign in, and what you typed will be there, ready to save."
            )
        else:
            text = _(
                "You were signed out, and what you typed is too long to keep. Go back in the "
                "browser to copy it, then sign in."
            )
        messages.warning(request, text)
        return redirect_to_login(request.path)

    return keeping


def _keep(request: HttpRequest) -> bool:
    """Keep the form in the session; False when it is too long for that."""
    data = request.POST.copy()
    data.pop("csrfmiddlewaretoken", None)
    encoded = data.urlencode()
    if len(encoded) > MAX_CHARACTERS:
        return False
    kept = request.session.get(KEY, {})
    kept.pop(request.path, None)
    kept[request.path] = encoded
    request.session[KEY] = dict(list(kept.items())[-MAX_FORMS:])
    return True


def typed_for(request: HttpRequest, path: str) -> QueryDict | None:
    """What was typed into the form that posts to `path`, if it is still to be saved."""
    kept = request.session.get(KEY, {}).get(path)
    return QueryDict(kept) if kept is not None else None


def forget_typed(request: HttpRequest, path: str) -> None:
    kept = request.session.get(KEY, {})
    if path in kept:
        del kept[path]
        request.session[KEY] = kept
