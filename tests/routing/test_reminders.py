"""Whoever is due a reminder gets it once, by page and e-mail, in office hours."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from jobs.models import Job
from org.models import Holiday, User
from registry.models.letters import Letter
from routing.assigning import giving
from routing.clocks import reminders, stopping
from routing.clocks.reminders import due_reminders, is_office_hour, save_reminders
from routing.inbox import assignments
from routing.models.assignments import Assignment
from routing.models.clocks import DeadlineRule, Reminder
from tests.factories import department, deposit, drain, kind, person

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


@pytest.fixture
def letter(rules: None) -> Letter:
    """A request for information that Badr of EAU has in hand."""
    found = deposit(kind=kind("enquiry"), actor=person("amina"), subject="Très secret").letter
    given = giving.assign(found, department=department("EAU"), actor=person("amina"))
    assignments.accept(given, actor=person("badr"))
    return found


def due(letter: Letter, day: date) -> None:
    Letter.objects.filter(pk=letter.pk).update(due_on=day)


def look(today: date) -> list[tuple[str, int]]:
    """A round on that day: who is reminded at which step."""
    rows = due_reminders(today, now=timezone.now())
    save_reminders("", rows)
    return sorted((row.person.username, row.days_left) for row in rows)


def test_person_head_and_director_are_reminded_one_after_the_other_and_once(
    letter: Letter,
) -> None:
    due(letter, MONDAY + timedelta(days=14))
    told = {}
    for n in range(28):
        today = MONDAY + timedelta(days=n)
        if today.isoweekday() < 6:
            for _ in range(2):  # twice a day, and the second finds nothing
                if found := look(today):
                    assert today not in told
                    told[today] = found
    assert told == {
        date(2026, 12, 2): [("badr", 5)],
        date(2026, 12, 4): [("badr", 1), ("dounia", 1)],  # the 6th is a Sunday
        date(2026, 12, 8): [("badr", -1), ("dounia", -1)],
        date(2026, 12, 14): [("direction", -5), ("dounia", -5)],  # the 12th is a Saturday
    }
    assert Reminder.objects.count() == 7


def test_two_rounds_at_once_write_each_reminder_once(letter: Letter) -> None:
    due(letter, MONDAY + timedelta(days=1))
    first, second = (due_reminders(MONDAY, now=timezone.now()) for _ in range(2))
    save_reminders("", first)
    save_reminders("", second)
    assert Reminder.objects.count() == len(first) == 2


def test_a_letter_that_is_answered_or_stands_reminds_nobody(letter: Letter, badr: User) -> None:
    stopping.stop_clock(letter, actor=badr, reason="Expertise")
    assert look(MONDAY + timedelta(days=300)) == []


def test_a_due_date_that_moves_is_reminded_of_anew(letter: Letter) -> None:
    due(letter, MONDAY + timedelta(days=1))
    assert len(look(MONDAY)) == 2
    due(letter, MONDAY + timedelta(days=31))
    assert look(MONDAY) == []
    assert len(look(MONDAY + timedelta(days=30))) == 2


def test_of_a_letter_that_lies_with_nobody_the_office_is_reminded(rules: None) -> None:
    letter = deposit(kind=kind("enquiry")).letter
    due(letter, MONDAY + timedelta(days=5))
    assert look(MONDAY) == [("amina", 5)]


def test_a_department_is_reminded_of_its_own_clock_as_well(letter: Letter) -> None:
    due(letter, MONDAY + timedelta(days=60))
    Assignment.objects.update(due_on=MONDAY + timedelta(days=5), due_explained={"days": 3})
    assert look(MONDAY) == [("badr", 5)]
    assert Reminder.objects.get().clock == "internal"


def test_where_silence_means_approval_warnings_come_earlier_and_go_higher(letter: Letter) -> None:
    DeadlineRule.objects.filter(kind=kind("enquiry")).update(silence="approval")
    due(letter, MONDAY + timedelta(days=15))
    assert look(MONDAY) == [("badr", 15), ("dounia", 15)]
    assert look(MONDAY + timedelta(days=10)) == [("badr", 5), ("direction", 5), ("dounia", 5)]
    assert look(MONDAY + timedelta(days=11)) == []


def test_one_mail_a_person_tells_numbers_and_days_and_nothing_else(letter: Letter) -> None:
    other = deposit(kind=kind("enquiry"), actor=person("amina"), subject="Autre").letter
    giving.assign(other, department=department("EAU"), actor=person("amina"))
    for one in (letter, other):
        due(one, timezone.localdate() - timedelta(days=1))
    save_reminders("", due_reminders(timezone.localdate() + timedelta(days=3), now=timezone.now()))
    drain("reminders.tell")
    assert sorted(message.to[0].split("@")[0] for message in mail.outbox) == ["badr", "dounia"]
    message = next(m for m in mail.outbox if m.to[0].startswith("dounia"))
    assert letter.number in message.body
    assert other.number in message.body
    assert "secret" not in message.body
    assert not Reminder.objects.filter(mailed_at=None).exists()
    with_nothing_new = len(mail.outbox)
    drain("reminders.tell")
    assert len(mail.outbox) == with_nothing_new


def test_what_was_answered_meanwhile_is_not_told(letter: Letter, badr: User) -> None:
    due(letter, MONDAY)
    save_reminders("", due_reminders(MONDAY, now=timezone.now()))
    assignments.sign_off(Assignment.objects.get(), actor=badr, method="phone")
    drain("reminders.tell")
    assert mail.outbox == []
    assert not Reminder.objects.filter(mailed_at=None).exists()


CASABLANCA = ZoneInfo("Africa/Casablanca")


@pytest.mark.parametrize(
    ("moment", "works"),
    [
        (datetime(2026, 11, 23, 9, 0, tzinfo=CASABLANCA), True),
        (datetime(2026, 11, 23, 7, 0, tzinfo=CASABLANCA), False),
        (datetime(2026, 11, 23, 18, 0, tzinfo=CASABLANCA), False),
        (datetime(2026, 11, 22, 9, 0, tzinfo=CASABLANCA), False),  # a Sunday
        (datetime(2026, 11, 18, 9, 0, tzinfo=CASABLANCA), False),  # Independence Day
    ],
)
def test_reminders_are_given_in_office_hours(moment: datetime, works: bool) -> None:
    Holiday.objects.create(day="2026-11-18", name_ar="ع", name_fr="Fête", name_en="Day")
    assert is_office_hour(moment) is works


def test_a_round_is_asked_for_once_an_hour(settings: Any) -> None:
    settings.OFFICE_HOURS = "1234567 00:00-23:59:59.999999"
    for _ in range(3):
        reminders.queue_reminders()
    assert Job.objects.filter(kind="reminders.look").count() == 1


def test_queries_do_not_grow_with_letters(
    letter: Letter, django_assert_max_num_queries: Any
) -> None:
    due(letter, MONDAY)
    for _ in range(10):
        more = deposit(kind=kind("enquiry"), actor=person("amina")).letter
        giving.assign(more, department=department("EAU"), actor=person("amina"))
        due(more, MONDAY)
    with django_assert_max_num_queries(20):
        found = due_reminders(MONDAY, now=timezone.now())
    # Nobody has accepted the other ten: there the head stands for the person.
    assert len(found) == 12


def test_the_page_shows_ones_own_until_they_are_seen(letter: Letter) -> None:
    due(letter, MONDAY)
    look(MONDAY)
    client = Client()
    client.force_login(person("badr"))
    page = client.get("/reminders/").content.decode()
    assert letter.number in page
    assert client.post("/reminders/seen/").status_code == 303
    assert letter.number not in client.get("/reminders/").content.decode()
    assert Reminder.objects.filter(seen_at=None).count() == 1  # that of the head
