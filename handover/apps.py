from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HandoverConfig(AppConfig):
    name = "handover"
    verbose_name = _("Hand-over")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from accounts.models import Membership
        from handover import history_words
        from handover.people import on_membership

        history_words.register()
        post_save.connect(on_membership, sender=Membership, dispatch_uid="handover.people")
