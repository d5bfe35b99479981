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
        from eservices.payments import money_back_mails, receipt_mails
        from eservices.payments.after import after_refund
        from eservices.payments.import_words import REASONS
        from eservices.payments.journal import check
        from registry.verification import add_check

        add_event_words(
            {
                receipt_mails.TOLD: _("Receipt sent"),
                receipt_mails.UNTOLD: _("A receipt could not be sent"),
                money_back_mails.TOLD: _("Told that money went back or was not paid"),
                money_back_mails.UNTOLD: _("A message that money went back could not be sent"),
            }
        )
        after_refund(money_back_mails.queue_refund_message)
        add_check(check)
        add_reasons(REASONS)
