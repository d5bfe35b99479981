"""A person decides about two letters that may be the same: sealed, undoable, once, and quiet
towards those who may not read both."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from jobs.models import Job
from org.models import User
from registry.book.voiding import approve_void, ask_to_void
from registry.changes import history_of
from registry.doubles.finding import Match
from registry.doubles.same_mail import (
    LinkNotAllowedError,
    link_letters,
    near_to,
    propose,
    undo_link,
)
from registry.models.duplicates import LetterLink, SameMail
from registry.models.letters import Letter
from registry.readable_history import readable_events
from registry.states import ConflictError
from registry.verification import verify_register
from tests.factories import deposit, kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(amina: User) -> tuple[Letter, Letter]:
    """The earlier letter, which EAU reads, and the later one, which COM reads."""
    earlier = deposit(actor=amina, subject="Fuite", departments=["EAU"]).letter
    return earlier, deposit(actor=amina, subject="Fuite", departments=["COM"]).letter


def suppose(letter: Letter, other: Letter, *, score: float = 0.9) -> None:
    """The machine finds the other when it compares the letter."""
    with transaction.atomic():
        propose(letter, [Match(other.pk, score, ("same_text",))])


def test_a_link_stands_in_both_histories_and_the_register_proves_it(
    pair: tuple[Letter, Letter], amina: User
) -> None:
    earlier, later = pair
    suppose(later, earlier)
    link = link_letters(later, earlier, kind="duplicate", actor=amina)
    assert (link.letter_id, link.other_id) == (later.pk, earlier.pk)
    for letter in pair:
        event = history_of(letter.pk)[-1]
        assert (event.kind, event.actor, event.data["as"]) == ("linked", amina, "duplicate")
    assert history_of(later.pk)[-1].data["score"] == 0.9
    assert not SameMail.objects.exists()
    assert list(verify_register()) == []
    assert Letter.objects.filter(pk__in=[earlier.pk, later.pk]).count() == 2


def test_a_link_changed_behind_the_offices_back_is_named(
    pair: tuple[Letter, Letter], amina: User
) -> None:
    link = link_letters(*pair, kind="duplicate", actor=amina)
    LetterLink.objects.filter(pk=link.pk).update(kind="different")
    assert [problem.code for problem in verify_register()] == ["row_edited"]


def test_whichever_letter_is_looked_at_the_later_one_is_the_duplicate(
    pair: tuple[Letter, Letter], amina: User
) -> None:
    earlier, later = pair
    link = link_letters(earlier, later, kind="duplicate", actor=amina)
    assert link.letter_id == later.pk
    (from_earlier,), (from_later,) = near_to(earlier, amina), near_to(later, amina)
    assert (from_earlier.later, from_later.later) == (False, True)


def test_what_is_not_the_same_is_never_proposed_again(
    pair: tuple[Letter, Letter], amina: User
) -> None:
    earlier, later = pair
    suppose(later, earlier)
    link_letters(later, earlier, kind="different", actor=amina)
    suppose(later, earlier)
    suppose(earlier, later)
    assert not SameMail.objects.exists()
    assert history_of(later.pk)[-1].kind == "told_apart"


def test_of_two_clerks_one_decides(pair: tuple[Letter, Letter], amina: User, audit: User) -> None:
    link_letters(*pair, kind="duplicate", actor=amina)
    with pytest.raises(ConflictError):
        link_letters(*reversed(pair), kind="reminder", actor=audit)
    assert [link.kind for link in LetterLink.objects.all()] == ["duplicate"]
    assert history_of(pair[0].pk)[-1].actor == amina


def test_a_link_is_taken_back_with_a_reason_and_the_letters_compared_again(
    pair: tuple[Letter, Letter], amina: User
) -> None:
    link = link_letters(*pair, kind="duplicate", actor=amina)
    Job.objects.filter(kind="letter.compare").delete()
    with pytest.raises(LinkNotAllowedError):
        undo_link(link, actor=amina, reason=" ")
    undo_link(link, actor=amina, reason="Deux compteurs")
    assert [history_of(letter.pk)[-1].kind for letter in pair] == ["unlinked", "unlinked"]
    assert history_of(pair[1].pk)[-1].data["reason"] == "Deux compteurs"
    assert Job.objects.get(kind="letter.compare").subject == str(link.letter_id)
    assert near_to(pair[0], amina) == []
    with pytest.raises(ConflictError):
        undo_link(link, actor=amina, reason="Encore")
    link_letters(*pair, kind="reminder", actor=amina)
    assert LetterLink.objects.count() == 2
    assert list(verify_register()) == []


def test_a_voided_letter_is_neither_linked_nor_shown(
    pair: tuple[Letter, Letter], amina: User, direction: User
) -> None:
    earlier, later = pair
    suppose(later, earlier)
    approve_void(ask_to_void(earlier, actor=amina, reason="Essai"), actor=direction)
    assert near_to(later, amina) == near_to(earlier, amina) == []
    with pytest.raises(ConflictError):
        link_letters(later, earlier, kind="duplicate", actor=amina)


def test_a_letter_is_not_linked_with_itself_nor_by_a_word_unknown(
    pair: tuple[Letter, Letter], amina: User
) -> None:
    for other, word in ((pair[0], "duplicate"), (pair[1], "twin")):
        with pytest.raises(LinkNotAllowedError):
            link_letters(pair[0], other, kind=word, actor=amina)
    with pytest.raises(IntegrityError), transaction.atomic():
        SameMail.objects.create(letter=pair[0], other=pair[0], kind="copy", score=1)


def test_another_channel_makes_a_copy_and_a_quoted_number_a_reminder(amina: User) -> None:
    paper = deposit(actor=amina, channel="post").letter
    mail = deposit(actor=amina, channel="email").letter
    tadkir = deposit(actor=amina, kind=kind("reminder")).letter
    suppose(mail, paper)
    with transaction.atomic():
        propose(tadkir, [], quoted=[paper.pk, tadkir.pk])
    kinds = {row.letter_id: (row.kind, row.score) for row in SameMail.objects.all()}
    assert kinds == {mail.pk: ("copy", 0.9), tadkir.pk: ("reminder", 0.9)}


def test_what_is_not_found_any_more_is_not_proposed_any_more(pair: tuple[Letter, Letter]) -> None:
    earlier, later = pair
    suppose(later, earlier)
    with transaction.atomic():
        propose(earlier, [])  # the earlier one was read again: the later one looks itself
    assert Job.objects.filter(kind="letter.compare", subject=str(later.pk)).exists()
    with transaction.atomic():
        propose(later, [])
    assert not SameMail.objects.exists()


def test_who_reads_only_one_of_two_letters_learns_nothing_of_the_other(
    pair: tuple[Letter, Letter], amina: User, badr: User, chafik: User
) -> None:
    earlier, later = pair
    suppose(later, earlier)
    assert [near.other.pk for near in near_to(earlier, amina)] == [later.pk]
    assert near_to(earlier, badr) == near_to(earlier, chafik) == []
    link_letters(later, earlier, kind="duplicate", actor=amina)
    assert near_to(earlier, badr) == []
    told, seen = (readable_events(history_of(earlier.pk), viewer)[-1] for viewer in (badr, amina))
    assert (told.kind, told.data, told.actor) == ("withheld", {}, None)
    assert (seen.kind, seen.actor) == ("linked", amina)
    assert (told.seq, told.hash) == (seen.seq, seen.hash)


def test_no_event_names_the_other_letter(pair: tuple[Letter, Letter], amina: User) -> None:
    link = link_letters(*pair, kind="duplicate", actor=amina)
    undo_link(link, actor=amina, reason="Erreur")
    for letter, other in (pair, pair[::-1]):
        told = str([event.data for event in history_of(letter.pk)])
        assert other.number not in told
        assert str(other.pk) not in told


def test_a_letter_with_many_neighbours_costs_the_same_queries(
    pair: tuple[Letter, Letter], amina: User, django_assert_max_num_queries: Any
) -> None:
    earlier, _ = pair
    for _ in range(5):
        suppose(deposit(actor=amina).letter, earlier)
    with django_assert_max_num_queries(5):  # links, proposals, memberships, letters, parties
        assert len(near_to(earlier, amina)) == 5


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_the_same_moment_make_one_link(amina: User, direction: User) -> None:
    one, other = deposit(actor=amina).letter, deposit(actor=amina).letter
    start = threading.Barrier(2)

    def decide(pair: tuple[Letter, Letter], kind: str, clerk: User) -> str:
        try:
            start.wait(10)
            link_letters(*pair, kind=kind, actor=clerk)
        except ConflictError:
            return "slower"
        finally:
            connection.close()
        return "linked"

    with ThreadPoolExecutor(2) as pool:
        tries = [
            pool.submit(decide, (one, other), "duplicate", amina),
            pool.submit(decide, (other, one), "different", direction),
        ]
        assert sorted(one_try.result() for one_try in tries) == ["linked", "slower"]
    assert LetterLink.objects.count() == 1
    assert [history_of(letter.pk)[-1].seq for letter in (one, other)] == [2, 2]
    assert list(verify_register()) == []
