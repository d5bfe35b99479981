"""The composition root as a Django app: its commands and its checks."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The top layer; no other package imports it."""

    name = "config"

    def ready(self) -> None:
        """Register the checks that refuse a half-configured production."""
        from config import checks  # noqa: F401
