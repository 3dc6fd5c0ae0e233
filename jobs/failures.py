class JobFailed(Exception):
    """Raised by a handler: it cannot succeed, and the message tells the person why."""
