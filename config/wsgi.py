import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()


def warm_up() -> None:
    """Read the guide and the addresses now, once for all workers, not at the first visit."""
    from django.urls import get_resolver

    from guide.registry import current_guide

    current_guide()
    _ = get_resolver().url_patterns


warm_up()
