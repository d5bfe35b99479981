"""The customer-relations centre as a Django app."""

from django.apps import AppConfig


class RelationsConfig(AppConfig):
    """Uppermost of the e-services."""

    name = "eservices.relations"
    label = "relations"

    def ready(self) -> None:
        """Say what an action needs that waits for a work order."""
        from eservices.relations.sending import needs_open_order
        from eservices.requests.needs import add_need

        add_need("work_order", needs_open_order)
