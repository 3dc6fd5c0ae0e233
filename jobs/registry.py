"""Which function does which kind of job.

    @handler("report")
    def report(work: Work) -> Effect:
        pdf = …                                  # slow, repeatable, touches nothing
        return lambda: report_save(work, pdf)    # quick, runs once, inside the final transaction

Handlers live in the `tasks` module of their app and import heavy libraries inside the function.
"""

from collections.abc import Callable

from django.utils.module_loading import autodiscover_modules

from jobs.work import Work

Effect = Callable[[], object]
Handler = Callable[[Work], Effect]

_handlers: dict[str, Handler] = {}


class UnknownKind(LookupError):
    """No handler is registered for this kind of job."""


def handler(kind: str) -> Callable[[Handler], Handler]:
    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def find_handler(kind: str) -> Handler:
    if kind not in _handlers:
        autodiscover_modules("tasks")
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(kind) from None
