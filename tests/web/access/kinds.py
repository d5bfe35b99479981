"""The kinds of people and programs that come to an office's addresses, one letter each.

n  nobody                                    O  member of another department (SI)
A  a citizen, whose letter and contract      D  director
   these are                                 M  administrator
B  another citizen, with a letter, a         U  auditor
   contract and a space of her own           P  a partner by its key; at the biller API a bank
C  clerk of the registry office              T  the clerk's token, to read in one area (search)
H  head of the letter's department (EAU)     R  archivist
"""

import time
from collections.abc import Callable
from typing import Any, Final

from django.test import Client

from eservices.people.models import Person
from registry.models.letters import Letter
from tests.factories import api_key, deposit, freshly_signed_in, person
from tests.spaces import let_in
from tests.web.access.scene import Scene
from web.portal import visit

KINDS: Final = "nABCHODMUPTR"
STAFF: Final = {
    "C": "amina", "H": "dounia", "O": "chafik", "D": "direction", "M": "admin", "U": "audit",
    "R": "archives",
}  # fmt: skip
BILLER: Final = "/api/biller/v1/"
Call = Callable[[str, str], Any]  # method and address -> the answer


def callers(scene: Scene) -> dict[str, Call]:
    """Return how each kind asks for an address."""
    hers = deposit(subject="Autre", sender="Nadia Tazi").letter
    key = api_key("amina", access="read", areas=["search"])
    clients = {
        "n": _client(),
        "A": _citizen(scene.salma, scene.request.letter),
        "B": _citizen(scene.nadia, hers),
        **{kind: _staff(name) for kind, name in STAFF.items()},
        "P": _client(authorization=f"Key {scene.partner_key}"),
        "T": _client(authorization=f"Token {key}"),
    }
    calls = {kind: _asks(clients[kind]) for kind in KINDS}
    return calls | {"P": _signs(scene, calls["P"])}


def _client(**headers: str) -> Client:
    return Client(headers={"accept-language": "fr", **headers})


def _staff(name: str) -> Client:
    client = _client()
    client.force_login(person(name))
    freshly_signed_in(client)
    return client


def _citizen(who: Person, letter: Letter) -> Client:
    """Return the browser of a citizen in their space, who also opened a letter by its code."""
    client, now = _client(), int(time.time())
    session = client.session
    let_in(session, who)
    session[visit.KEY] = {"letter": str(letter.pk), "until": now + 1700, "fresh": False}
    session.save()
    return client


def _asks(client: Client) -> Call:
    """Return how a client asks; its cookies are the first ones again each time."""
    known = {name: cookie.value for name, cookie in client.cookies.items()}

    def ask(method: str, address: str) -> Any:
        client.cookies.clear()
        client.cookies.load(known)
        if address.startswith(("/api/", "/scim/")) and method != "GET":
            return client.generic(method, address, b"{}", content_type="application/json")
        return client.post(address) if method == "POST" else client.generic(method, address)

    return ask


def _signs(scene: Scene, otherwise: Call) -> Call:
    def ask(method: str, address: str) -> Any:
        if not address.startswith(BILLER):
            return otherwise(method, address)
        told: Any = None if method == "GET" else {}
        return scene.bank.call(method, address.removeprefix(BILLER), told)

    return ask
