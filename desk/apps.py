from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "desk"
    verbose_name = _("Consultant's desk")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.engagements import register_listener
        from accounts.home import register_panel
        from desk import history_words
        from desk.home import clients_panel
        from desk.telling import ENGAGEMENT, engagement_moved
        from inbox.kinds import register_kind

        history_words.register()
        register_panel(clients_panel, order=5)
        register_kind(ENGAGEMENT)
        register_listener(engagement_moved)
