"""What a row of the tenancy table says about one URL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Organization
from accounts.tenancy import Can

NOT_OFFERED = 405

Arguments = Callable[[Organization], dict[str, Any]]


def no_arguments(organization: Organization) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class TenantPage:
    """A URL under /o/<organization>/: what one must be allowed to do to GET and to POST it.

    `arguments` makes the objects in the given organization and returns the URL's other arguments;
    `get_ok` and `post_ok` are the statuses for those who may. None: the method is not offered.

    `Can.READ_ALL` says that the page shows what others answered: a contributor gets 403 while the
    assessment is a draft. `unassigned` is what a contributor gets who has no assignment, where it
    differs: 404 for the page of a question that is not theirs.
    """

    get: Can | None = Can.VIEW
    post: Can | None = None
    arguments: Arguments = no_arguments
    data: Mapping[str, Any] | Callable[[dict[str, Any]], Mapping[str, Any]] = field(
        default_factory=dict
    )
    get_ok: int = 200
    post_ok: int = 302
    unassigned: int | None = None


@dataclass(frozen=True)
class OpenPage:
    """A URL outside of any organization: status for anonymous, and for everyone signed in."""

    get: tuple[int, int] = (NOT_OFFERED, NOT_OFFERED)
    post: tuple[int, int] = (NOT_OFFERED, NOT_OFFERED)
    arguments: Arguments = no_arguments
    data: Mapping[str, Any] = field(default_factory=dict)


Page = TenantPage | OpenPage
