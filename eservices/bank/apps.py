"""Banks' applications as a Django app."""

from django.apps import AppConfig


class BankConfig(AppConfig):
    """On payments."""

    name = "eservices.bank"
    label = "bank"
