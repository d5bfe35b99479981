"""Voiding: a reason, two people, a numbered minute, and the number stays."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from org.models import User
from registry.book.voiding import VoidNotAllowedError, approve_void, ask_to_void, refuse_void
from registry.changes import history_of, move_stage
from registry.models.letters import Letter
from registry.models.registers import NumberSeries
from registry.models.voiding import VoidRequest
from registry.states import ConflictError
from registry.verification import verify_register
from tests.factories import deposit, person

pytestmark = pytest.mark.django_db


def test_a_voided_letter_keeps_its_number_and_has_a_minute(amina: User, direction: User) -> None:
    letter = deposit(actor=amina).letter
    number = letter.number
    request = ask_to_void(letter, actor=amina, reason="  enregistrée\n deux fois ")
    approve_void(request, actor=direction)
    letter = Letter.objects.get()
    assert (letter.stage, letter.number) == ("voided", number)
    request.refresh_from_db()
    assert request.reason == "enregistrée deux fois"
    assert request.minute_number == f"{letter.year}/PV/000001"
    assert history_of(letter.pk)[-1].data["minute"] == request.minute_number
    assert list(verify_register()) == []


@pytest.mark.parametrize("reason", ["", "  ", "\n\t"])
def test_voiding_needs_a_reason(amina: User, reason: str) -> None:
    letter = deposit().letter
    with pytest.raises(VoidNotAllowedError):
        ask_to_void(letter, actor=amina, reason=reason)
    assert not VoidRequest.objects.exists()


def test_who_asked_does_not_decide(amina: User) -> None:
    request = ask_to_void(deposit().letter, actor=amina, reason="double")
    for decide in (approve_void, refuse_void):
        with pytest.raises(VoidNotAllowedError):
            decide(request, actor=amina)
    assert Letter.objects.get().stage == "registered"
    assert not NumberSeries.objects.filter(register__code="PV").exists()


def test_the_database_knows_that_it_takes_two(amina: User) -> None:
    request = ask_to_void(deposit().letter, actor=amina, reason="double")
    with pytest.raises(IntegrityError), transaction.atomic():
        VoidRequest.objects.filter(pk=request.pk).update(decided_by=amina)


def test_it_is_asked_once_at_a_time(amina: User, audit: User, direction: User) -> None:
    letter = deposit().letter
    request = ask_to_void(letter, actor=amina, reason="double")
    with pytest.raises(VoidNotAllowedError):
        ask_to_void(letter, actor=audit, reason="double")
    refuse_void(request, actor=direction)
    assert Letter.objects.get().stage == "registered"
    again = ask_to_void(letter, actor=audit, reason="vraiment double")
    approve_void(again, actor=direction)
    with pytest.raises(VoidNotAllowedError):
        ask_to_void(Letter.objects.get(), actor=amina, reason="encore")
    assert list(verify_register()) == []


def test_a_decision_is_taken_once(amina: User, audit: User, direction: User) -> None:
    request = ask_to_void(deposit().letter, actor=amina, reason="double")
    approve_void(VoidRequest.objects.get(pk=request.pk), actor=direction)
    with pytest.raises(ConflictError):
        approve_void(request, actor=audit)
    assert NumberSeries.objects.get(register__code="PV").last == 1


def test_a_letter_voided_meanwhile_is_not_voided_again(
    amina: User, audit: User, direction: User
) -> None:
    """A page opened before the voiding still shows the letter as it was."""
    opened = deposit().letter
    approve_void(ask_to_void(Letter.objects.get(), actor=amina, reason="double"), actor=direction)
    with pytest.raises(VoidNotAllowedError):
        ask_to_void(opened, actor=audit, reason="double")
    assert VoidRequest.objects.count() == 1
    assert list(verify_register()) == []


def test_a_voided_letter_takes_no_second_minute(amina: User, audit: User, direction: User) -> None:
    letter = deposit().letter
    request = ask_to_void(letter, actor=amina, reason="double")
    with transaction.atomic():
        move_stage(letter, "voided", actor=None)
    with pytest.raises(ConflictError):
        approve_void(request, actor=direction)
    assert not NumberSeries.objects.filter(register__code="PV").exists()
    refuse_void(VoidRequest.objects.get(), actor=direction)
    assert list(verify_register()) == []


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_the_same_moment_take_one_minute() -> None:
    request = ask_to_void(deposit().letter, actor=person("amina"), reason="double")
    start = threading.Barrier(2)

    def decide(name: str) -> bool:
        try:
            mine = VoidRequest.objects.get(pk=request.pk)
            who = person(name)
            start.wait()
            approve_void(mine, actor=who)
        except ConflictError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, ["direction", "audit"])) == [False, True]
    assert NumberSeries.objects.get(register__code="PV").last == 1
    assert list(verify_register()) == []
