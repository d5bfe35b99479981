"""Which clauses of a query are informative: no marks and small words, names and bounds joined."""

from collections.abc import Iterator

from language.words import STOP_WORDS, WEEKDAYS
from search.analysis.references import MARKS
from search.query.persons import names_joined
from search.query.words import Clause, Day, Days, Digits, Limit, Reference, Word


def together(limits: list[Limit]) -> tuple[Limit, ...]:
    """Return limits without repetition.

    All bounds of time are one, so that one date must lie between them.
    """
    days = [limit for limit in limits if isinstance(limit, Days)]
    others = dict.fromkeys(limit for limit in limits if not isinstance(limit, Days))
    if not days:
        return tuple(others)
    between = Days(max(limit.first for limit in days), min(limit.end for limit in days))
    return (between, *others)


def informative(clauses: list[Clause]) -> tuple[Clause, ...]:
    """Return clauses without repetition, and without function words, if others remain."""
    unique = tuple(dict.fromkeys(_names_joined(_without_marks(_without_weekdays(clauses)))))
    found = tuple(clause for clause in unique if not _is_uninformative(clause))
    return found or unique


def _without_weekdays(clauses: list[Clause]) -> list[Clause]:
    """Drop weekdays beside a date, which implies them: letters may leave them out."""
    if not any(isinstance(clause, Day) for clause in clauses):
        return clauses
    return [c for c in clauses if not (isinstance(c, Word) and c.text in WEEKDAYS)]


def _without_marks(clauses: list[Clause]) -> Iterator[Clause]:
    """Drop "réf.", "n°" or "رقم" before a number: letters write them in many ways."""
    for place, clause in enumerate(clauses):
        behind = clauses[place + 1 : place + 3]
        numbered = any(
            isinstance(other, Digits | Reference)
            or (isinstance(other, Word) and other.text[0].isdecimal())
            for other in behind
        )
        if not (isinstance(clause, Word) and clause.text in MARKS and numbered):
            yield clause


def _names_joined(clauses: Iterator[Clause]) -> Iterator[Clause]:
    """Join "ben kirane" to one name: it may be written in one word in the letter."""
    waiting: list[Word] = []
    for clause in clauses:
        if isinstance(clause, Word):
            waiting.append(clause)
            continue
        yield from names_joined(waiting)
        yield clause
        waiting = []
    yield from names_joined(waiting)


def _is_uninformative(clause: Clause) -> bool:
    if not isinstance(clause, Word):
        return False
    return clause.text in STOP_WORDS or (len(clause.text) == 1 and clause.text.isalpha())
