"""The pages and the API as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web layer: pages parse, call one function of a lower package, answer."""

    name = "web"

    def ready(self) -> None:
        """Show on a contract's pages what rooms above contracts hold of it."""
        from web.shared.bill_sections import add_sections

        add_sections()
