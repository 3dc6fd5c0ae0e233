"""Where allauth asks us."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """allauth as it is, but a mail server that is away is told to the person, not a crash."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            logger.exception("The mail %s could not be sent.", template_prefix)
            if self.request is not None:
                messages.error(
                    self.request,
                    _("The mail could not be sent just now. Please try again in some minutes."),
                )
