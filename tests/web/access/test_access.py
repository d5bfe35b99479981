"""Every address of the office, asked by twelve kinds of people: allowed, refused or hidden.

What is expected stands in `tables/`, written by hand; a new address fails until it has its row.
And what is merely opened does nothing, but note that somebody looked.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from django.db import connection

from tests import every
from tests.web.access.kinds import KINDS, Call, callers
from tests.web.access.places import addresses, walked
from tests.web.access.scene import Scene
from tests.web.access.tables import Row, parts, rows
from tests.web.undone import undone

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
FITTING: Final = {"+": "+<", ".": "+<", "=": "+<"}  # what is done or refused may lead on
SIGN_IN: Final = ("/login/", "/my/sign-in/")
# What may be written beside a refusal: sessions, counts of brakes and of calls, its record.
BESIDE: Final = {
    *(
        "django_session",
        "people_personsession",
        "usersessions_usersession",
        "web_attempt",
        "identity_securityevent",
    ),
    *("channels_partnerkey", "bank_partnercount", "bank_partnersecret"),
    "people_personevent",
}
# Tables that opening an address writes to: who looked at what, and what is made at the first look.
LOOKS: Final = {
    "account_reset_password_from_key": {"account_emailaddress"},  # allauth's list of addresses
    "api:bill": {"relations_customerview"},
    "api:bill_content": {"relations_customerview"},
    "api:contact": {"registry_contactview"},
    "api:contact_moment": {"relations_customerview"},
    "api:contract": {"relations_customerview"},
    "desk:bill": {"relations_customerview"},
    "desk:bill_pdf": {"relations_customerview"},
    "desk:check_page": {"routing_checkclaim"},  # who is at it, so that two do not check one letter
    "desk:contact": {"registry_contactview"},
    "desk:contract": {"relations_customerview"},
    "desk:data_subject": {"relations_customerview"},
    "desk:notification_preferences": {"notices_pushkey"},
    "desk:open_saved": {"search_savedsearch"},  # when it was last used
    "desk:payment_receipt": {"payments_payment", "registry_storedfile"},  # the PDF
    "portal:pay_receipt": {"payments_payment", "registry_storedfile"},
    "portal:space": {"people_contactpoint", "people_knownletter"},  # whose letters are known
}
_WRITES: Final = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"')


@contextmanager
def writing() -> Iterator[set[str]]:
    """Collect the tables that the block writes to, and does not take back itself."""
    kept: list[set[str]] = [set()]

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SAVEPOINT"):
            kept.append(set(kept[-1]))
        elif sql.startswith("ROLLBACK TO") and len(kept) > 1:
            kept[-1] = set(kept[-2])
        elif sql.startswith("RELEASE") and len(kept) > 1:
            last = kept.pop()
            kept[-1] = last
        elif found := _WRITES.match(sql):
            kept[-1].add(found.group(1))
        return execute(sql, params, many, context)

    written: set[str] = set()
    with connection.execute_wrapper(note):
        yield written
    written |= kept[-1] - BESIDE


def body_of(answer: Any, address: str) -> str:
    """Return what the answer says, without the address that it was asked by."""
    if not answer.streaming:
        return str(answer.content.decode(errors="replace")).replace(address, "")
    if "event-stream" in answer["Content-Type"]:
        return ""
    return b"".join(answer.streaming_content).decode(errors="replace")


def sign_of(answer: Any) -> str:
    """Return how an answer is read in the tables, as far as it can be told from itself."""
    status, place = answer.status_code, answer.headers.get("Location", "")
    if status in {401, 403, 405} or place.startswith(SIGN_IN):
        return "-"
    if status in {404, *range(500, 600)}:
        return "0" if status == 404 else "!"
    return "<" if status in {301, 302, 303} else "+"


def judge(ask: Call, row: Row, kind: str, address: str, words: tuple[str, ...]) -> str:
    """Return what is wrong with the answer; "" where it is as the table says."""
    wanted = row.signs[kind]
    with undone(), writing() as written:
        answer = ask(row.method, address)
        body = "" if wanted == "+" else body_of(answer, address)
    got = sign_of(answer)
    told = [word for word in words if word in body]
    if got not in FITTING.get(wanted, wanted):
        return f"{got} ({answer.status_code}) where {wanted} is expected"
    if told and wanted != "=":
        return f"tells {told}"
    if wanted not in "-0=":  # what is opened may note it, what is done writes
        written = written - LOOKS.get(row.name, set()) if row.method == "GET" else set()
    return f"writes {sorted(written)}" if written else ""


def test_every_address_stands_in_a_table_and_no_other() -> None:
    listed = {row.name for part in parts() for row in rows(part)}
    assert listed == {name for name, _pattern in walked()}


def test_everybody_is_answered_as_the_tables_say(scene: Scene) -> None:
    asks, paths = callers(scene), addresses(scene)
    words = scene.words

    def attempt(row: Row) -> None:
        wrong = {kind: judge(asks[kind], row, kind, paths[row.name], words) for kind in KINDS}
        found = [f"{kind} {what}" for kind, what in wrong.items() if what]
        assert not found, f"{row.method} {row.name}: {found}"

    every.each([row for part in parts() for row in rows(part)], attempt)


def test_what_no_table_names_is_done_for_nobody(scene: Scene) -> None:
    """A method that an address does not take, asked by who may most there."""
    asks, paths = callers(scene), addresses(scene)
    listed = [row for part in parts() for row in rows(part)]
    taken = {(row.name, row.method) for row in listed}
    trusted = {row.name: max("CM", key=lambda kind: row.signs[kind] == "+") for row in listed}

    def attempt(what: tuple[str, str]) -> None:
        name, method = what
        with undone(), writing() as written:
            answer = asks[trusted[name]](method, paths[name])
        assert sign_of(answer) in "-0"
        assert not written

    each = [(name, method) for name in paths for method in METHODS]
    every.each([one for one in each if one not in taken], attempt)
