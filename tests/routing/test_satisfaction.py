"""What people say of their answer, in one tap; and the figures of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from correspondence.dispatch import sending
from correspondence.models.replies import Reply
from org.models import User
from registry.models.letters import Letter
from routing.acting.errors import NotAllowedError
from routing.closing import reopening, satisfaction
from routing.models.closing import Satisfaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(approved: Reply, badr: User) -> Letter:
    sending.send_reply(approved, actor=badr, method="portal")
    letter: Letter = Letter.objects.select_related("register").get(pk=approved.letter_id)
    return letter


def test_one_tap_then_a_remark_then_another_mind(
    answered: Letter, register_is_clean: Callable[[], None]
) -> None:
    satisfaction.rate(answered, score=2)
    satisfaction.rate(answered, score=4, remark="Merci, tout compte fait")
    row = satisfaction.rate(answered, score=5)
    assert Satisfaction.objects.count() == 1
    assert (row.score, row.remark) == (5, "Merci, tout compte fait")
    assert row.department is not None
    assert row.department.code == "EAU"
    register_is_clean()


@pytest.mark.parametrize("score", [0, 6, -1])
def test_only_the_five_faces_count(answered: Letter, score: int) -> None:
    with pytest.raises(NotAllowedError):
        satisfaction.rate(answered, score=score)


def test_a_letter_without_an_answer_is_not_rated(letter: Letter) -> None:
    assert not satisfaction.may_rate(letter)
    with pytest.raises(NotAllowedError):
        satisfaction.rate(letter, score=5)


def test_a_rating_stands_after_some_days(
    answered: Letter, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    satisfaction.rate(answered, score=1)
    later = timezone.now() + timedelta(days=settings.RATING_DAYS, minutes=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert not satisfaction.may_rate(answered)
    with pytest.raises(NotAllowedError):
        satisfaction.rate(answered, score=5)


def test_a_link_names_its_letter_and_cannot_be_made_up(answered: Letter) -> None:
    token = satisfaction.rating_token(answered.pk)
    assert satisfaction.letter_of_token(token) == answered
    for other in ("", "x", token[:-1], str(answered.pk), token + "A"):
        assert satisfaction.letter_of_token(other) is None


def test_figures_by_department(answered: Letter) -> None:
    satisfaction.rate(answered, score=4)
    reopening.reopen_by_citizen(answered, reason="Encore")
    now = timezone.now()
    day = timedelta(days=1)
    [figures] = satisfaction.satisfaction_figures(since=now - day, until=now + day)
    assert (figures.department, figures.count, figures.mean) == ("EAU", 1, 4.0)
    assert figures.by_score[4] == 1
    assert (figures.reopened, figures.reopened_by_citizens) == (1, 1)
    assert satisfaction.satisfaction_figures(since=now + day, until=now + 2 * day) == []
