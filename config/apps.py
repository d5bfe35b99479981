"""The composition root as an app: its commands, its checks."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Top storey; nobody imports it."""

    name = "config"

    def ready(self) -> None:
        """Register the checks that refuse a half-configured production."""
        from config import checks  # noqa: F401
