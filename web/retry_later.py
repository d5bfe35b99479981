"""Answers for refusals in passing, with the time of a new try (429 or 503, Retry-After)."""

from collections.abc import Iterable
from typing import Final, TypeVar

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.refusals import Refusal, passing
from web.throttle import TooManyAttemptsError

Answer = TypeVar("Answer", bound=HttpResponseBase)
RETRY_SECONDS: Final = "30"
SAVES_SESSION: Final = "saves_session"  # on an answer: web.middleware.Sessions


def unavailable(answer: Answer) -> Answer:
    """Make it the answer of an office of which a part is away."""
    answer.status_code = 503
    answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


def later_where_it_passes(answer: Answer, refusals: Iterable[Refusal]) -> Answer:
    """Make it so where a deposit was refused for the office's sake alone: once it may be taken.

    Files that were kept for its form belong to the session, which is saved with it.
    """
    if not passing(refusals):
        return answer
    setattr(answer, SAVES_SESSION, True)
    return unavailable(answer)


def braked(answer: Answer, error: TooManyAttemptsError) -> Answer:
    """Make it the answer to too many attempts."""
    answer.status_code = 429
    answer.headers["Retry-After"] = str(error.wait)
    return answer


def too_many_attempts(error: TooManyAttemptsError) -> str:
    """Return that there were too many attempts, and after how many minutes to try again."""
    return " ".join((_("Too many attempts."), try_again(error)))


def try_again(error: TooManyAttemptsError) -> str:
    """Return after how many minutes, rounded up, to try again."""
    minutes = -(-error.wait // 60)
    words = ngettext(
        "Please try again in %(minutes)d minute.",
        "Please try again in %(minutes)d minutes.",
        minutes,
    )
    return words % {"minutes": minutes}
