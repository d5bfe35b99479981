"""Contracts and meters as a Django app."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """Above the customer-relations centre, below readings and bills."""

    name = "eservices.contracts"
    label = "contracts"
