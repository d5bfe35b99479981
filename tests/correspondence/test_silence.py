"""Where silence means something, a term that is over lays a draft attestation before a person."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from correspondence.models.replies import Reply
from correspondence.replies import circuit
from correspondence.replies.silence import silence_work, silent_letters
from org.models import User
from registry.changes import history_of
from registry.models.letters import Letter
from routing.assigning import giving
from routing.clocks import stopping
from routing.models.clocks import DeadlineRule
from tests.factories import department, deposit, kind, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(rules: None) -> Letter:
    """A request of ninety days ago whose sixty days are over; silence means approval."""
    DeadlineRule.objects.filter(kind=kind("request")).update(silence="approval")
    earlier = timezone.now() - timedelta(days=90)
    found = deposit(
        kind=kind("request"), actor=person("amina"), received_at=earlier, language="fr"
    ).letter
    giving.assign(found, department=department("EAU"), actor=person("amina"))
    return found


def look() -> int:
    return silence_work("", lambda _done, _total: None)


def test_a_draft_attestation_waits_for_a_person_once(
    letter: Letter, dounia: User, register_is_clean: Callable[[], None]
) -> None:
    assert look() == 1
    draft = Reply.objects.get(letter=letter)
    assert (draft.state, draft.author) == ("draft", dounia)  # the head, while nobody has accepted
    assert letter.number in draft.body
    assert "55-19" in draft.body
    assert history_of(letter.pk)[-1].kind == "silence_passed"
    assert look() == 0
    assert Reply.objects.count() == 1
    circuit.submit_reply(draft, actor=dounia)
    register_is_clean()


def test_where_silence_means_nothing_nothing_is_drafted(letter: Letter) -> None:
    DeadlineRule.objects.filter(kind=kind("request")).update(silence="none")
    assert look() == 0


def test_a_letter_that_is_answered_stands_or_has_time_is_left_alone(
    letter: Letter, amina: User
) -> None:
    stopping.stop_clock(Letter.objects.get(pk=letter.pk), actor=amina, reason="Expertise")
    assert look() == 0


def test_on_its_last_day_a_letter_has_time(letter: Letter) -> None:
    today = timezone.localdate()
    Letter.objects.filter(pk=letter.pk).update(due_on=today)
    assert silent_letters(today) == []
    assert look() == 0
    assert silent_letters(today + timedelta(days=1)) == [letter.pk]


def test_a_letter_that_lies_with_nobody_is_marked_without_a_draft(rules: None) -> None:
    DeadlineRule.objects.filter(kind=kind("enquiry")).update(silence="refusal")
    letter = deposit(kind=kind("enquiry")).letter
    Letter.objects.filter(pk=letter.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    assert look() == 1
    assert history_of(letter.pk)[-1].data["draft"] is False
    assert not Reply.objects.exists()
