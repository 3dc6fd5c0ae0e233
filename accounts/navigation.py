"""Numbers beside the entries of the navigation, such as how much waits for a person.

Apps above this one register them from their `AppConfig.ready()`; accounts never imports them.
"""

from collections.abc import Callable

from accounts.tenancy import Access

Counter = Callable[[Access], int]

_counters: dict[str, Counter] = {}


def register_badge(url_name: str, counter: Counter) -> None:
    """Show what `counter` counts beside the entry that leads to `url_name`; at most one query."""
    _counters[url_name] = counter


def badge(url_name: str, access: Access) -> int:
    counter = _counters.get(url_name)
    return counter(access) if counter else 0
