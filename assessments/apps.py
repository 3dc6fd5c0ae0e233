from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = _("Assessments")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.home import register_panel
        from accounts.navigation import register_badge
        from assessments import history_words, notices
        from assessments.guides import register_stored_guides
        from assessments.home import panel
        from assessments.mails.assignments import register_mails
        from assessments.mails.comments import register_comment_mail
        from assessments.mails.expiry import register_expiry_mail
        from assessments.waiting import waiting_count

        register_panel(panel, order=10)
        history_words.register()
        notices.register()
        register_expiry_mail()
        register_badge("assessments:mine", waiting_count)
        register_mails()
        register_comment_mail()
        register_stored_guides()
