"""Requests as a Django app."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """Above citizens, below the customer-relations centre."""

    name = "eservices.requests"
    label = "requests"

    def ready(self) -> None:
        """Go on with a request when its letter is reopened, or when its pieces have come."""
        from eservices.requests.moving import go_on_after_pieces, go_on_after_reopening
        from routing.clocks.pieces import after_pieces
        from routing.closing.reopening import after_reopening

        after_reopening(go_on_after_reopening)
        after_pieces(go_on_after_pieces)
