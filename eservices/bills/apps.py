"""Bills as a Django app."""

from django.apps import AppConfig


class BillsConfig(AppConfig):
    """Above readings, below payments."""

    name = "eservices.bills"
    label = "bills"

    def ready(self) -> None:
        """Say why a bill is refused."""
        from eservices.bills.import_words import REASONS
        from eservices.contracts.import_words import add_reasons

        add_reasons(REASONS)
