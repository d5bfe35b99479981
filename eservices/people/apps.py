"""Citizens as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Above the catalogue, below requests."""

    name = "eservices.people"
    label = "people"
