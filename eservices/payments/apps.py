"""Payments as a Django app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Above bills, below banks and the digital agency."""

    name = "eservices.payments"
    label = "payments"
