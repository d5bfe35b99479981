"""The ledger as a Django app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Below every table of the office, above the signer."""

    name = "ledger"
