"""Making of the office's list of words with their vectors: counted anew each night, in batches.

Words of letters that are destroyed go with the next list. A batch that is cut off is done again;
the list in use answers until the next one is whole.
"""

import contextlib
import datetime
import json
import uuid
import zlib
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from jobs.errors import Transient, Unavailable, Yield
from jobs.models import Job
from jobs.outbox import enqueue
from jobs.runner import others_wait
from search.index.keeping import Progress
from search.kinds import SearchJob
from search.meaning.engines import has_meaning
from search.meaning.keeping import start_filling, words_read
from search.meaning.models import LetterVector, WordList, WordPart
from search.meaning.near_words import word_vectors
from search.meaning.text import meaning_version
from search.meaning.vocabulary import choose_words, common_stems, count_words, has_changed
from search.meaning.word_list import ONLY, words_in_use

MOST_LETTERS: Final = 10_000  # counted; their ids are drawn by chance, so these stand for all
_LETTERS: Final = 250  # of one batch
_WORDS: Final = 1_000
_KEPT: Final = datetime.timedelta(days=7)  # a list that hardly differs
_WORTH: Final = 20  # letters below which a first list tells nothing
_SMALL: Final = 2_000  # letters of a list that is made anew when there are twice as many
_COUNT: Final = "count"
_VECTORS: Final = "vectors"


class Drafted(NamedTuple):
    """The draft after a batch, and what is next; "" after the last."""

    draft: bytes
    following: str


class Part(NamedTuple):
    """Words with their vectors; `following` is "" where the list is whole."""

    made: str
    position: int
    words: list[str]
    vectors: bytes
    following: str


def words_work(step: str, progress: Progress) -> Drafted | Part | None:
    """Do the work of the job `meaning.words`: one batch of letters counted, or of words' vectors.

    `step` is "count:LETTER ID" or "vectors:POSITION". It gives way to everything that is due.
    """
    version = meaning_version() if has_meaning() else ""
    if not version:
        return None
    if others_wait(SearchJob.MEANING_WORDS, more_urgent=True):
        raise Yield
    phase, _, place = step.partition(":")
    row = words_in_use()
    draft = _read(bytes(row.draft))
    if phase == _COUNT:
        return _count(row, draft if UUID(place).int else {}, UUID(place), version)
    if draft.get("model") != version:
        begun = {**draft, "model": version, "made": uuid.uuid4().hex}
        return Drafted(_written(begun), f"{_VECTORS}:0") if draft.get("words") else None
    return _vectors(draft, int(place))


def _count(row: WordList, draft: dict[str, Any], after: UUID, version: str) -> Drafted:
    vectors = LetterVector.objects.filter(pk__gt=after).order_by("pk")
    rows = dict(vectors.values_list("pk", "letter__subject")[:_LETTERS])
    texts = words_read(rows)
    counted = count_words(
        (f"{subject}\n{texts.get(key, '')}" for key, subject in rows.items()),
        draft.get("counts", {}),
    )
    letters = draft.get("letters", 0) + len(rows)
    if len(rows) == _LETTERS and letters < MOST_LETTERS:
        draft = {"letters": letters, "counts": counted}
        return Drafted(_written(draft), f"{_COUNT}:{max(rows)}")
    chosen = choose_words(counted)
    if not chosen or not _is_worth_making(row, list(chosen), version):
        return Drafted(b"", "")
    begun = {
        "letters": letters,
        "words": list(chosen),
        "common": common_stems(chosen, letters),
        "model": version,
        "made": uuid.uuid4().hex,
    }
    return Drafted(_written(begun), f"{_VECTORS}:0")


def _is_worth_making(row: WordList, words: list[str], version: str) -> bool:
    """Return whether the list in use is of another model, old, or of many other words."""
    if row.model != version or row.made_at is None or timezone.now() - row.made_at > _KEPT:
        return True
    parts = WordPart.objects.filter(made=row.made).values_list("words", flat=True)
    return has_changed([word for part in parts for word in part.split("\n")], words)


def _vectors(draft: dict[str, Any], position: int) -> Part:
    words = draft["words"][position : position + _WORDS]
    vectors = word_vectors(words)
    after = position + len(words)
    following = f"{_VECTORS}:{after}" if after < len(draft["words"]) else ""
    return Part(draft["made"], position, words, vectors, following)


def save_words(_step: str, result: Drafted | Part | None) -> None:
    """Save a batch and queue the next; after the last the new list is the one in use."""
    if result is None:
        return
    if isinstance(result, Drafted):
        WordList.objects.update_or_create(pk=ONLY, defaults={"draft": result.draft})
    else:
        _save_part(result)
    if result.following:
        enqueue(SearchJob.MEANING_WORDS, result.following)


def _save_part(part: Part) -> None:
    WordPart.objects.update_or_create(
        made=part.made,
        position=part.position,
        defaults={"words": "\n".join(part.words), "vectors": part.vectors},
    )
    if part.following:
        return
    draft = _read(bytes(words_in_use().draft))
    WordList.objects.filter(pk=ONLY).update(
        model=draft["model"],
        made=part.made,
        letters=draft["letters"],
        words=len(draft["words"]),
        common=" ".join(draft["common"]),
        made_at=timezone.now(),
        draft=b"",
    )
    WordPart.objects.exclude(made=part.made).delete()


def fill_nightly() -> None:
    """Queue the vectors that letters lack and a list of words, once a day; an index can wait."""
    with contextlib.suppress(Unavailable, Transient):
        start_filling()
    start_words()


def start_words() -> bool:
    """Queue the making of a list; return False where one is being made, or none can be."""
    if not has_meaning() or is_making_words():
        return False
    with transaction.atomic():
        enqueue(SearchJob.MEANING_WORDS, f"{_COUNT}:{UUID(int=0)}")
    return True


def ask_words() -> None:
    """Queue a list where there is none of this form, or letters are twice as many; each minute.

    Without the model: which one a list is of is looked at each night.
    """
    if not has_meaning():
        return
    row = words_in_use()
    wanted = max(2 * row.letters, _WORTH)
    if row.letters < _SMALL and LetterVector.objects.all()[:wanted].count() == wanted:
        start_words()


def is_making_words() -> bool:
    """Return whether a list is being made."""
    waiting = Job.objects.filter(kind=SearchJob.MEANING_WORDS, state__in=["ready", "running"])
    return waiting.exists()


def _written(draft: dict[str, Any]) -> bytes:
    return zlib.compress(json.dumps(draft, ensure_ascii=False).encode(), 1)


def _read(draft: bytes) -> dict[str, Any]:
    return dict(json.loads(zlib.decompress(draft))) if draft else {}
