"""Who stands in for an absent person is reminded for them: each reminder once, none lost."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from org.absences import announce, end_early
from org.models import Absence, User
from registry.models.letters import Letter
from routing.assigning import giving
from routing.clocks.reminders import due_reminders, save_reminders
from routing.inbox import assignments
from routing.models.assignments import Assignment
from routing.models.clocks import Reminder
from tests.factories import department, deposit, drain, kind, person

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def _always_open(settings: object) -> None:
    settings.OFFICE_HOURS = "1234567 00:00-23:59:59.999999"  # type: ignore[attr-defined]


def letter_of(who: str, *, left: int = 5) -> Letter:
    """A letter that somebody of EAU has in hand, due in so many days."""
    found = deposit(kind=kind("enquiry"), actor=person("amina"), subject="Très secret").letter
    given = giving.assign(found, department=department("EAU"), actor=person("amina"))
    assignments.accept(given, actor=person(who))
    Letter.objects.filter(pk=found.pk).update(due_on=TODAY() + timedelta(days=left))
    return found


def away(who: User, delegate: User, *, since: int = 0, until: int = 3) -> Absence:
    today = TODAY()
    starts, ends = today + timedelta(days=since), today + timedelta(days=until)
    return announce(who, delegate=delegate, starts_on=starts, ends_on=ends, actor=who)


def look(day: date | None = None) -> list[tuple[str, str]]:
    """A round: who was reminded by it, and for whom."""
    before = set(Reminder.objects.values_list("pk", flat=True))
    save_reminders("", due_reminders(day or TODAY(), now=timezone.now()))
    rows = Reminder.objects.exclude(pk__in=before).select_related("person", "instead_of")
    return sorted(
        (row.person.username, row.instead_of.username if row.instead_of else "") for row in rows
    )


def test_both_are_reminded_and_the_stand_in_is_told_for_whom(badr: User, chafik: User) -> None:
    letter_of("badr")
    away(badr, chafik)
    assert look() == [("badr", ""), ("chafik", "badr")]
    assert look() == []


def test_nobody_is_reminded_for_who_is_not_away_yet_or_any_more(badr: User, chafik: User) -> None:
    letter_of("badr")
    away(badr, chafik, since=1)
    end_early(away(badr, chafik, until=0), actor=badr)
    assert look() == [("badr", "")]


def test_an_absence_that_is_announced_late_loses_nothing(badr: User, chafik: User) -> None:
    letter_of("badr")
    assert look() == [("badr", "")]
    away(badr, chafik, since=-1)
    assert look() == [("chafik", "badr")]
    assert look() == []


def test_what_was_told_before_the_absence_is_not_told_again(badr: User, chafik: User) -> None:
    letter_of("badr")
    look()
    Reminder.objects.update(made_at=timezone.now() - timedelta(days=2))
    away(badr, chafik)
    assert look() == []


def test_what_is_answered_or_due_later_is_not_passed_on(badr: User, chafik: User) -> None:
    moved, answered = letter_of("badr"), letter_of("badr")
    look()
    Letter.objects.filter(pk=moved.pk).update(due_on=TODAY() + timedelta(days=40))
    assignments.sign_off(Assignment.objects.get(letter=answered), actor=badr, method="phone")
    away(badr, chafik)
    assert look() == []


def test_who_is_reminded_in_the_own_name_is_not_reminded_twice(badr: User, dounia: User) -> None:
    letter_of("badr", left=-1)  # person and head at this step
    away(badr, dounia)
    assert look() == [("badr", ""), ("dounia", "")]
    assert look() == []


def test_who_stands_in_for_two_is_told_of_a_step_once(
    badr: User, dounia: User, chafik: User
) -> None:
    letter_of("badr", left=-1)
    away(badr, chafik)
    away(dounia, chafik)
    assert [who for who, _for in look()] == ["badr", "chafik", "dounia"]
    assert look() == []


def test_nothing_is_handed_on(badr: User, chafik: User, dounia: User) -> None:
    letter_of("badr")
    away(badr, chafik)
    look()
    away(chafik, dounia)
    assert look() == []


def test_a_new_stand_in_is_told_what_came_since_the_new_absence(
    badr: User, chafik: User, dounia: User
) -> None:
    letter_of("badr")
    first = away(badr, chafik)
    look()
    end_early(first, actor=badr)
    away(badr, dounia)
    assert look() == [("dounia", "badr")]


def test_two_rounds_at_once_write_each_once(badr: User, chafik: User) -> None:
    letter_of("badr")
    away(badr, chafik)
    first, second = (due_reminders(TODAY(), now=timezone.now()) for _ in range(2))
    save_reminders("", first)
    save_reminders("", second)
    assert Reminder.objects.count() == len(first) == 2


def test_the_mail_and_the_page_say_for_whom(badr: User, chafik: User) -> None:
    letter = letter_of("badr")
    absence = away(badr, chafik)
    look()
    drain("reminders.tell")
    told = {message.to[0].split("@")[0]: message.body for message in mail.outbox}
    assert set(told) == {"badr", "chafik"}
    assert letter.number in told["chafik"]
    assert "pour" in told["chafik"]
    assert badr.shown_name in told["chafik"]
    assert badr.shown_name not in told["badr"]
    assert "secret" not in told["chafik"]
    client = Client()
    client.force_login(chafik)
    page = client.get("/reminders/").content.decode()
    assert letter.number in page
    assert badr.shown_name in page
    end_early(absence, actor=badr)
    assert letter.number not in client.get("/reminders/").content.decode()


def test_who_stands_in_no_more_when_the_mail_is_written_is_not_told(
    badr: User, chafik: User
) -> None:
    letter_of("badr")
    absence = away(badr, chafik)
    look()
    end_early(absence, actor=badr)
    drain("reminders.tell")
    assert [message.to[0].split("@")[0] for message in mail.outbox] == ["badr"]
    assert not Reminder.objects.filter(mailed_at=None).exists()


def test_each_step_of_a_whole_absence_reaches_the_stand_in_once(badr: User, chafik: User) -> None:
    """The property: with rounds each day, several a day, the stand-in has what the absent has."""
    for left in range(-3, 12):
        letter_of("badr", left=left)
    away(badr, chafik, until=20)
    for n in range(20):
        for _round in range(2):
            look(TODAY() + timedelta(days=n))
    step = ("letter_id", "department_id", "clock", "due_on", "days_left")
    own = Reminder.objects.filter(person=badr, instead_of=None).values_list(*step)
    passed_on = Reminder.objects.filter(person=chafik, instead_of=badr).values_list(*step)
    assert len(own) > 15
    assert sorted(own) == sorted(passed_on)


def test_queries_do_not_grow_with_letters(
    badr: User, chafik: User, django_assert_max_num_queries: object
) -> None:
    for _ in range(12):
        letter_of("badr")
    away(badr, chafik)
    with django_assert_max_num_queries(23):  # type: ignore[operator]
        assert len(due_reminders(TODAY(), now=timezone.now())) == 24
