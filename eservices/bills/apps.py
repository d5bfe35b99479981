"""Bills as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillsConfig(AppConfig):
    """Above readings, below payments."""

    name = "eservices.bills"
    label = "bills"

    def ready(self) -> None:
        """Register bills with the rooms below: imports, proof of contracts, events, meters' use."""
        from eservices.bills.bill_messages import TOLD, UNTOLD
        from eservices.bills.import_words import REASONS
        from eservices.bills.importing import BillTable
        from eservices.bills.page_import import import_by_page
        from eservices.bills.proof import is_last_bill
        from eservices.bills.use import use_by_bills
        from eservices.contracts.events import add_event_words
        from eservices.contracts.import_words import add_reasons
        from eservices.contracts.imports import add_kind
        from eservices.contracts.proving import set_bill_check
        from eservices.readings.history import add_source

        add_reasons(REASONS)
        add_kind("bills", import_by_page, BillTable.columns)
        add_event_words({TOLD: _("Told of a new bill"), UNTOLD: _("A new bill could not be told")})
        set_bill_check(is_last_bill)
        add_source(use_by_bills)
