"""Payments as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    """Above bills, below banks and the digital agency."""

    name = "eservices.payments"
    label = "payments"

    def ready(self) -> None:
        """Have the journal proven; register the names of what bank files and contracts record."""
        from eservices.contracts.events import add_event_words
        from eservices.contracts.import_words import add_reasons
        from eservices.payments.import_words import REASONS
        from eservices.payments.journal import check
        from eservices.payments.receipt_mails import TOLD, UNTOLD
        from registry.verification import add_check

        add_event_words({TOLD: _("Receipt sent"), UNTOLD: _("A receipt could not be sent")})
        add_check(check)
        add_reasons(REASONS)
