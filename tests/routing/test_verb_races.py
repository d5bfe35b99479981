"""Two who act in the same second on transfers, opinions, papers and absences: one wins."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from org.absences import AbsenceError, announce
from org.models import Absence
from registry.models.letters import Letter
from registry.states import ConflictError
from registry.verification import verify_register
from routing.acting.errors import NotAllowedError
from routing.assigning import giving
from routing.custody.holding import hand_over_paper, take_paper
from routing.inbox import assignments
from routing.models.assignments import Assignment
from routing.models.custody import Custody
from routing.models.opinions import Opinion
from routing.opinions import opinion_requests
from tests.factories import department, deposit, person

pytestmark = pytest.mark.django_db(transaction=True)
REFUSED = (ConflictError, NotAllowedError, AbsenceError)


def together(*deeds: Callable[[], object]) -> list[str]:
    """Do them all at once, each in a thread; the names of what came of each, sorted."""
    ready, told = threading.Barrier(len(deeds)), []

    def run(deed: Callable[[], object]) -> None:
        ready.wait()
        try:
            deed()
            told.append("done")
        except REFUSED as error:
            told.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


def assigned() -> Assignment:
    return giving.assign(deposit().letter, department=department("EAU"), actor=person("amina"))


def fresh(row: Assignment) -> Assignment:
    return Assignment.objects.select_related("letter", "department").get(pk=row.pk)


def test_two_clerks_transfer_and_one_is_told() -> None:
    row, amina, direction = assigned(), person("amina"), person("direction")
    one, two = fresh(row), fresh(row)
    told = together(
        lambda: assignments.transfer(one, actor=amina, department=department("ASS"), reason="a"),
        lambda: assignments.transfer(two, actor=direction, department=department("SI"), reason="b"),
    )
    assert told.count("done") == 1
    assert Assignment.objects.filter(state="open").count() == 1
    assert list(verify_register()) == []


def test_one_accepts_while_another_transfers() -> None:
    row, amina, badr = assigned(), person("amina"), person("badr")
    one, two = fresh(row), fresh(row)
    told = together(
        lambda: assignments.accept(one, actor=badr),
        lambda: assignments.transfer(two, actor=amina, department=department("SI"), reason="b"),
    )
    assert told.count("done") == 1
    assert list(verify_register()) == []


def test_two_answers_to_one_question() -> None:
    row, badr, chafik = assigned(), person("badr"), person("chafik")
    assignments.accept(row, actor=badr)
    (opinion,) = opinion_requests.ask_opinions(
        row.letter, [opinion_requests.AskedDepartment(department("SI"))], question="?", actor=badr
    )

    def again() -> Opinion:
        return Opinion.objects.select_related("letter", "department", "asked_for").get(
            pk=opinion.pk
        )

    one, two = again(), again()
    told = together(
        lambda: opinion_requests.give_opinion(one, actor=chafik, answer="Oui"),
        lambda: opinion_requests.withdraw_opinion(two, actor=badr),
    )
    assert told.count("done") == 1
    assert list(verify_register()) == []


def test_a_paper_has_one_holder_however_many_take_it() -> None:
    row, amina, badr = assigned(), person("amina"), person("badr")
    pk = row.letter_id
    together(
        lambda: take_paper(Letter.objects.get(pk=pk), actor=amina),
        lambda: take_paper(Letter.objects.get(pk=pk), actor=badr),
        lambda: hand_over_paper(
            Letter.objects.get(pk=pk), actor=amina, department=department("EAU")
        ),
    )
    assert Custody.objects.filter(letter=pk, current=True).count() == 1
    assert list(verify_register()) == []


def test_two_absences_that_meet_are_not_both_written() -> None:
    dounia, badr, chafik = person("dounia"), person("badr"), person("chafik")
    today = timezone.localdate()

    def away(delegate: object) -> Callable[[], object]:
        return lambda: announce(
            dounia,
            delegate=delegate,  # type: ignore[arg-type]
            starts_on=today,
            ends_on=today,
            actor=dounia,
        )

    assert together(away(badr), away(chafik)) == ["AbsenceError", "done"]
    # Nor do two people stand in for each other on the same days.
    Absence.objects.all().delete()
    told = together(
        lambda: announce(dounia, delegate=badr, starts_on=today, ends_on=today, actor=dounia),
        lambda: announce(badr, delegate=dounia, starts_on=today, ends_on=today, actor=badr),
    )
    assert "done" in told
