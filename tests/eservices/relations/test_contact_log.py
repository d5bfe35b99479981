"""Contacts are logged once, callers are found by number and by a name in either script."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from eservices.kinds import EserviceEvent
from eservices.relations.callbacks import (
    CallbackData,
    TryData,
    ask_callback,
    counts_of,
    log_try,
    take,
)
from eservices.relations.contact_log import talked
from eservices.relations.customer_calls import moments_of
from eservices.relations.customers import customer_of
from eservices.relations.errors import BadContactError
from eservices.relations.finding import find_customers
from eservices.relations.models import CallbackTask, ContactMoment
from registry.models.events import LetterEvent
from registry.states import ConflictError
from tests.eservices.relations.centre import agent, asked, called, citizen
from tests.factories import department, person

pytestmark = pytest.mark.django_db


def found(words: str) -> list[tuple[str, str]]:
    return [(one.kind, one.name) for one in find_customers(words, viewer=agent())]


def test_a_form_sent_twice_logs_one_call() -> None:
    first = called(form_key="k1", phone="0661 23 45 67", result="callback")
    again = called(form_key="k1", phone="0661 23 45 67", result="callback")
    assert (first.created, again.created) == (True, False)
    assert again.moment == first.moment
    assert ContactMoment.objects.count() == CallbackTask.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"subject": " "}, "subject"),
        ({"channel": "pigeon"}, "channel"),
        ({"result": "gone"}, "result"),
        ({"phone": "12"}, "phone"),
        ({"phone": "06 61 23 45 6"}, "phone"),
        ({"result": "callback"}, "phone"),
        ({"result": "request"}, "request"),
        ({"result": "forwarded", "phone": "0661234567"}, "unit"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(said: dict[str, Any], field: str) -> None:
    with pytest.raises(BadContactError) as told:
        called(**said)
    assert told.value.field == field
    assert not ContactMoment.objects.exists()


def test_a_caller_is_found_by_telephone_contract_and_name_in_the_other_script() -> None:
    called(name="Fatima Zahra El Idrissi", phone="+212 6 61 23 45 67")
    called(name="محمد بنجلون", contract_number="C-00123")
    assert found("0661234567") == [("call", "Fatima Zahra El Idrissi")]
    assert found("٠٦٦١٢٣٤٥٦٧") == [("call", "Fatima Zahra El Idrissi")]
    assert found("c00123") == [("call", "محمد بنجلون")]
    assert found("فاطمة الزهراء الإدريسي") == [("call", "Fatima Zahra El Idrissi")]
    assert found("Mohammed Benjelloun")[0] == ("call", "محمد بنجلون")
    assert found("Youssef Amrani") == []


def test_a_person_is_found_by_everything_that_is_known_of_them() -> None:
    someone = citizen("يوسف العمراني", "0612000001")
    request = asked(someone, contract_number="778899")
    called(phone="0612000001", name="Youssef")
    everywhere = ("0612000001", "778899", request.letter.number)
    assert {tuple(found(words)) for words in everywhere} == {(("person", "يوسف العمراني"),)}


def test_calls_are_of_the_same_customer_by_telephone() -> None:
    first = called(phone="0661234567").moment
    called(phone="00212661234567", subject="Encore")
    called(phone="0661999999", subject="Un autre")
    customer = customer_of("call", str(first.pk), viewer=agent())
    assert {row.subject for row in moments_of(customer)} == {"Facture élevée", "Encore"}
    assert customer.phones == ("0661234567",)


def test_a_search_takes_as_many_queries_for_many() -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as told:
            find_customers("0661234567", viewer=agent())
            find_customers("Idrissi", viewer=agent())
        return len(told)

    called(phone="0661234567", name="Idrissi 0")
    few = queries()
    for n in range(1, 30):
        called(phone=f"06612345{n:02}", name=f"Idrissi {n}")
    assert queries() <= few
    assert few <= 24


def test_a_contact_about_a_request_stands_in_its_history_without_personal_words() -> None:
    request = asked(name="Ali", phone="0661234567")
    called(phone="0661234567", name="Ali", request=request, result="callback")
    kinds = [EserviceEvent.CONTACT_LOGGED, EserviceEvent.CALLBACK_ASKED]
    rows = LetterEvent.objects.filter(letter=request.letter, kind__in=kinds).order_by("seq")
    assert [row.kind for row in rows] == kinds
    assert "0661234567" not in str([row.data for row in rows])
    assert "Ali" not in str([row.data for row in rows])


def test_a_call_back_is_tried_until_somebody_is_reached() -> None:
    hind = agent()
    task = ask_callback(CallbackData("0661234567", "Facture", key="a"), actor=hind)
    assert ask_callback(CallbackData("0661234567", "Facture", key="a"), actor=hind) == task
    assert task.unit.code == "COM"
    promised = task.promised_at
    row = log_try(task, TryData(reached=False, tried=0, remark="Messagerie"), actor=hind)
    assert row.done_at is None
    assert timedelta(minutes=59) < row.due_at - timezone.now() < timedelta(minutes=61)
    assert row.promised_at == promised
    with pytest.raises(ConflictError):  # the form of before, sent again
        log_try(task, TryData(reached=False, tried=0), actor=hind)
    with pytest.raises(BadContactError):
        log_try(task, TryData(reached=False, tried=1, give_up=True), actor=hind)
    row = log_try(task, TryData(reached=True, tried=1), actor=hind)
    assert (row.tried, row.reached, row.tries.count()) == (2, True, 2)
    assert row.done_at
    assert [m.result for m in ContactMoment.objects.order_by("at")] == ["not_reached", "answered"]
    with pytest.raises(ConflictError):
        log_try(task, TryData(reached=True, tried=2), actor=hind)


def test_what_another_took_is_not_taken_again() -> None:
    task = ask_callback(CallbackData("0661234567", "Facture"), actor=agent())
    take(task, actor=agent())
    take(task, actor=agent())
    with pytest.raises(ConflictError):
        take(task, actor=person("badr"))


def test_counts_are_right_beyond_a_page() -> None:
    hind = agent()
    for n in range(45):
        unit = department("EAU" if n % 3 else "COM")
        ask_callback(CallbackData(f"06610000{n:02}", "Rappel", unit=unit), actor=hind)
    take(CallbackTask.objects.earliest("pk"), actor=hind)
    CallbackTask.objects.filter(unit__code="EAU").update(due_at=timezone.now() - timedelta(hours=1))
    counts = counts_of(CallbackTask.objects.all(), user=hind)
    assert (counts.open, counts.late, counts.mine, counts.free) == (45, 30, 1, 44)


def test_the_time_that_a_page_measured_is_bounded_by_the_page_itself() -> None:
    now = timezone.now()
    opened = now - timedelta(seconds=60)
    assert talked(20, opened_at=opened, now=now) == 20
    assert talked(900, opened_at=opened, now=now) == 61
    assert talked(None, opened_at=opened, now=now) == 61
    assert talked(-5, opened_at=opened, now=now) == 0
    assert talked(30, opened_at=None, now=now) == 30
