"""The customer-relations centre as a Django app."""

from django.apps import AppConfig


class RelationsConfig(AppConfig):
    """Uppermost of the e-services."""

    name = "eservices.relations"
    label = "relations"
