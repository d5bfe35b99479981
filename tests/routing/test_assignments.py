"""Departments get letters, take them in hand, give them back, pass them on and settle them."""

from collections.abc import Callable
from typing import Any

import pytest

from correspondence.acting import rights
from correspondence.replies import drafting
from org.models import User
from registry.access import NoSuchLetterError, get_letter
from registry.changes import history_of
from registry.models.letters import Letter
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.assigning import giving
from routing.check import decisions
from routing.inbox import assignments, reading
from routing.models.assignments import Assignment
from tests.factories import department, deposit, person

pytestmark = pytest.mark.django_db


def test_assigning_lets_the_department_read_and_makes_it_responsible(
    letter: Letter, amina: User, badr: User, chafik: User
) -> None:
    with pytest.raises(NoSuchLetterError):
        get_letter(badr, letter.pk)
    giving.assign(letter, department=department("EAU"), actor=amina)
    assert get_letter(badr, letter.pk).department == department("EAU")
    with pytest.raises(NoSuchLetterError):
        get_letter(chafik, letter.pk)


def test_a_letter_is_in_hand_when_the_department_accepts(assigned: Assignment, badr: User) -> None:
    assert assigned.letter.stage == "registered"
    assignments.accept(assigned, actor=badr)
    assert assigned.letter.stage == "in_hand"
    assert assigned.person == badr
    citizen = history_of(assigned.letter_id, citizen=True)
    assert citizen[-1].data["stage_to"] == "in_hand"


def test_refusing_takes_the_right_away_and_the_letter_is_back_in_the_tray(
    assigned: Assignment, badr: User, amina: User, chafik: User
) -> None:
    assert not reading.tray(amina).exists()
    assignments.refuse(assigned, actor=badr, reason="Concerne l'assainissement")
    assert list(reading.tray(amina)) == [assigned.letter]
    assert not reading.tray(chafik).exists()
    with pytest.raises(NoSuchLetterError):
        get_letter(badr, assigned.letter_id)
    assert Letter.objects.get(pk=assigned.letter_id).department is None


def test_a_reason_is_needed_to_refuse_and_to_transfer(assigned: Assignment, badr: User) -> None:
    with pytest.raises(NotAllowedError):
        assignments.refuse(assigned, actor=badr, reason="  \u200f ")
    with pytest.raises(NotAllowedError):
        assignments.transfer(assigned, actor=badr, department=department("ASS"), reason="")


def test_a_transfer_gives_the_letter_to_the_other_department_alone(
    accepted: Assignment, badr: User, chafik: User
) -> None:
    new = assignments.transfer(
        accepted, actor=badr, department=department("SI"), reason="Compétence"
    )
    assert get_letter(chafik, new.letter_id).department == department("SI")
    with pytest.raises(NoSuchLetterError):
        get_letter(badr, new.letter_id)


def test_who_gives_the_action_away_keeps_a_copy_that_was_given(
    accepted: Assignment, amina: User, badr: User
) -> None:
    giving.assign(accepted.letter, department=department("EAU"), actor=amina, role="copy")
    assignments.transfer(accepted, actor=badr, department=department("SI"), reason="Compétence")
    assert get_letter(badr, accepted.letter_id)


def test_the_last_action_closes_and_copies_never_hold_a_letter_open(
    accepted: Assignment, amina: User, badr: User, chafik: User
) -> None:
    letter = accepted.letter
    second = giving.assign(letter, department=department("SI"), actor=amina)
    copy = giving.assign(letter, department=department("COM"), actor=amina, role="copy")
    assignments.sign_off(accepted, actor=badr, method="phone")
    letter.refresh_from_db()
    assert letter.stage == "in_hand"
    assignments.accept(second, actor=chafik)
    assignments.sign_off(second, actor=chafik, method="noted")
    letter.refresh_from_db()
    assert (letter.stage, copy.state) == ("closed", "open")


def test_a_copy_is_noted_without_being_accepted(letter: Letter, amina: User, chafik: User) -> None:
    copy = giving.assign(letter, department=department("SI"), actor=amina, role="copy")
    assignments.sign_off(copy, actor=chafik, method="noted")
    assert copy.state == "signed_off"
    assert letter.stage == "registered"
    assert list(reading.tray(amina)) == [letter]


def test_a_closed_letter_that_is_given_again_is_in_hand_again(
    accepted: Assignment, amina: User, badr: User
) -> None:
    assignments.sign_off(accepted, actor=badr, method="phone")
    letter = Letter.objects.get(pk=accepted.letter_id)
    giving.assign(letter, department=department("SI"), actor=amina)
    assert letter.stage == "in_hand"


def test_the_same_department_never_has_a_letter_twice(assigned: Assignment, amina: User) -> None:
    with pytest.raises(NotAllowedError):
        giving.assign(assigned.letter, department=department("EAU"), actor=amina)


def test_a_letter_is_given_only_to_a_person_of_the_department(letter: Letter, amina: User) -> None:
    with pytest.raises(NotAllowedError):
        giving.assign(letter, department=department("EAU"), actor=amina, person=person("chafik"))


def test_a_clerk_routes_but_does_not_decide_for_the_department(
    assigned: Assignment, amina: User
) -> None:
    with pytest.raises(NotAllowedError):
        assignments.accept(assigned, actor=amina)
    with pytest.raises(NotAllowedError):
        assignments.refuse(assigned, actor=amina, reason="non")
    moved = assignments.transfer(
        assigned, actor=amina, department=department("SI"), reason="Erreur"
    )
    assert moved.department == department("SI")


@pytest.mark.parametrize("username", ["chafik", "audit", "admin"])
def test_nobody_without_right_does_anything(assigned: Assignment, username: str) -> None:
    stranger, letter = person(username), assigned.letter
    assert rights.actions_for(stranger, letter) == set()
    deeds: list[Callable[[], object]] = [
        lambda: giving.assign(letter, department=department("SI"), actor=stranger),
        lambda: assignments.accept(assigned, actor=stranger),
        lambda: assignments.refuse(assigned, actor=stranger, reason="non"),
        lambda: assignments.transfer(
            assigned, actor=stranger, department=department("SI"), reason="à moi"
        ),
        lambda: assignments.sign_off(assigned, actor=stranger, method="noted"),
        lambda: drafting.draft_reply(letter, actor=stranger, subject="a", body="b"),
        lambda: decisions.decide_suggestion(letter, actor=stranger, values={"subject": "x"}),
        lambda: decisions.correct(letter, actor=stranger, changes={"subject": "x"}),
    ]
    version = Letter.objects.get(pk=letter.pk).version
    for deed in deeds:
        with pytest.raises(NotAllowedError):
            deed()
    assert Letter.objects.get(pk=letter.pk).version == version


def test_what_each_may_do_follows_the_letter(
    assigned: Assignment, amina: User, badr: User, direction: User
) -> None:
    letter = assigned.letter
    of_the_office = {"assign", "link", "transfer", "ask_void", "ask_pieces", "ask_opinion"}
    assert rights.actions_for(amina, letter) == of_the_office | {"correct"}
    assert rights.actions_for(badr, letter) == {"accept", "refuse", "transfer"}
    assert rights.actions_for(direction, letter) == of_the_office
    assignments.accept(assigned, actor=badr)
    in_hand = {"transfer", "sign_off", "draft_reply", "ask_pieces", "ask_opinion"}
    assert rights.actions_for(badr, letter) == in_hand


def test_a_member_without_clearance_cannot_touch_a_confidential_letter(
    amina: User, badr: User, dounia: User, direction: User
) -> None:
    secret = deposit(confidentiality=1).letter
    given = giving.assign(secret, department=department("EAU"), actor=direction)
    with pytest.raises(NotAllowedError):
        assignments.accept(given, actor=badr)
    assert not reading.inbox(badr).exists()
    assert list(reading.inbox(dounia)) == [given]
    assignments.accept(given, actor=dounia)
    assert rights.actions_for(amina, secret) == set()


def test_the_counts_of_an_inbox_are_those_of_its_rows(
    amina: User, badr: User, dounia: User, direction: User
) -> None:
    """Confidential letters, voided ones, and copies of letters that are closed already."""
    cases = (("action", "registered"), ("copy", "closed"), ("action", "voided"), ("copy", "voided"))
    for level in (0, 1, 2):
        for role, stage in cases:
            letter = deposit(confidentiality=level).letter
            giving.assign(letter, department=department("EAU"), role=role, actor=direction)
            Letter.objects.filter(pk=letter.pk).update(stage=stage)
    assert reading.inbox_counts(badr)["open"] == 2
    assert reading.inbox_counts(dounia)["open"] > 2
    for viewer in (amina, badr, dounia, direction):
        rows = list(reading.inbox(viewer))
        counts = reading.inbox_counts(viewer)
        assert counts["open"] == len(rows)
        assert counts["late"] == counts["accepted"] == 0


def test_of_two_who_decide_at_once_the_second_is_told(
    assigned: Assignment, badr: User, dounia: User
) -> None:
    as_seen_by_dounia = Assignment.objects.select_related("letter").get(pk=assigned.pk)
    assignments.accept(assigned, actor=badr)
    with pytest.raises(ConflictError):
        assignments.refuse(as_seen_by_dounia, actor=dounia, reason="Pas pour nous")
    read_afresh = Assignment.objects.select_related("letter").get(pk=assigned.pk)
    with pytest.raises(ConflictError):
        assignments.accept(read_afresh, actor=dounia)
    assert Assignment.objects.get(pk=assigned.pk).person == badr


def test_nothing_is_done_with_a_voided_letter(
    accepted: Assignment, amina: User, direction: User, badr: User
) -> None:
    from registry.book.voiding import approve_void, ask_to_void

    letter = accepted.letter
    request = ask_to_void(letter, actor=amina, reason="Enregistrée deux fois")
    assert "approve_void" in rights.actions_for(direction, letter)
    assert "approve_void" not in rights.actions_for(amina, letter)
    approve_void(request, actor=direction)
    letter.refresh_from_db()
    assert rights.actions_for(amina, letter) == set()
    with pytest.raises(NotAllowedError):
        assignments.sign_off(accepted, actor=badr, method="noted")
    assert not reading.inbox(badr).exists()


def test_the_inbox_takes_a_fixed_number_of_queries(
    amina: User, badr: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        giving.assign(deposit().letter, department=department("EAU"), actor=amina)
    with django_assert_max_num_queries(4):
        rows = list(reading.inbox(badr))
        seen = [(row.letter.register.code, row.letter.sender, row.department.name) for row in rows]
    assert len(seen) == 4


def test_a_due_date_that_moved_meanwhile_is_what_a_verb_seals(
    rules: None,
    assigned: Assignment,
    amina: User,
    badr: User,
    register_is_clean: Callable[[], None],
) -> None:
    """Badr's page was opened before Amina corrected the kind, and with it the due date."""
    opened = Assignment.objects.select_related("letter", "department").get(pk=assigned.pk)
    decisions.decide_suggestion(
        assigned.letter, actor=amina, values={"kind": "complaint_technical"}
    )
    due_on = Assignment.objects.get(pk=assigned.pk).due_on
    assert due_on != opened.due_on
    assignments.accept(opened, actor=badr)
    assert opened.due_on == due_on
    register_is_clean()
