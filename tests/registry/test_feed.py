"""The feed of events: nothing is skipped or comes twice, and nothing is of others' letters."""

import threading
import time
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from org.models import User
from registry.changes import record_change
from registry.feed import Place, events_after, place_at
from registry.kinds import RegistryEvent
from registry.models.letters import Letter
from tests.factories import deposit, person

TWO_WRITERS = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time"
)


def followed(place: Place, viewer: User, **asked: Any) -> tuple[list[str], Place]:
    """Read on until nothing comes; return the hashes in the order of reading."""
    found: list[str] = []
    while True:
        events, now = events_after(place, viewer=viewer, **asked)
        found += [event.hash for event in events]
        if now.after == place.after:
            return found, now
        place = now


@pytest.mark.django_db
def test_it_is_read_in_pages_to_the_end_and_on_from_there() -> None:
    amina = person("amina")
    begin = place_at(timezone.now())
    letters = [deposit(actor=amina).letter for _ in range(3)]
    written = {event.hash for letter in letters for event in letter.events.all()}
    found, place = followed(begin, amina, limit=2)
    assert set(found) == written
    assert len(found) == len(written)
    later = deposit(actor=amina).letter
    found, _place = followed(place, amina)
    assert set(found) == {event.hash for event in later.events.all()}


@pytest.mark.django_db
def test_it_shows_no_letter_that_the_reader_may_not_read() -> None:
    begin = place_at(timezone.now())
    deposit(actor=person("amina"))
    assert followed(begin, person("chafik"))[0] == []
    assert followed(begin, person("amina"))[0]


@pytest.mark.django_db
def test_it_is_narrowed_to_kinds() -> None:
    amina = person("amina")
    begin = place_at(timezone.now())
    letter = deposit(actor=amina).letter
    with transaction.atomic():
        record_change(letter, RegistryEvent.CONFIRMED, actor=amina)
    events, _place = events_after(begin, viewer=amina, kinds=[RegistryEvent.CONFIRMED])
    assert [event.kind for event in events] == ["confirmed"]


@TWO_WRITERS
@pytest.mark.django_db(transaction=True)
def test_what_commits_late_comes_once_and_in_the_next_page() -> None:
    amina = person("amina")
    first, second = deposit(actor=amina).letter, deposit(actor=amina).letter
    _, place = followed(Place(), amina)
    written, may_end = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            record_change(first, RegistryEvent.CONFIRMED, actor=amina)
            written.set()
            may_end.wait(60)
        connection.close()

    late = threading.Thread(target=slowly)
    late.start()
    assert written.wait(60)
    try:
        confirm(second, amina)
        found, place = followed(place, amina)
        assert found == [newest(second)]
        found, place = followed(place, amina)
        assert found == []
    finally:
        may_end.set()
        late.join()
    found, place = read_once_more(place, amina)
    assert found == [newest(first)]
    assert until_settled(place, amina) == []


@TWO_WRITERS
@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_forgotten() -> None:
    amina = person("amina")
    letter = deposit(actor=amina).letter
    _, place = followed(Place(), amina)
    with transaction.atomic():
        record_change(letter, RegistryEvent.CONFIRMED, actor=amina)
        transaction.set_rollback(True)
    confirm(Letter.objects.get(pk=letter.pk), amina)
    found, place = followed(place, amina)
    assert len(found) == 1
    assert until_settled(place, amina) == []


def confirm(letter: Letter, actor: User) -> None:
    with transaction.atomic():
        record_change(letter, RegistryEvent.CONFIRMED, actor=actor)


def newest(letter: Letter) -> str:
    return str(letter.events.latest("seq").hash)


def read_once_more(place: Place, viewer: User) -> tuple[list[str], Place]:
    events, now = events_after(place, viewer=viewer)
    return [event.hash for event in events], now


def until_settled(place: Place, viewer: User) -> list[str]:
    """Read on until no gap is left; what came. A gap stays while any older transaction of the
    server runs, those of other databases too, so that one reading may come too early.
    """
    found: list[str] = []
    deadline = time.monotonic() + 120
    while place.gaps and time.monotonic() < deadline:
        more, place = read_once_more(place, viewer)
        found += more
        time.sleep(0.05)
    assert place.gaps == ()
    return found
