"""Payments as a Django app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Above bills, below banks and the digital agency."""

    name = "eservices.payments"
    label = "payments"

    def ready(self) -> None:
        """Have the register's verification prove the journal too."""
        from eservices.payments.journal import check
        from registry.verification import add_check

        add_check(check)
