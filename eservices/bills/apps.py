"""Bills as a Django app."""

from django.apps import AppConfig


class BillsConfig(AppConfig):
    """Above readings, below payments."""

    name = "eservices.bills"
    label = "bills"

    def ready(self) -> None:
        """Say why a bill is refused, and judge the last bill as a proof of a contract."""
        from eservices.bills.import_words import REASONS
        from eservices.bills.proof import is_last_bill
        from eservices.contracts.import_words import add_reasons
        from eservices.contracts.proving import set_bill_check

        add_reasons(REASONS)
        set_bill_check(is_last_bill)
