"""Pages of the answers of one commit of the index, which are kept until the next."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from search.backends.answer_cache import TOGETHER, AnswerCache, question_of
from search.contract import SearchQuery, Total

_T = TypeVar("_T")


def page_of(
    kept: AnswerCache,
    query: SearchQuery,
    offset: int,
    best_of: Callable[[int, int], tuple[Total, Sequence[_T]]],
) -> tuple[Total, Sequence[_T]]:
    """Return how many letters a query finds, and those of the page that begins at `offset`.

    `best_of(offset, limit)` weighs all of them; the pages beside this one are weighed with it.
    """
    begin = offset - offset % TOGETHER
    total, some = kept.answer(("best", begin, question_of(query)), lambda: best_of(begin, TOGETHER))
    page = some[offset - begin :][: query.limit]
    if len(page) < query.limit and total.exceeds(offset + len(page)):  # its end is not among them
        return best_of(offset, query.limit)
    return total, page
