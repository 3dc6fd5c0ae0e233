from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save, pre_save
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "delivery"
    verbose_name = _("Delivery")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from assessments.proposals import register_proposer
        from delivery import history_words
        from delivery.notices import SILENT
        from delivery.step_six import measured_answers
        from inbox.kinds import register_kind

        register_proposer(measured_answers, order=20)
        history_words.register()
        register_kind(SILENT)
        organization = "accounts.Organization"
        pre_save.connect(_note_zone, sender=organization, dispatch_uid="delivery.zone_before")
        post_save.connect(_follow_zone, sender=organization, dispatch_uid="delivery.zone_after")


def _note_zone(sender: Any, instance: Any, **kwargs: Any) -> None:
    stored = sender.objects.filter(pk=instance.pk).values_list("time_zone", flat=True)
    instance.zone_before = None if instance._state.adding else stored.first()


def _follow_zone(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Days are the organization's: in another zone a record belongs to another day."""
    if instance.zone_before not in (None, instance.time_zone):
        from delivery.services.daily import organization_rebuild

        organization_rebuild(instance)
