"""Saved searches and their alerts: kept, counted and told within the rights of the moment."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs.models import Job
from org.models import Membership, User
from registry.models.letters import Letter
from registry.models.readers import DepartmentReader
from search.address.request import SearchRequest
from search.saved.alerts import alert_round_work, queue_alerts
from search.saved.models import SavedSearch, SearchAlert
from search.saved.searches import (
    BadSavedSearchError,
    NoSuchSearchError,
    get_saved,
    mark_viewed,
    new_letters,
    save_search,
)
from tests.factories import address, deposit, drain

pytestmark = pytest.mark.django_db
ZELLIGE = SearchRequest(words="zellige")


@pytest.fixture(autouse=True)
def _own_index(own_data_dir: Path) -> None:
    """An index of the test's own."""


def kept(person: User, *, name: str = "Zellige", alert: str = "none", **how: Any) -> SavedSearch:
    User.objects.filter(pk=person.pk).update(email=f"{person.username}@office.example")
    person.refresh_from_db()
    return save_search(person=person, name=name, asked=ZELLIGE, alert=alert, **how)


def round_of_alerts() -> None:
    """One round, as the clock asks for it."""
    Job.objects.filter(kind="search.alerts").delete()
    queue_alerts()
    drain("search.alerts")
    drain("search.tell")


def test_new_letters_are_counted_since_the_last_look(amina: User) -> None:
    deposit(subject="Zellige")
    search = kept(amina)
    drain("letter.index")
    assert new_letters(search) == 0
    deposit(subject="Zellige")
    drain("letter.index")
    assert new_letters(search) == 1
    mark_viewed(search)
    search.refresh_from_db()
    assert new_letters(search) == 0


def test_a_count_tells_nothing_of_letters_of_others(chafik: User) -> None:
    search = kept(chafik)
    deposit(subject="Zellige", departments=["EAU"])
    lost = address(deposit(subject="Zellige").letter, "SI")
    drain("letter.index")
    assert new_letters(search) == 1
    DepartmentReader.objects.filter(pk=lost.pk).update(active=False)
    assert new_letters(search) == 0


def test_an_alert_tells_how_many_and_their_numbers_but_not_what_they_say(amina: User) -> None:
    kept(amina, alert="at_once")
    letter = deposit(subject="Zellige très secret", sender="Karim Tahiri").letter
    drain("letter.index")
    round_of_alerts()
    (message,) = mail.outbox
    assert message.to == ["amina@office.example"]
    assert letter.number in message.body
    assert "secret" not in f"{message.subject} {message.body}"
    assert "Tahiri" not in message.body
    round_of_alerts()
    assert len(mail.outbox) == 1


def test_a_letter_read_later_is_still_told(amina: User) -> None:
    from registry.reading.readings import NewReading, record_readings

    kept(amina, alert="at_once")
    letter = deposit(subject="Autre").letter
    drain("letter.index")
    round_of_alerts()
    assert mail.outbox == []
    SavedSearch.objects.update(looked_at=timezone.now() + datetime.timedelta(minutes=10))
    reading = NewReading(letter.documents.get().pk, "test", "fr", "Le zellige", pages=[])
    record_readings(letter, [reading])
    drain("letter.index")
    round_of_alerts()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("lost", ["right", "membership", "account", "address"])
def test_who_has_no_right_any_more_is_told_nothing(chafik: User, lost: str) -> None:
    kept(chafik, alert="at_once")
    row = address(deposit(subject="Zellige").letter, "SI")
    drain("letter.index")
    queue_alerts()
    drain("search.alerts")
    match lost:
        case "right":
            DepartmentReader.objects.filter(pk=row.pk).update(active=False)
        case "membership":
            Membership.objects.filter(user=chafik).delete()
        case "account":
            User.objects.filter(pk=chafik.pk).update(is_active=False)
        case "address":
            User.objects.filter(pk=chafik.pk).update(email="")
    drain("search.tell")
    assert mail.outbox == []
    assert not SearchAlert.objects.filter(told_at=None).exists()


def test_alerts_of_letters_of_others_are_not_even_found(chafik: User) -> None:
    kept(chafik, alert="at_once")
    deposit(subject="Zellige", departments=["EAU"])
    drain("letter.index")
    round_of_alerts()
    assert mail.outbox == []
    assert not SearchAlert.objects.exists()


def test_the_daily_alert_comes_once_a_day(amina: User) -> None:
    search = kept(amina, alert="daily")
    deposit(subject="Zellige")
    drain("letter.index")
    round_of_alerts()
    assert mail.outbox == []
    yesterday = timezone.now() - datetime.timedelta(days=1)
    SavedSearch.objects.filter(pk=search.pk).update(looked_at=yesterday)
    at_noon = timezone.localtime().replace(hour=12)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("search.saved.alerts.timezone.now", lambda: at_noon)
        round_of_alerts()
    assert len(mail.outbox) == 1


def test_equal_searches_of_equal_rights_are_asked_once(
    amina: User, direction: User, audit: User, monkeypatch: Any
) -> None:
    asked: list[str] = []
    original = SearchRequest.find

    def counting(self: SearchRequest, viewer: User, **how: Any) -> Any:
        asked.append(viewer.username)
        return original(self, viewer, **how)

    monkeypatch.setattr(SearchRequest, "find", counting)
    for number in range(20):
        kept(amina, name=f"Zellige {number}", alert="at_once")
    deposit(subject="Zellige")
    drain("letter.index")
    looked = alert_round_work("", lambda _done, _total: None)
    assert len(looked.found) == 20
    assert len(asked) == 1


def test_a_round_of_many_searches_takes_few_queries(amina: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            alert_round_work("", lambda _done, _total: None)
        return len(caught)

    deposit(subject="Zellige")
    drain("letter.index")
    kept(amina, name="A", alert="at_once")
    one = queries()
    for number in range(10):
        kept(amina, name=f"B{number}", alert="at_once")
    # The rights of each person are read anew for each search; nothing else grows.
    assert queries() - one <= 10


def test_no_alert_no_round(amina: User) -> None:
    kept(amina)
    queue_alerts()
    assert not Job.objects.filter(kind="search.alerts").exists()


@pytest.mark.parametrize(
    ("name", "asked", "alert"),
    [
        ("", ZELLIGE, "none"),
        ("Zellige", ZELLIGE, "sometimes"),
        ("Zellige", SearchRequest(), "none"),
        ("Zellige", SearchRequest(words="é" * 900), "none"),
    ],
)
def test_what_makes_no_sense_is_not_kept(
    amina: User, name: str, asked: SearchRequest, alert: str
) -> None:
    with pytest.raises(BadSavedSearchError):
        save_search(person=amina, name=name, asked=asked, alert=alert)


def test_a_name_is_given_once(amina: User, badr: User) -> None:
    kept(amina)
    kept(badr)
    with pytest.raises(BadSavedSearchError):
        kept(amina)


def test_an_alert_needs_an_address(amina: User) -> None:
    User.objects.filter(pk=amina.pk).update(email="")
    amina.refresh_from_db()
    with pytest.raises(BadSavedSearchError):
        save_search(person=amina, name="Zellige", asked=ZELLIGE, alert="daily")


def test_a_saved_search_is_its_persons_alone(amina: User, chafik: User) -> None:
    search = kept(amina)
    with pytest.raises(NoSuchSearchError):
        get_saved(chafik, search.pk)
    assert Letter.objects.count() == 0
