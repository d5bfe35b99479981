"""Meter readings as a Django app."""

from django.apps import AppConfig


class ReadingsConfig(AppConfig):
    """Above contracts, below bills."""

    name = "eservices.readings"
    label = "readings"
