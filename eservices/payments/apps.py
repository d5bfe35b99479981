"""Payments as a Django app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Above bills, below banks and the digital agency."""

    name = "eservices.payments"
    label = "payments"

    def ready(self) -> None:
        """Have the register's verification prove the journal too, and bank files tell why."""
        from eservices.contracts.import_words import add_reasons
        from eservices.payments.import_words import REASONS
        from eservices.payments.journal import check
        from registry.verification import add_check

        add_check(check)
        add_reasons(REASONS)
