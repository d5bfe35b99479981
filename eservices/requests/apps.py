"""Requests as a Django app."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """Above citizens, below the customer-relations centre."""

    name = "eservices.requests"
    label = "requests"

    def ready(self) -> None:
        """Go on with a request when its letter is reopened, or its pieces have come.

        And plug in what permits and files need.
        """
        from eservices.requests.acceptances import acceptance_need
        from eservices.requests.closing import request_under_way
        from eservices.requests.moving import (
            after_move,
            go_on_after_pieces,
            go_on_after_reopening,
        )
        from eservices.requests.needs import add_need
        from eservices.requests.opinion_need import opinion_need
        from eservices.requests.quotations import close_open
        from routing.acting.sign_off_checks import add_closing_check
        from routing.clocks.pieces import after_pieces
        from routing.closing.reopening import after_reopening

        add_closing_check(request_under_way)
        add_need("acceptance", acceptance_need)
        add_need("opinions", opinion_need)
        after_move(close_open)
        after_reopening(go_on_after_reopening)
        after_pieces(go_on_after_pieces)
