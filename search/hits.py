"""The results of a search: letters with their excerpts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final
from uuid import UUID

from django.db.models.functions import Substr

from org.compiled_queries import CompiledQuery, filled_up
from registry.models.letters import Letter
from registry.models.readings import DocumentReading
from search.answers.matching import LOOKED_AT, Mark, Matcher
from search.answers.snippets import SnippetPart, excerpt
from search.index.proposals import proposed_senders
from search.query.parsing import ReadField

# So many characters of a letter are looked at; more only where words are missing, and where
# nothing is found at all.
_LOOKED_FIRST: Final = 3_000
_LOOKED_NEXT: Final = 20_000


@dataclass(frozen=True, slots=True)
class LetterHit:
    """One letter of the answer, with the matching excerpt in the letter's own spelling.

    `proposed_sender` is who seems to have sent it where nobody has said it. `lacking` is what it
    lacks of the words, as typed. `by_words` are words of the letter, in another language than the
    question, that mean something like its words.
    """

    letter: Letter
    number: str
    subject: str
    snippet: tuple[SnippetPart, ...]
    score: float = 0.0
    proposed_sender: str = ""
    lacking: tuple[str, ...] = ()
    by_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundLetters:
    """The answer; `engine_down`: only numbers, references and the newest were looked up.

    `read` names the fields that were recognised in the words. `left_out` are the words, as typed,
    that the letters lack, where no letter has all of them. `corrected` is the whole query with a
    misspelt word as letters that this person may read spell it, where that finds more, or with
    fewer words, where all of them find nothing; else "". `most`, where no letter answers, are
    letters that have most of the words; they are few and never counted.
    """

    total: int
    hits: list[LetterHit]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    next_cursor: str = ""
    engine_down: bool = False
    corrected: str = ""
    read: tuple[ReadField, ...] = ()
    left_out: tuple[str, ...] = ()
    most: tuple[LetterHit, ...] = ()


def hits_of(
    letters: list[Letter],
    texts: Mapping[UUID, str],
    matcher: Matcher,
    scores: Mapping[UUID, float],
) -> list[LetterHit]:
    """Return the letters as hits, with what of their texts matches; two or three queries."""
    shown = _excerpts(letters, texts, matcher)
    proposed = proposed_of(letters)
    return [
        LetterHit(
            one,
            one.number,
            one.subject,
            shown[one.pk],
            scores.get(one.pk, 0.0),
            proposed.get(one.pk, ""),
        )
        for one in letters
    ]


def _excerpts(
    letters: list[Letter], texts: Mapping[UUID, str], matcher: Matcher
) -> dict[UUID, tuple[SnippetPart, ...]]:
    """Return the excerpts; a long text is searched further where words are missing so far."""
    seen = {one.pk: texts.get(one.pk, "") for one in letters}
    marks: dict[UUID, list[Mark]] = {}
    waiting = letters
    for looked, length in ((_LOOKED_FIRST, _LOOKED_NEXT), (_LOOKED_NEXT, LOOKED_AT), (0, 0)):
        marks |= {
            one.pk: matcher.marks(seen[one.pk], subject=one.subject if length else "")
            for one in waiting
        }
        if not (length and matcher.parsed.must):
            break
        waiting = [
            one
            for one in waiting
            if len(seen[one.pk]) >= looked and _wants_more(matcher, one, marks[one.pk], looked)
        ]
        if not waiting:
            break
        seen |= texts_of(waiting, length)
    return {key: excerpt(seen[key], found) for key, found in marks.items()}


def _wants_more(matcher: Matcher, letter: Letter, marks: list[Mark], looked: int) -> bool:
    """Return whether words are missing in the beginning of a text, or any mark in more of it."""
    if looked > _LOOKED_FIRST:
        return not marks
    return not matcher.answered(marks, subject=letter.subject)


def proposed_of(letters: Iterable[Letter]) -> Mapping[UUID, str]:
    """Return the proposed senders of those letters that have none; at most one query."""
    nameless = [one.pk for one in letters if one.sender is None]
    return proposed_senders(nameless) if nameless else {}


@cache
def _beginnings(length: int) -> CompiledQuery:
    """Return the query of so many characters of the text of letters, by their ids."""
    return CompiledQuery(
        lambda *ids: (
            DocumentReading.objects.filter(document__letter__in=ids, current=True)
            .order_by("document__position")
            .values_list("document__letter_id", Substr("text", 1, length))
        )
    )


def texts_of(letters: Iterable[Letter], length: int = _LOOKED_FIRST) -> dict[UUID, str]:
    """Return the beginnings of the text read of these letters, in one query."""
    ids = [letter.pk for letter in letters]
    texts: dict[UUID, str] = {}
    for letter_id, text in _beginnings(length).rows(*filled_up(ids)) if ids else ():
        texts[letter_id] = f"{texts[letter_id]}\n\n{text}" if letter_id in texts else text
    return texts
