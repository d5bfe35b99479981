"""Answers that an engine keeps: for further pages, and repeats."""

import threading
from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

from search.contract import SearchQuery

_MOST: Final = 64
TOGETHER: Final = 200  # letters of several pages, which cost hardly more than those of one
_T = TypeVar("_T")


class AnswerCache:
    """Keeps the last answers to questions; whoever reads must not change them."""

    def __init__(self) -> None:
        self._answers: dict[Hashable, Any] = {}
        self._changing = threading.Lock()

    def get(self, question: Hashable) -> Any:
        """Return the answer, None where it is not kept."""
        with self._changing:
            answer = self._answers.pop(question, None)
            if answer is not None:
                self._answers[question] = answer  # the last one asked stands at the end
            return answer

    def keep(self, question: Hashable, answer: _T) -> _T:
        """Keep the answer, and return it."""
        with self._changing:
            self._answers[question] = answer
            while len(self._answers) > _MOST:
                del self._answers[next(iter(self._answers))]
        return answer

    def drop(self, question: Hashable) -> None:
        """Forget the answer."""
        with self._changing:
            self._answers.pop(question, None)

    def answer(self, question: Hashable, make: Callable[[], _T]) -> _T:
        """Return the answer that is kept, or make and keep it."""
        kept: _T | None = self.get(question)
        return self.keep(question, make()) if kept is None else kept


def question_of(query: SearchQuery) -> Hashable:
    """Return all that decides which letters a query finds, and in which order by relevance."""
    filters = ((name, tuple(sorted(values))) for name, values in query.filters.items())
    names = ((name, tuple(sorted(codes.items()))) for name, codes in query.names.items())
    return (
        query.words,
        frozenset(query.reader_tokens),
        tuple(sorted(filters)),
        tuple(sorted(names)),
        (query.after, query.before, query.due_before, query.today),
        # A first page is asked without typos, its next one with those of no word.
        (query.typos or frozenset(), query.most_typos, query.left_out),
    )
