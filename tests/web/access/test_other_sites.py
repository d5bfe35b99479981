"""What another site can have a browser do here: nothing, though the session comes along.

Each address is asked as a form of another site would ask it: with the cookies, without the token.
That what is merely opened does nothing, tests/web/access/test_access.py asks of each person.
"""

from typing import Any, Final

import pytest
from django.test.client import ClientHandler

from tests import every
from tests.web.access.kinds import callers
from tests.web.access.places import addresses
from tests.web.access.scene import Scene
from tests.web.access.test_access import writing
from tests.web.undone import undone

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BROWSERS: Final = "ACHDMU"
REFUSED: Final = {401, 403}  # 401: a session is nothing there, a key or a signature is
# Addresses that need no token, because no session counts there: what they answer to an empty form.
WITHOUT_SESSION: Final = {
    "api:follow": 400,  # number and code
    "api:followed_document": 400,
    "api:partner_letter": 401,
    "api:partner_letters": 401,
    "api:service_requests": 422,
    "api:token": 400,  # name and password
    "desk:stop_figures": 404,  # the token of a mail's link
    "openid_connect_ended": 404,  # the provider's token
    "portal:pay_callback": 200,  # FAILURE: the gateway's signature is not there
    "portal:pay_returned": 303,
    "portal:pay_returned_failed": 303,
}
# Where staff, and a link that leads nowhere, are led elsewhere before the form is looked at.
LED_AWAY: Final = {
    *("portal:add_pieces", "portal:request_action", "portal:request_message"),
    "portal:reading_again",
}


def test_a_form_of_another_site_does_nothing(scene: Scene, monkeypatch: Any) -> None:
    checks = property(lambda _self: True, lambda _self, _given: None)
    monkeypatch.setattr(ClientHandler, "enforce_csrf_checks", checks, raising=False)
    asks, paths = callers(scene), addresses(scene)

    def attempt(name: str) -> None:
        for kind in BROWSERS:
            with undone(), writing() as written:
                status = asks[kind]("POST", paths[name]).status_code
            assert not written, f"{kind} writes {sorted(written)}"
            wanted = {WITHOUT_SESSION[name]} if name in WITHOUT_SESSION else REFUSED | {405}
            if name in LED_AWAY:
                wanted = {303, 403}
            assert status in wanted, f"{kind} is answered {status}"

    every.each(sorted(paths), attempt)
