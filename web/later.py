"""Answers that say: not now, and after how many seconds to ask again (503, Retry-After)."""

from collections.abc import Iterable
from typing import Final, TypeVar

from django.http import HttpResponseBase
from django.utils.translation import ngettext

from registry.refusals import Refusal, passing

Answer = TypeVar("Answer", bound=HttpResponseBase)
RETRY_SECONDS: Final = "30"


def unavailable(answer: Answer) -> Answer:
    """Make it the answer of an office of which a part is away."""
    answer.status_code = 503
    answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


def later_where_it_passes(answer: Answer, refusals: Iterable[Refusal]) -> Answer:
    """Make it so where a deposit was refused for the office's sake alone: once it may be taken."""
    return unavailable(answer) if passing(refusals) else answer


def too_many_attempts(seconds: int) -> str:
    """Return that there were too many attempts, and after how many minutes to try again."""
    minutes = -(-seconds // 60)
    words = ngettext(
        "Too many attempts. Please try again in %(minutes)d minute.",
        "Too many attempts. Please try again in %(minutes)d minutes.",
        minutes,
    )
    return words % {"minutes": minutes}
