from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InboxConfig(AppConfig):
    name = "inbox"
    verbose_name = _("Inbox")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.navigation import register_badge
        from inbox import digests, mailing
        from inbox.reading import unread_count

        mailing.register()
        digests.register()
        register_badge("inbox:list", unread_count)
