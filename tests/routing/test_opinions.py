"""Opinions: side by side or in turn, read while asked and after the answer, holding nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from org.models import User
from registry.access import NoSuchLetterError, get_letter
from registry.changes import history_of
from registry.models.letters import Letter
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.assigning import giving
from routing.inbox import assignments
from routing.models.assignments import Assignment
from routing.models.opinions import Opinion
from routing.opinions import opinion_requests
from routing.opinions.opinion_requests import AskedDepartment
from tests.factories import department, person

pytestmark = pytest.mark.django_db


def ask(letter: Letter, actor: User, *codes: str, in_turn: bool = False) -> list[Opinion]:
    asked = [AskedDepartment(department(code)) for code in codes]
    return opinion_requests.ask_opinions(
        letter, asked, question="Qu'en pensez-vous ?", actor=actor, in_turn=in_turn
    )


def reads(user: User, letter: Letter) -> bool:
    try:
        return bool(get_letter(user, letter.pk))
    except NoSuchLetterError:
        return False


def test_the_asked_read_while_asked_and_after_the_answer(
    accepted: Assignment, badr: User, chafik: User, register_is_clean: Callable[[], None]
) -> None:
    letter = accepted.letter
    assert not reads(chafik, letter)
    (opinion,) = ask(letter, badr, "SI")
    assert reads(chafik, letter)
    assert list(opinion_requests.asked_of(chafik)) == [opinion]
    opinion_requests.give_opinion(opinion, actor=chafik, answer="D'accord.")
    assert (opinion.state, opinion.asked_for) == ("given", accepted.department)
    assert reads(chafik, letter)
    assert not opinion_requests.asked_of(chafik).exists()
    register_is_clean()
    # What was asked and answered stands in its row, never in the history.
    assert "accord" not in str([event.data for event in history_of(letter.pk)])


def test_who_is_asked_no_more_reads_no_more(
    accepted: Assignment, badr: User, chafik: User, register_is_clean: Callable[[], None]
) -> None:
    (opinion,) = ask(accepted.letter, badr, "SI")
    opinion_requests.withdraw_opinion(opinion, actor=badr)
    assert not reads(chafik, accepted.letter)
    with pytest.raises(NotAllowedError):  # nor is anything told to who reads no more
        opinion_requests.give_opinion(opinion, actor=chafik, answer="Trop tard")
    register_is_clean()


def test_a_withdrawn_question_leaves_a_copy_readable(
    accepted: Assignment, amina: User, badr: User, chafik: User
) -> None:
    giving.assign(accepted.letter, department=department("SI"), actor=amina, role="copy")
    (opinion,) = ask(accepted.letter, badr, "SI")
    opinion_requests.withdraw_opinion(opinion, actor=badr)
    assert reads(chafik, accepted.letter)


def test_who_refuses_the_letter_reads_on_while_asked(
    letter: Letter, amina: User, chafik: User, direction: User
) -> None:
    given = giving.assign(letter, department=department("SI"), actor=amina)
    ask(letter, amina, "SI")
    assignments.refuse(given, actor=chafik, reason="Pas nous")
    assert reads(chafik, letter)


def test_in_turn_each_waits_for_the_one_before(
    accepted: Assignment, badr: User, chafik: User, register_is_clean: Callable[[], None]
) -> None:
    first, second = ask(accepted.letter, badr, "DG", "SI", in_turn=True)
    assert (first.state, second.state) == ("open", "waiting")
    assert not reads(chafik, accepted.letter)
    with pytest.raises(NotAllowedError):
        opinion_requests.give_opinion(second, actor=chafik, answer="Avant mon tour")
    opinion_requests.give_opinion(first, actor=person("direction"), answer="Oui")
    second.refresh_from_db()
    assert second.state == "open"
    assert reads(chafik, accepted.letter)
    register_is_clean()


def test_a_withdrawn_question_passes_the_turn_on(
    accepted: Assignment, badr: User, chafik: User
) -> None:
    first, second = ask(accepted.letter, badr, "JUR", "SI", in_turn=True)
    opinion_requests.withdraw_opinion(first, actor=badr)
    second.refresh_from_db()
    assert second.state == "open"


def test_open_opinions_hold_no_letter_up(accepted: Assignment, badr: User) -> None:
    ask(accepted.letter, badr, "SI", "JUR")
    assignments.sign_off(accepted, actor=badr, method="noted")
    assert accepted.letter.stage == "closed"


def test_only_who_has_the_letter_in_hand_or_routes_asks(
    assigned: Assignment, amina: User, badr: User, chafik: User, audit: User
) -> None:
    for who in (badr, chafik, audit):  # not accepted yet; not theirs
        with pytest.raises(NotAllowedError):
            ask(assigned.letter, who, "JUR")
    ask(assigned.letter, amina, "JUR")


def test_what_cannot_be_asked(accepted: Assignment, badr: User, chafik: User) -> None:
    letter, si = accepted.letter, department("SI")
    ask(letter, badr, "JUR")
    for codes in ((), ("EAU",), ("JUR",), ("SI", "SI")):
        with pytest.raises(NotAllowedError):
            ask(letter, badr, *codes)
    with pytest.raises(NotAllowedError):
        opinion_requests.ask_opinions(letter, [AskedDepartment(si)], question="  ", actor=badr)
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(NotAllowedError):
        opinion_requests.ask_opinions(
            letter, [AskedDepartment(si)], question="?", actor=badr, due_on=yesterday
        )
    with pytest.raises(NotAllowedError):
        opinion_requests.ask_opinions(
            letter, [AskedDepartment(si, person=badr)], question="?", actor=badr
        )
    opinion_requests.ask_opinions(
        letter, [AskedDepartment(si, person=chafik)], question="?", actor=badr
    )


def test_the_second_answer_is_told_that_the_first_was_faster(
    accepted: Assignment, badr: User, chafik: User
) -> None:
    (opinion,) = ask(accepted.letter, badr, "SI")
    again = Opinion.objects.select_related("letter", "department").get(pk=opinion.pk)
    opinion_requests.give_opinion(opinion, actor=chafik, answer="Oui")
    with pytest.raises(ConflictError):
        opinion_requests.give_opinion(again, actor=chafik, answer="Non")
    with pytest.raises(NotAllowedError):
        opinion_requests.give_opinion(again, actor=chafik, answer=" ")


def test_nobody_answers_for_others(accepted: Assignment, badr: User, chafik: User) -> None:
    opinion, _other = ask(accepted.letter, badr, "JUR", "SI")
    with pytest.raises(NotAllowedError):
        opinion_requests.give_opinion(opinion, actor=chafik, answer="Je réponds pour JUR")
    with pytest.raises(NotAllowedError):
        opinion_requests.withdraw_opinion(opinion, actor=chafik)
