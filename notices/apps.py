"""Notices as a Django app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Above correspondence, below the pages."""

    name = "notices"

    def ready(self) -> None:
        """Have a person's pushes end with their access."""
        from identity.ending import end_besides
        from notices.pushing import forget_all

        end_besides(forget_all)
