"""The pages and the API as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Thin: pages parse, call one function of a room below, answer."""

    name = "web"
