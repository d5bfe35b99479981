"""Requests as a Django app."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """Above citizens, below the customer-relations centre."""

    name = "eservices.requests"
    label = "requests"
