"""The digital agency as a Django app."""

from django.apps import AppConfig


class AgencyConfig(AppConfig):
    """Uppermost: joins requests with contracts, readings, bills, payments and field work."""

    name = "eservices.agency"
    label = "agency"
