"""To whom, by when, with what answer."""

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    """Third storey: above the register, beside reading and search."""

    name = "routing"
