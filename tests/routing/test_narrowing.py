"""What narrows a list of work, as the database is asked for it."""

import pytest

from org.models import User
from routing.assigning import giving
from routing.inbox import reading
from routing.inbox.narrowing import Narrowing, narrow, narrow_tray
from routing.models.assignments import Assignment
from tests.factories import department, deposit

pytestmark = pytest.mark.django_db
TAZI = Narrowing(sender="tazi")


def test_a_sender_of_many_letters_is_one_value_for_the_database(amina: User) -> None:
    """A database takes so many values in a question, and a sender may have more letters."""

    def asked() -> list[tuple[int, int]]:
        """Return how many rows are found, and with how many values, of both lists."""
        work = narrow(Assignment.objects.filter(state="open"), TAZI)
        tray = narrow_tray(reading.tray_keys(amina), TAZI)
        return [(len(rows), len(rows.query.sql_with_params()[1])) for rows in (work, tray)]

    def arrive(senders: tuple[str, ...]) -> None:
        for sender in senders:
            deposit(actor=amina, sender=sender)
            letter = deposit(actor=amina, sender=sender).letter
            giving.assign(letter, department=department("EAU"), actor=amina)

    arrive(("Zineb Tazi", "Amal Naciri"))
    (one, work_values), (waiting, tray_values) = asked()
    assert (one, waiting) == (1, 1)
    arrive(("Zineb Tazi", "Rachid Ettazi"))
    assert asked() == [(3, work_values), (3, tray_values)]


def test_a_sender_whom_nobody_knows_has_no_letters(amina: User) -> None:
    letter = deposit(actor=amina).letter
    giving.assign(letter, department=department("EAU"), actor=amina)
    deposit(actor=amina)
    assert not narrow(Assignment.objects.filter(state="open"), TAZI).exists()
    assert not narrow_tray(reading.tray_keys(amina), TAZI).exists()
