from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "api"
    verbose_name = _("API")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.engagements import register_listener
        from api import history_words, notices
        from api.webhooks import webhooks_end_with
        from inbox.kinds import register_kind

        history_words.register()
        register_listener(webhooks_end_with)
        register_kind(notices.STOPPED)
