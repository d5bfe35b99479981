"""Departments get letters, take them in hand, give them back, pass them on and settle them."""

from collections.abc import Callable
from typing import Any

import pytest

from org.models import User
from registry.access import NoSuchLetterError, get_letter
from registry.changes import history_of
from registry.models import Letter
from routing import services
from routing.errors import NotAllowedError, SomeoneWasFasterError
from routing.models import Assignment
from tests.factories import department, deposit, person

pytestmark = pytest.mark.django_db


def test_assigning_lets_the_department_read_and_makes_it_responsible(
    letter: Letter, amina: User, badr: User, chafik: User
) -> None:
    with pytest.raises(NoSuchLetterError):
        get_letter(badr, letter.pk)
    services.assign(letter, department=department("EAU"), actor=amina)
    assert get_letter(badr, letter.pk).department == department("EAU")
    with pytest.raises(NoSuchLetterError):
        get_letter(chafik, letter.pk)


def test_a_letter_is_in_hand_when_the_department_accepts(assigned: Assignment, badr: User) -> None:
    assert assigned.letter.stage == "registered"
    services.accept(assigned, actor=badr)
    assert assigned.letter.stage == "in_hand"
    assert assigned.person == badr
    citizen = history_of(assigned.letter_id, citizen=True)
    assert citizen[-1].data["stage_to"] == "in_hand"


def test_refusing_takes_the_right_away_and_the_letter_is_back_in_the_tray(
    assigned: Assignment, badr: User, amina: User, chafik: User
) -> None:
    assert not services.tray(amina).exists()
    services.refuse(assigned, actor=badr, reason="Concerne l'assainissement")
    assert list(services.tray(amina)) == [assigned.letter]
    assert not services.tray(chafik).exists()
    with pytest.raises(NoSuchLetterError):
        get_letter(badr, assigned.letter_id)
    assert Letter.objects.get(pk=assigned.letter_id).department is None


def test_a_reason_is_needed_to_refuse_and_to_transfer(assigned: Assignment, badr: User) -> None:
    with pytest.raises(NotAllowedError):
        services.refuse(assigned, actor=badr, reason="  \u200f ")
    with pytest.raises(NotAllowedError):
        services.transfer(assigned, actor=badr, department=department("ASS"), reason="")


def test_a_transfer_gives_the_letter_to_the_other_department_alone(
    accepted: Assignment, badr: User, chafik: User
) -> None:
    new = services.transfer(accepted, actor=badr, department=department("SI"), reason="Compétence")
    assert get_letter(chafik, new.letter_id).department == department("SI")
    with pytest.raises(NoSuchLetterError):
        get_letter(badr, new.letter_id)


def test_who_gives_the_action_away_keeps_a_copy_that_was_given(
    accepted: Assignment, amina: User, badr: User
) -> None:
    services.assign(accepted.letter, department=department("EAU"), actor=amina, role="copy")
    services.transfer(accepted, actor=badr, department=department("SI"), reason="Compétence")
    assert get_letter(badr, accepted.letter_id)


def test_the_last_action_closes_and_copies_never_hold_a_letter_open(
    accepted: Assignment, amina: User, badr: User, chafik: User
) -> None:
    letter = accepted.letter
    second = services.assign(letter, department=department("SI"), actor=amina)
    copy = services.assign(letter, department=department("COM"), actor=amina, role="copy")
    services.sign_off(accepted, actor=badr, method="phone")
    letter.refresh_from_db()
    assert letter.stage == "in_hand"
    services.accept(second, actor=chafik)
    services.sign_off(second, actor=chafik, method="noted")
    letter.refresh_from_db()
    assert (letter.stage, copy.state) == ("closed", "open")


def test_a_copy_is_noted_without_being_accepted(letter: Letter, amina: User, chafik: User) -> None:
    copy = services.assign(letter, department=department("SI"), actor=amina, role="copy")
    services.sign_off(copy, actor=chafik, method="noted")
    assert copy.state == "signed_off"
    assert letter.stage == "registered"
    assert list(services.tray(amina)) == [letter]


def test_a_closed_letter_that_is_given_again_is_in_hand_again(
    accepted: Assignment, amina: User, badr: User
) -> None:
    services.sign_off(accepted, actor=badr, method="phone")
    letter = Letter.objects.get(pk=accepted.letter_id)
    services.assign(letter, department=department("SI"), actor=amina)
    assert letter.stage == "in_hand"


def test_the_same_department_never_has_a_letter_twice(assigned: Assignment, amina: User) -> None:
    with pytest.raises(NotAllowedError):
        services.assign(assigned.letter, department=department("EAU"), actor=amina)


def test_a_letter_is_given_only_to_a_person_of_the_department(letter: Letter, amina: User) -> None:
    with pytest.raises(NotAllowedError):
        services.assign(letter, department=department("EAU"), actor=amina, person=person("chafik"))


def test_a_clerk_routes_but_does_not_decide_for_the_department(
    assigned: Assignment, amina: User
) -> None:
    with pytest.raises(NotAllowedError):
        services.accept(assigned, actor=amina)
    with pytest.raises(NotAllowedError):
        services.refuse(assigned, actor=amina, reason="non")
    moved = services.transfer(assigned, actor=amina, department=department("SI"), reason="Erreur")
    assert moved.department == department("SI")


@pytest.mark.parametrize("username", ["chafik", "audit", "admin"])
def test_nobody_without_right_does_anything(assigned: Assignment, username: str) -> None:
    stranger, letter = person(username), assigned.letter
    assert services.actions_for(stranger, letter) == set()
    deeds: list[Callable[[], object]] = [
        lambda: services.assign(letter, department=department("SI"), actor=stranger),
        lambda: services.accept(assigned, actor=stranger),
        lambda: services.refuse(assigned, actor=stranger, reason="non"),
        lambda: services.transfer(
            assigned, actor=stranger, department=department("SI"), reason="à moi"
        ),
        lambda: services.sign_off(assigned, actor=stranger, method="noted"),
        lambda: services.draft_reply(letter, actor=stranger, subject="a", body="b"),
        lambda: services.decide_suggestion(letter, actor=stranger, values={"subject": "x"}),
        lambda: services.correct(letter, actor=stranger, changes={"subject": "x"}),
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
    assert services.actions_for(amina, letter) == of_the_office | {"correct"}
    assert services.actions_for(badr, letter) == {"accept", "refuse", "transfer"}
    assert services.actions_for(direction, letter) == of_the_office
    services.accept(assigned, actor=badr)
    in_hand = {"transfer", "sign_off", "draft_reply", "ask_pieces", "ask_opinion"}
    assert services.actions_for(badr, letter) == in_hand


def test_a_member_without_clearance_cannot_touch_a_confidential_letter(
    amina: User, badr: User, dounia: User, direction: User
) -> None:
    secret = deposit(confidentiality=1).letter
    given = services.assign(secret, department=department("EAU"), actor=direction)
    with pytest.raises(NotAllowedError):
        services.accept(given, actor=badr)
    assert not services.inbox(badr).exists()
    assert list(services.inbox(dounia)) == [given]
    services.accept(given, actor=dounia)
    assert services.actions_for(amina, secret) == set()


def test_the_counts_of_an_inbox_are_those_of_its_rows(
    amina: User, badr: User, dounia: User, direction: User
) -> None:
    """Confidential letters, voided ones, and copies of letters that are closed already."""
    cases = (("action", "registered"), ("copy", "closed"), ("action", "voided"), ("copy", "voided"))
    for level in (0, 1, 2):
        for role, stage in cases:
            letter = deposit(confidentiality=level).letter
            services.assign(letter, department=department("EAU"), role=role, actor=direction)
            Letter.objects.filter(pk=letter.pk).update(stage=stage)
    assert services.inbox_counts(badr)["open"] == 2
    assert services.inbox_counts(dounia)["open"] > 2
    for viewer in (amina, badr, dounia, direction):
        rows = list(services.inbox(viewer))
        counts = services.inbox_counts(viewer)
        assert counts["open"] == len(rows)
        assert counts["late"] == counts["accepted"] == 0


def test_of_two_who_decide_at_once_the_second_is_told(
    assigned: Assignment, badr: User, dounia: User
) -> None:
    as_seen_by_dounia = Assignment.objects.select_related("letter").get(pk=assigned.pk)
    services.accept(assigned, actor=badr)
    with pytest.raises(SomeoneWasFasterError):
        services.refuse(as_seen_by_dounia, actor=dounia, reason="Pas pour nous")
    read_afresh = Assignment.objects.select_related("letter").get(pk=assigned.pk)
    with pytest.raises(SomeoneWasFasterError):
        services.accept(read_afresh, actor=dounia)
    assert Assignment.objects.get(pk=assigned.pk).person == badr


def test_nothing_is_done_with_a_voided_letter(
    accepted: Assignment, amina: User, direction: User, badr: User
) -> None:
    from registry.book.voiding import approve_void, ask_to_void

    letter = accepted.letter
    request = ask_to_void(letter, actor=amina, reason="Enregistrée deux fois")
    assert "approve_void" in services.actions_for(direction, letter)
    assert "approve_void" not in services.actions_for(amina, letter)
    approve_void(request, actor=direction)
    letter.refresh_from_db()
    assert services.actions_for(amina, letter) == set()
    with pytest.raises(NotAllowedError):
        services.sign_off(accepted, actor=badr, method="noted")
    assert not services.inbox(badr).exists()


def test_the_inbox_takes_a_fixed_number_of_queries(
    amina: User, badr: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        services.assign(deposit().letter, department=department("EAU"), actor=amina)
    with django_assert_max_num_queries(4):
        rows = list(services.inbox(badr))
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
    services.decide_suggestion(assigned.letter, actor=amina, values={"kind": "complaint_technical"})
    due_on = Assignment.objects.get(pk=assigned.pk).due_on
    assert due_on != opened.due_on
    services.accept(opened, actor=badr)
    assert opened.due_on == due_on
    register_is_clean()
