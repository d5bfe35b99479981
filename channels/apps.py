"""The ways by which letters come in without a person at a form."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """Third storey: above the register, beside reading, routing and search."""

    name = "channels"
