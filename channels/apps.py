"""The channels by which letters arrive without a person at a form."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """Third layer: above the register, beside OCR, routing and search."""

    name = "channels"
