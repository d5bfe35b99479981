"""Letters by meaning, in whatever language: offered beside what words find, never mixed in."""

import logging
import re
import threading
from collections.abc import Collection
from typing import Final, Literal
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from language.bidi import strip_bidi_controls
from org.models import User
from registry.access import reader_tokens
from registry.models.letters import Letter
from search.answers.snippets import SnippetPart
from search.contract import LONGEST_WORDS, EngineError
from search.hits import LetterHit
from search.meaning.contract import MOST_NEAR, Near
from search.meaning.engines import get_meaning_engine, has_meaning
from search.meaning.keeping import is_filling, rows_of, words_read
from search.meaning.text import meaning_version, question_vector
from search.models import LetterVector

State = Literal["on", "off", "filling"]
# Below these, most of what comes is not meant: measured by `./sijill bench meaning`.
ASKED_FLOOR: Final = 0.27
SIMILAR_FLOOR: Final = 0.5
# What is not prose: exclusions, fields, references, numbers, and the signs of a query.
_NO_PROSE: Final = re.compile(r"(?<!\S)[-−–]\S+|\b\w+:(?=\S)|\S*\d\S*|[\"«»“”*]")
_LONGEST_EXCERPT: Final = 240
_loading = threading.Lock()
log = logging.getLogger(__name__)


def meaning_state() -> State:
    """Return the state of this office's vectors.

    "off" where it has none; "filling" while those of earlier letters are being made.
    """
    if not has_meaning():
        return "off"
    return "filling" if is_filling() else "on"


def letters_by_meaning(
    *,
    viewer: User | AnonymousUser,
    words: str,
    limit: int = 5,
    without: Collection[UUID] = (),
) -> list[LetterHit]:
    """Return letters similar in meaning, in any language, nearest first; `without` those shown.

    Only what this person may read now. Nothing where nothing is near enough, where no words are
    asked (a number is no meaning), where the index is unavailable or the office has no vectors.
    Raise ValueError for a limit outside 1 to 50.
    """
    prose = prose_of(words)
    if not has_meaning() or not prose:
        return []
    with _loading:  # the model is loaded once
        vector = question_vector(prose)
    if vector is None:
        return []
    return _near(viewer, (vector,), ASKED_FLOOR, limit, set(without))


def similar_letters(
    *, viewer: User | AnonymousUser, letter: Letter, limit: int = 5
) -> list[LetterHit]:
    """Return letters about the same matter as this one, nearest first, never itself.

    As `letters_by_meaning`.
    """
    if not has_meaning():
        return []
    row = LetterVector.objects.filter(letter=letter, model=_version()).first()
    vectors = rows_of(bytes(row.vectors)) if row else ()
    if not vectors:
        return []
    return _near(viewer, vectors, SIMILAR_FLOOR, limit, {letter.pk})


def prose_of(words: str) -> str:
    """Return the meaningful part of a query; "" for numbers, references and single letters."""
    left = " ".join(_NO_PROSE.sub(" ", strip_bidi_controls(words[:LONGEST_WORDS])).split())
    return left if sum(char.isalpha() for char in left) >= 3 else ""


def _version() -> str:
    with _loading:
        return meaning_version()


def _near(
    viewer: User | AnonymousUser,
    vectors: tuple[bytes, ...],
    floor: float,
    limit: int,
    without: set[UUID],
) -> list[LetterHit]:
    """Return hits, rights checked twice as in `search.finding`: in index and database."""
    if not 1 <= limit <= MOST_NEAR:
        raise ValueError(f"limit must be 1 to {MOST_NEAR}")
    try:
        found = get_meaning_engine().nearest(
            vectors,
            reader_tokens=reader_tokens(viewer),
            limit=min(limit + len(without), MOST_NEAR),
            floor=floor,
        )
    except EngineError as error:
        log.warning("index of meanings: %s", error)
        return []
    return _shown(viewer, [one for one in found if UUID(one.id) not in without][:limit])


def _shown(viewer: User | AnonymousUser, found: list[Near]) -> list[LetterHit]:
    ids = [UUID(one.id) for one in found]
    letters = Letter.objects.visible_to(viewer).for_lists().in_bulk(ids)
    places = dict(LetterVector.objects.filter(pk__in=letters).values_list("pk", "places"))
    texts = words_read(letters)
    return [
        LetterHit(
            letters[key],
            letters[key].number,
            letters[key].subject,
            _excerpt(texts.get(key, ""), places.get(key, []), one.position),
        )
        for one, key in zip(found, ids, strict=True)
        if key in letters
    ]


def _excerpt(text: str, places: list[list[int]], position: int) -> tuple[SnippetPart, ...]:
    """Return the passage that is near, in the letter's own spelling.

    The first informative one where its subject is near.
    """
    place = places[position] if position < len(places) else []
    told = place or next(filter(None, places), [])
    start, end = told or (0, min(len(text), _LONGEST_EXCERPT))
    words = " ".join(text[start:end].split())
    if not words:
        return ()
    before, after = "… " if start else "", " …" if end < len(text.rstrip()) else ""
    return (SnippetPart(f"{before}{words}{after}", marked=False),)
