"""What the worker does for a hand-over: thin, and harmless when it runs twice."""

from handover import services
from jobs.registry import Effect, handler
from jobs.work import Work


@handler(services.EXPORT_JOB)
def write(work: Work) -> Effect:
    return services.archive_write(work)


@handler(services.IMPORT_JOB)
def bring_in(work: Work) -> Effect:
    return services.arrival_bring_in(work)
