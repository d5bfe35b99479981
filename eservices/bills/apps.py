"""Bills as a Django app."""

from django.apps import AppConfig


class BillsConfig(AppConfig):
    """Above readings, below payments."""

    name = "eservices.bills"
    label = "bills"
