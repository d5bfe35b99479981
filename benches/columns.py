"""What enciphered columns cost: registration with a sender, contacts shown and looked up.

Each is done in turns of both kinds, in one process of one SQLite office: with the columns as they
are, and with the same columns in the clear, each on rows that were written so. Figures are
medians of processor time; the last column is the one with enciphering by the one without.
"""

import argparse
import contextlib
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from benches._office import BenchOffice

CONTACTS = 2000
SHOWN = 50


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="sijill bench columns", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    rounds = parser.parse_args(arguments).rounds
    office = BenchOffice(LOG_LEVEL="ERROR")
    try:
        office.set_up()
        works = _works()
        print(f"{'':<34}{'clear ms':>10}{'enciphered ms':>15}{'ratio':>8}")
        for name, work in works.items():
            taken: dict[bool, list[float]] = {True: [], False: []}
            for turn in range(2 * rounds):
                enciphered = bool(turn % 2)
                with contextlib.nullcontext() if enciphered else in_the_clear():
                    began = time.process_time()
                    work(turn, enciphered)
                    taken[enciphered].append(1000 * (time.process_time() - began))
            clear, kept = (statistics.median(taken[one]) for one in (False, True))
            print(f"{name:<34}{clear:>10.2f}{kept:>15.2f}{kept / clear:>8.2f}", flush=True)
    finally:
        office.close()


@contextlib.contextmanager
def in_the_clear() -> Iterator[None]:
    """Let the columns be those of a release that enciphered nothing."""
    from django.db import models

    from org import columns as module

    columns: Any = module
    kinds: tuple[Any, ...] = (columns.EncipheredText, columns.BlindIndex, columns.ReachIndex)
    own = {(kind, name): kind.__dict__[name] for kind in kinds for name in kind.__dict__}
    changed = ("from_db_value", "get_db_prep_save", "pre_save", "get_prep_value")
    plain: dict[str, Any] = {
        "from_db_value": lambda _field, value, _expression, _connection: value,
        "get_db_prep_save": models.CharField.get_db_prep_save,
        "pre_save": models.CharField.pre_save,
        "get_prep_value": models.CharField.get_prep_value,
    }
    hashing, columns.blind_index = columns.blind_index, str
    for kind, name in own:
        if name in changed:
            setattr(kind, name, plain[name])
    try:
        yield
    finally:
        columns.blind_index = hashing
        for (kind, name), function in own.items():
            if name in changed:
                setattr(kind, name, function)


def _works() -> dict[str, Callable[[int, bool], object]]:
    """Fill the directory, each half written its way, and return what is measured."""
    from django.utils import timezone

    from org.models import User
    from registry.contacts.directory import ContactData, Point, create_contact, points_of_all
    from registry.contacts.search import find_contacts
    from registry.intake import LetterData, PartyData, receive_letter
    from registry.models.contacts import Contact
    from registry.models.letters import Party

    clerk = User.objects.get(username="amina")
    pages: dict[bool, list[int]] = {True: [], False: []}
    for number in range(CONTACTS):
        enciphered = bool(number % 2)
        points = [Point("phone", _phone(number)), Point("email", f"c{number}@example.org")]
        with contextlib.nullcontext() if enciphered else in_the_clear():
            row = create_contact(ContactData(f"Fatima {number}", points=points), actor=clerk)
        pages[enciphered].append(row.pk)

    def register(turn: int, _enciphered: bool) -> object:
        party = PartyData(
            Party.Role.SENDER, name="F. Bennis", email="f@example.org", phone=_phone(turn)
        )
        return receive_letter(
            LetterData(
                register="IN", channel="counter", subject="Fuite", received_at=timezone.now(),
                parties=[party],
            ),
            actor=clerk, message="De l’eau coule dans la rue.",
        )  # fmt: skip

    def show(turn: int, enciphered: bool) -> object:
        first = turn % (CONTACTS // 2 - SHOWN)
        ids = pages[enciphered][first : first + SHOWN]
        rows = list(Contact.objects.filter(pk__in=ids))
        return rows, [point.value for point in points_of_all([row.pk for row in rows])]

    def look_up(turn: int, enciphered: bool) -> object:
        number = 2 * (turn % (CONTACTS // 2)) + enciphered
        found = list(find_contacts(_phone(number)))
        if len(found) != 1:
            raise AssertionError(f"{len(found)} contacts of {_phone(number)}")
        return found

    return {
        "a letter with its sender": register,
        f"{SHOWN} contacts with their points": show,
        "a contact by its telephone": look_up,
    }


def _phone(number: int) -> str:
    return f"06{number:08d}"


if __name__ == "__main__":
    main(sys.argv[1:])
