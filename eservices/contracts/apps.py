"""Contracts and meters as a Django app."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """Above the customer-relations centre, below readings and bills."""

    name = "eservices.contracts"
    label = "contracts"

    def ready(self) -> None:
        """Let the account of a person end what is kept of their contracts."""
        from eservices.contracts.proving import end_all
        from eservices.people.account import before_deletion

        before_deletion(end_all)
