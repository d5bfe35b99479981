"""The way of a paper: taken, handed over, confirmed, boxed; each stage is proven."""

from collections.abc import Callable

import pytest

from org.models import User
from registry.changes import history_of
from registry.models.letters import Letter
from routing.acting.errors import NotAllowedError
from routing.custody.holding import (
    box_paper,
    hand_over_paper,
    paper_of,
    papers_unconfirmed,
    papers_with,
    take_paper,
    way_of_paper,
)
from routing.models.assignments import Assignment
from tests.factories import department

pytestmark = pytest.mark.django_db


def test_a_paper_goes_from_hand_to_hand_into_a_box(
    assigned: Assignment, amina: User, badr: User, register_is_clean: Callable[[], None]
) -> None:
    letter = assigned.letter
    assert paper_of(letter) is None
    take_paper(letter, actor=amina)
    hand_over_paper(letter, actor=amina, department=department("EAU"))
    assert [row.letter for row in papers_unconfirmed(amina)] == [letter]
    assert [row.letter for row in papers_with(badr)] == [letter]
    row = take_paper(letter, actor=badr)
    assert (row.department, row.confirmed_by) == (department("EAU"), badr)
    assert not papers_unconfirmed(amina).exists()
    with pytest.raises(NotAllowedError):
        take_paper(letter, actor=badr)
    box_paper(letter, actor=badr, box="A-12")
    assert [row.current for row in way_of_paper(letter)] == [False, False, True]
    kinds = [event.kind for event in history_of(letter.pk)]
    assert kinds[-4:] == ["paper_taken", "paper_handed", "paper_confirmed", "paper_boxed"]
    register_is_clean()


def test_who_finds_a_paper_elsewhere_takes_it(
    assigned: Assignment, amina: User, badr: User, register_is_clean: Callable[[], None]
) -> None:
    hand_over_paper(assigned.letter, actor=amina, person=badr)
    take_paper(assigned.letter, actor=amina)
    present = paper_of(assigned.letter)
    assert present
    assert (present.person, bool(present.confirmed_at)) == (amina, True)
    register_is_clean()


def test_a_paper_goes_to_nobody_who_may_not_read_the_letter(
    letter: Letter, amina: User, chafik: User, audit: User, badr: User
) -> None:
    for target in ({"person": chafik}, {"person": audit}, {"department": department("SI")}, {}):
        with pytest.raises(NotAllowedError):
            hand_over_paper(letter, actor=amina, **target)
    for who in (chafik, badr, audit):
        with pytest.raises(NotAllowedError):
            take_paper(letter, actor=who)
        with pytest.raises(NotAllowedError):
            box_paper(letter, actor=who, box="A-1")
    with pytest.raises(NotAllowedError):
        box_paper(letter, actor=amina, box=" ")
    assert not way_of_paper(letter).exists()


def test_papers_of_letters_that_are_no_longer_readable_are_not_listed(
    assigned: Assignment, amina: User, badr: User
) -> None:
    hand_over_paper(assigned.letter, actor=amina, person=badr)
    Letter.objects.filter(pk=assigned.letter_id).update(confidentiality=1)
    assert not papers_with(badr).exists()
