"""Merging doubles: one stands, nothing moves, and undoing gives back exactly what was."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.contacts.directory import (
    add_point,
    current_contact,
    edit_contact,
    points_of,
    propose_contacts,
    remove_point,
    shown_points,
    verify_point,
)
from registry.contacts.links import letters_of, link_sender
from registry.contacts.merging import (
    find_doubles,
    likely_doubles,
    merge_contacts,
    open_doubles,
    preview_merge,
    propose_again,
    tell_apart,
    told_apart,
    undo_merge,
)
from registry.models.contacts import Contact, ContactKey, ContactMerge, ContactPoint
from registry.models.letters import Party
from registry.states import ConflictError
from registry.verification import verify_register
from tests.factories import deposit, drain, person
from tests.registry.contacts import contact

pytestmark = pytest.mark.django_db
# An edit that was open is refused after a merge and after its undoing alike, so these go on.
MOVING = ("version", "changed_at")


def picture() -> dict[str, Any]:
    """Everything that a merge could touch."""
    rows: dict[str, Any] = {
        "contacts": [
            {k: v for k, v in row.items() if k not in MOVING}
            for row in Contact.objects.order_by("pk").values()
        ]
    }
    for model in (ContactPoint, ContactKey):
        rows[model.__name__] = list(model.objects.order_by("pk").values())
    rows["parties"] = list(Party.objects.order_by("pk").values("pk", "contact_id"))
    return rows


def test_merging_makes_one_of_two(amina: Any) -> None:
    winner = contact("Mohamed Alaoui", phone="0612345678")
    loser = contact("محمد العلوي", email="m@example.org", language="ar")
    letter = deposit(actor=amina).letter
    link_sender(letter, contact=loser, actor=amina)

    preview = preview_merge(winner=winner, loser=loser)
    merge_contacts(winner=winner, loser=loser, actor=amina)
    winner.refresh_from_db()

    assert preview.letters == 1
    assert [point.kind for point in preview.new_points] == ["email"]
    assert preview.filled == {"language": "ar"}
    assert winner.language == "ar"
    assert {point.kind for point in points_of(winner)} == {"phone", "email"}
    assert list(letters_of(winner, viewer=amina)) == [letter]
    assert current_contact(loser.pk) == winner
    assert [m.contact for m in propose_contacts(email="m@example.org")] == [winner]
    assert list(verify_register(files=False)) == []


def test_what_two_merged_contacts_share_is_shown_once_and_forgotten_once(amina: Any) -> None:
    winner, loser = contact(phone="0612345678"), contact(phone="+212612345678", email="a@b.ma")
    verified = verify_point(loser.points.get(kind="phone"), actor=amina)
    merge_contacts(winner=winner, loser=loser, actor=amina)

    phones = [point for point in shown_points(winner) if point.kind == "phone"]
    assert phones == [verified]
    remove_point(verified, actor=amina)

    assert [point.kind for point in shown_points(winner)] == ["email"]


def test_undoing_gives_back_what_was(amina: Any) -> None:
    winner, loser = contact("Mohamed Alaoui"), contact("محمد العلوي", language="ar")
    link_sender(deposit(actor=amina).letter, contact=loser, actor=amina)
    before = picture()

    undo_merge(merge_contacts(winner=winner, loser=loser, actor=amina), actor=amina)

    assert picture() == before
    assert list(verify_register(files=False)) == []


def test_what_came_after_a_merge_stays_with_the_winner(amina: Any) -> None:
    winner, loser = contact("Mohamed Alaoui"), contact("Med Alaoui")
    merge = merge_contacts(winner=winner, loser=loser, actor=amina)
    letter = deposit(actor=amina).letter
    link_sender(letter, contact=Contact.objects.get(pk=winner.pk), actor=amina)

    undo_merge(merge, actor=amina)

    assert list(letters_of(winner, viewer=amina)) == [letter]
    assert list(letters_of(loser, viewer=amina)) == []


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=5),
    st.lists(st.sampled_from(["", "ar", "fr"]), min_size=5, max_size=5),
)
def test_any_merges_undone_backwards_leave_no_trace(
    db: None, pairs: list[tuple[int, int]], languages: list[str]
) -> None:
    amina = person("amina")
    people = [contact(f"Mohamed Alaoui {n}", language=languages[n]).pk for n in range(5)]
    pictures, merges = [], []
    for one, other in pairs:
        before = picture()
        try:
            merge = merge_contacts(
                winner=Contact.objects.get(pk=people[one]),
                loser=Contact.objects.get(pk=people[other]),
                actor=amina,
            )
        except ConflictError:
            continue
        pictures.append(before)
        merges.append(merge)
        stubs = Contact.objects.exclude(root=None).select_related("root")
        assert all(row.root and row.root.merged_into_id is None for row in stubs)
    while merges:
        undo_merge(merges.pop(), actor=amina)
        assert picture() == pictures.pop()


def test_undoing_an_inner_merge_takes_its_own_along(amina: Any) -> None:
    a, b, c = contact("A Alaoui"), contact("B Alaoui"), contact("C Alaoui")
    merge_contacts(winner=b, loser=c, actor=amina)
    inner = merge_contacts(winner=a, loser=Contact.objects.get(pk=b.pk), actor=amina)

    undo_merge(inner, actor=amina)

    assert current_contact(c.pk) == b
    assert current_contact(a.pk) == a


def test_a_merge_is_undone_once(amina: Any) -> None:
    merge = merge_contacts(winner=contact(), loser=contact(), actor=amina)
    undo_merge(merge, actor=amina)

    with pytest.raises(ConflictError):
        undo_merge(merge, actor=amina)


def test_a_letter_is_not_linked_to_a_contact_that_became_another(amina: Any) -> None:
    winner, loser = contact(), contact()
    merge_contacts(winner=winner, loser=loser, actor=amina)

    with pytest.raises(ConflictError):
        link_sender(deposit(actor=amina).letter, contact=loser, actor=amina)


def test_doubles_are_proposed_until_somebody_tells_them_apart(amina: Any) -> None:
    one = contact("Mohamed Alaoui", phone="0612345678")
    other = contact("محمد العلوي", phone="+212612345678")
    contact("Karim Tahiri")

    assert [match.contact for match in likely_doubles(one)] == [other]
    assert find_doubles() == (0, 1)
    assert open_doubles().count() == 1
    tell_apart(one, other, actor=amina)

    assert likely_doubles(one) == []
    assert find_doubles() == (0, 0)
    assert open_doubles().count() == 0


def test_what_was_told_apart_is_proposed_again_with_its_reasons(amina: Any) -> None:
    one = contact("Mohamed Alaoui", phone="0612345678")
    other = contact("محمد العلوي", phone="+212612345678")
    tell_apart(other, one, actor=amina)  # before the pair was listed: no score is known yet
    assert [(row.dismissed_by, open_doubles().count()) for row in told_apart()] == [(amina, 0)]

    propose_again(one, other, actor=amina)

    (pair,) = open_doubles()
    assert (pair.dismissed_at, pair.dismissed_by, told_apart().count()) == (None, None, 0)
    assert pair.score >= 0.72
    assert "phone" in pair.reasons
    assert [match.contact for match in likely_doubles(one)] == [other]
    events = list(one.events.order_by("pk").values_list("kind", "actor", "data__other"))
    assert events[-2:] == [
        ("told_apart", amina.pk, other.pk),
        ("proposed_again", amina.pk, other.pk),
    ]
    with pytest.raises(ConflictError):
        propose_again(one, other, actor=amina)


def test_what_is_new_or_renamed_or_has_a_further_entry_is_compared_by_itself(amina: Any) -> None:
    first = contact("Mohamed Alaoui", phone="0612345678")
    second, third = contact("Karim Tahiri"), contact("Salma Idrissi", phone="0661000000")
    contact("محمد العلوي", phone="+212612345678")
    drain("contact.compare")
    assert [(row.first, row.score > 0) for row in open_doubles()] == [(first, True)]
    add_point(second, kind="phone", value="0661000000", actor=amina)
    edit_contact(second, actor=amina, changes={"name": "Salma Idrissi"}, version=second.version)
    drain("contact.compare")
    assert (second, third) in {(row.first, row.second) for row in open_doubles()}
    drain("contact.compare")
    assert open_doubles().count() == 2


def test_looking_for_doubles_goes_on_where_it_stopped() -> None:
    first, _second = contact("Mohamed Alaoui"), contact("Karim Tahiri")

    after, _found = find_doubles(limit=1)

    assert after == first.pk
    assert find_doubles(after=after, limit=5) == (0, 0)


def together(deeds: list[Callable[[], object]]) -> list[str]:
    ready, told = threading.Barrier(len(deeds)), []

    def one(deed: Callable[[], object]) -> None:
        ready.wait()
        try:
            deed()
            told.append("done")
        except ConflictError:
            told.append("faster")
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


@pytest.mark.django_db(transaction=True)
def test_of_two_merges_of_one_contact_one_wins() -> None:
    amina = person("amina")
    loser, *winners = contact("L"), contact("A"), contact("B"), contact("C")

    def merge_into(winner: Contact) -> Callable[[], object]:
        return lambda: merge_contacts(winner=winner, loser=loser, actor=amina)

    told = together([merge_into(winner) for winner in winners])

    assert told == ["done", "faster", "faster"]
    assert ContactMerge.objects.filter(undone_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_contacts_merged_into_each_other_at_once_leave_one_standing() -> None:
    amina = person("amina")
    one, other = contact("A"), contact("B")

    told = together(
        [
            lambda: merge_contacts(winner=one, loser=other, actor=amina),
            lambda: merge_contacts(winner=other, loser=one, actor=amina),
        ]
    )

    assert told == ["done", "faster"]
    assert Contact.objects.filter(merged_into=None).count() == 1
