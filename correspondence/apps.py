"""Outgoing correspondence: replies with their circuits, drafts, templates, dispatch."""

from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    """Above routing, below figures."""

    name = "correspondence"

    def ready(self) -> None:
        """Register the check that blocks the sign-off of letters with a reply under way."""
        from correspondence.replies.under_way import reply_under_way
        from routing.acting.sign_off_checks import add_sign_off_check

        add_sign_off_check(reply_under_way)
