"""Which department must act on a letter, and by when."""

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    """Above understanding, below correspondence; beside reading and search."""

    name = "routing"
