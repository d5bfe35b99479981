"""The catalogue as a Django app."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Lowest of the e-services."""

    name = "eservices.catalogue"
    label = "catalogue"
