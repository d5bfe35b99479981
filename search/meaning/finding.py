"""Letters by meaning, in whatever language: offered beside what words find, never mixed in."""

import logging
import threading
from collections.abc import Collection
from typing import Final, Literal
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from org.models import User
from org.people import cached_permissions
from registry.access import reader_tokens
from registry.models.letters import Letter
from search.answers.snippets import SnippetPart, excerpt
from search.contract import EngineError
from search.hits import LetterHit
from search.meaning.engines import get_meaning_engine, has_meaning
from search.meaning.joining import Joined
from search.meaning.keeping import is_filling, rows_of, words_read
from search.meaning.marking import StemMarks
from search.meaning.models import LetterVector
from search.meaning.prose import prose_of
from search.meaning.searching import find_joined
from search.meaning.text import meaning_version, question_vector
from search.meaning.translating import WeightedStems, stems_of
from search.meaning.word_list import known_words
from search.meaning_contract import MOST_NEAR

State = Literal["on", "off", "filling"]
# Below, most of what comes is not meant: measured by `./sijill bench meaning`.
SIMILAR_FLOOR: Final = 0.5
_NO_WORDS: Final = WeightedStems([], [])
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
    """Return letters similar in meaning, in any language, best first; `without` those shown.

    By their vectors, and by words that mean the same in the other script (`joining`).

    Only what this person may read now. Nothing where nothing is near enough, where no words are
    asked (a number is no meaning), where the index is unavailable or the office has no vectors.
    Raise ValueError for a limit outside 1 to 50.
    """
    if not 1 <= limit <= MOST_NEAR:
        raise ValueError(f"limit must be 1 to {MOST_NEAR}")
    prose = prose_of(words)
    if not has_meaning() or not prose:
        return []
    with _loading:  # the model is loaded once
        vector, version = question_vector(prose), meaning_version()
    if vector is None:
        return []
    with cached_permissions():
        stems = stems_of(prose, known_words(version))
        try:
            found = find_joined(vector, stems, reader_tokens(viewer), version)
        except EngineError as error:
            log.warning("index of meanings: %s", error)
            return []
        shown = [one for one in found if UUID(one.id) not in set(without)][:limit]
        return _shown(viewer, shown, stems)


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
    if not 1 <= limit <= MOST_NEAR:
        raise ValueError(f"limit must be 1 to {MOST_NEAR}")
    try:
        found = get_meaning_engine().nearest(
            vectors,
            reader_tokens=reader_tokens(viewer),
            limit=min(limit + 1, MOST_NEAR),
            floor=SIMILAR_FLOOR,
        )
    except EngineError as error:
        log.warning("index of meanings: %s", error)
        return []
    near = [Joined(one.id, one.position, translated=False, own=False) for one in found]
    others = [one for one in near if one.id != str(letter.pk)]
    return _shown(viewer, others[:limit], _NO_WORDS)


def _version() -> str:
    with _loading:
        return meaning_version()


def _shown(
    viewer: User | AnonymousUser, found: list[Joined], stems: WeightedStems
) -> list[LetterHit]:
    """Return hits, rights checked once more as in `search.finding`: now in the database."""
    ids = [UUID(one.id) for one in found]
    letters = Letter.objects.visible_to(viewer).for_lists().in_bulk(ids)
    places = dict(LetterVector.objects.filter(pk__in=letters).values_list("pk", "places"))
    texts = words_read(letters)
    other, every = StemMarks(stems.translated), StemMarks((*stems.translated, *stems.own))
    hits = []
    for one, key in zip(found, ids, strict=True):
        if letter := letters.get(key):
            text = texts.get(key, "")
            marks = every.marks(text) if one.translated or one.own else []
            near = _excerpt(text, places.get(key, []), one.position)
            words = other.named(text, letter.subject) if one.translated else ()
            shown = excerpt(text, marks) if marks else near
            hits.append(LetterHit(letter, letter.number, letter.subject, shown, by_words=words))
    return hits


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
