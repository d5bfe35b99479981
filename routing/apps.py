"""To whom, by when, with what answer."""

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    """Third storey: above the register, beside reading and search."""

    name = "routing"

    def ready(self) -> None:
        """Have letters with a reply under way not be signed off."""
        from routing.replies.under_way import reply_under_way
        from routing.sign_off_checks import add_sign_off_check

        add_sign_off_check(reply_under_way)
