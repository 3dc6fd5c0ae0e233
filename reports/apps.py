from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Reports")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.engagements import register_listener
        from accounts.home import register_panel
        from inbox.kinds import register_kind
        from reports import history_words, notices
        from reports.home import reports_panel
        from reports.services.shares import shares_end_with

        history_words.register()
        register_panel(reports_panel, order=25)
        register_listener(shares_end_with)
        register_kind(notices.BATCH)
