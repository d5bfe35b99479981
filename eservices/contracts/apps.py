"""Contracts and meters as a Django app."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """Above the customer-relations centre, below readings and bills."""

    name = "eservices.contracts"
    label = "contracts"

    def ready(self) -> None:
        """Plug contracts into accounts, which end them, and into the centre, which finds them."""
        from eservices.contracts import customers
        from eservices.contracts.proving import end_all
        from eservices.people.account import before_deletion
        from eservices.relations.customers import add_contract_numbers, add_customers
        from eservices.relations.finding import add_source

        before_deletion(end_all)
        add_customers(customers.KIND, customers.customer_of_contract)
        add_contract_numbers(customers.numbers_of)
        add_source(customers.candidates)
