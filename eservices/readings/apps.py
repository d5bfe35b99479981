"""Meter readings as a Django app."""

from django.apps import AppConfig


class ReadingsConfig(AppConfig):
    """Above contracts, below bills."""

    name = "eservices.readings"
    label = "readings"

    def ready(self) -> None:
        """Make a reading of every request that is one."""
        from eservices.readings.on_request import read_by_request
        from eservices.requests.opening import after_open

        after_open(read_by_request)
