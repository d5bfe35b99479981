"""What both engines know of the best letters of a frequent word, which have it in their subject.

A word of half of a million letters is weighed in each of them in 30 ms. In the subject it weighs so
much more than elsewhere that the best letters have it there: an engine weighs them alone, and takes
them where each weighs more than a letter without the word in its subject can.
"""

import datetime
from typing import Final

from search import ranking
from search.query.parsing import ParsedQuery, Word

_CLOCK_AHEAD: Final = datetime.timedelta(days=3653)  # of letters registered by a wrong clock


def only_word(parsed: ParsedQuery) -> Word | None:
    """Return the word of a query of a single plain one."""
    match parsed.must:
        case (Word() as word,) if not (parsed.number or parsed.reference):
            pass
        case _:
            return None
    return None if word.number or word.key or word.typos or word.stem_typos else word


def greatest_recency() -> float:
    """Return the factor by which the latest letter that may be there counts more."""
    today = datetime.datetime.now(datetime.UTC).date()
    return ranking.recency_factor(today + _CLOCK_AHEAD)
