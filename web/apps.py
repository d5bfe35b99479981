"""The pages and the API as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web layer: pages parse, call one function of a lower package, answer."""

    name = "web"
