"""Who is asked for a visa reads the letter; their department does not."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from correspondence.acting.waiting_steps import waiting_for
from correspondence.dispatch import sending
from correspondence.replies import circuit as replies_circuit
from correspondence.replies import drafting
from correspondence.replies.editing import StepData
from org.absences import announce, end_early
from org.models import Membership, User
from registry.access import letter_tokens, reader_tokens
from registry.models.letters import Letter
from routing.acting.errors import NotAllowedError
from routing.assigning import giving
from routing.models.assignments import Assignment
from routing.notes.seeing import readers_of
from tests.correspondence.circuits import circuit, fresh, submitted
from tests.factories import department, person

pytestmark = pytest.mark.django_db


def reads(who: User, letter: Letter) -> bool:
    """What the list and the engine's tokens say: they must agree."""
    listed = Letter.objects.visible_to(who).filter(pk=letter.pk).exists()
    assert listed == bool(reader_tokens(who) & letter_tokens(letter))
    return listed


@pytest.fixture
def colleague() -> User:
    """Somebody of Chafik's department."""
    made = User.objects.create(username="salma", first_name="Salma")
    Membership.objects.create(user=made, department=department("SI"))
    return made


@pytest.fixture
def head() -> User:
    """The head of Chafik's department."""
    made = User.objects.create(username="hind", first_name="Hind")
    Membership.objects.create(user=made, department=department("SI"), role="head")
    return made


def test_the_colleagues_of_who_is_asked_do_not_read(
    accepted: Assignment, chafik: User, colleague: User, register_is_clean: Callable[[], None]
) -> None:
    circuit([StepData(1, "visa", "person", person=chafik)])
    reply = submitted(accepted)

    assert reads(chafik, accepted.letter)
    assert not reads(colleague, accepted.letter)
    assert chafik in readers_of(accepted.letter)
    assert colleague not in readers_of(accepted.letter)
    replies_circuit.approve_reply(reply, actor=chafik)
    register_is_clean()


def test_where_a_head_is_asked_the_department_does_not_read(
    accepted: Assignment,
    chafik: User,
    head: User,
    dounia: User,
    register_is_clean: Callable[[], None],
) -> None:
    circuit([StepData(1, "visa", "head_of", department=department("SI"))])
    reply = submitted(accepted)

    assert reads(head, accepted.letter)
    assert not reads(chafik, accepted.letter)
    assert head in readers_of(accepted.letter)
    assert chafik not in readers_of(accepted.letter)
    # Whoever becomes head is asked from then on.
    Membership.objects.filter(user=head).update(role="member")
    assert not reads(head, accepted.letter)
    Membership.objects.filter(user=chafik).update(role="head")
    assert [step.reply for step in waiting_for(chafik)] == [reply]
    replies_circuit.approve_reply(reply, actor=chafik)
    register_is_clean()


def test_who_has_no_place_in_the_office_is_not_asked(
    accepted: Assignment, chafik: User, badr: User, dounia: User
) -> None:
    circuit([StepData(1, "visa", "person", person=chafik)])
    reply = drafting.draft_reply(accepted.letter, actor=badr, subject="a", body="b")
    places = list(Membership.objects.filter(user=chafik))
    Membership.objects.filter(user=chafik).delete()
    with pytest.raises(NotAllowedError):
        replies_circuit.submit_reply(reply, actor=badr)
    assert not reads(chafik, accepted.letter)

    Membership.objects.bulk_create(places)
    replies_circuit.submit_reply(fresh(reply), actor=badr)
    assert reads(chafik, accepted.letter)
    Membership.objects.filter(user=chafik).delete()
    assert not reads(chafik, accepted.letter)
    assert chafik not in readers_of(accepted.letter)


def test_whose_turn_never_came_reads_no_more(
    accepted: Assignment, chafik: User, dounia: User, register_is_clean: Callable[[], None]
) -> None:
    circuit([StepData(1, "visa", "head"), StepData(2, "visa", "person", person=chafik)])
    reply = submitted(accepted)
    assert reads(chafik, accepted.letter)

    replies_circuit.return_reply(reply, actor=dounia, remark="Plus court")
    assert not reads(chafik, accepted.letter)
    replies_circuit.submit_reply(fresh(reply), actor=person("badr"))
    assert reads(chafik, accepted.letter)
    register_is_clean()


def test_the_stand_in_of_who_is_asked_reads_until_the_absence_ends(
    accepted: Assignment, chafik: User, colleague: User
) -> None:
    stranger = User.objects.create(username="tarik", first_name="Tarik")
    circuit([StepData(1, "visa", "person", person=chafik)])
    reply = submitted(accepted)
    today = timezone.localdate()
    away = announce(chafik, delegate=stranger, starts_on=today, ends_on=today, actor=chafik)

    assert reads(stranger, accepted.letter)
    assert [step.reply for step in waiting_for(stranger)] == [reply]
    end_early(away, actor=chafik)
    assert not reads(stranger, accepted.letter)
    assert not waiting_for(stranger)


def test_who_gave_a_visa_reads_what_leaves(
    accepted: Assignment,
    badr: User,
    chafik: User,
    colleague: User,
    register_is_clean: Callable[[], None],
) -> None:
    circuit([StepData(1, "visa", "person", person=chafik)])
    reply = submitted(accepted)
    replies_circuit.approve_reply(reply, actor=chafik)
    sending.send_reply(fresh(reply), actor=badr, method="handed_over", address="M. X")

    outgoing: Any = fresh(reply).outgoing
    assert reads(chafik, outgoing)
    assert not reads(colleague, outgoing)
    register_is_clean()


def test_a_department_that_gets_the_letter_itself_reads_it_whole(
    accepted: Assignment, amina: User, chafik: User, colleague: User
) -> None:
    circuit([StepData(1, "visa", "head_of", department=department("EAU"))])
    circuit([StepData(1, "visa", "person", person=chafik)], department=department("EAU"))
    submitted(accepted)
    giving.assign(accepted.letter, department=department("SI"), actor=amina)

    assert reads(colleague, accepted.letter)
