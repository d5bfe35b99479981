"""Making of the office's list of words with their vectors: counted anew each night, in batches.

Words of letters that are destroyed go with the next list, which is made within a week, or with the
last letter. A batch that is cut off is done again; the list in use answers until the next is whole.
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
from search.meaning.word_list import (
    ONLY,
    draft_of_words,
    forget_old_words,
    forget_words,
    words_in_use,
)

MOST_LETTERS: Final = 10_000  # counted; their ids are drawn by chance, so these stand for all
_LETTERS: Final = 250  # of one batch
_WORDS: Final = 1_000
_KEPT: Final = datetime.timedelta(days=7)  # a list that hardly differs
_WORTH: Final = 20  # letters below which a first list tells nothing
_SMALL: Final = 2_000  # letters of a list that is made anew when there are twice as many
_COUNT: Final = "count"
_VECTORS: Final = "vectors"


class Drafted(NamedTuple):
    """The draft after a batch, and what is next."""

    draft: bytes
    following: str


class Counted(NamedTuple):
    """All letters are counted: how many, and the stems that too many of them have.

    With the draft of a new list; without one where that in use stays, or `is_gone`.
    """

    letters: int
    common: str = ""
    draft: bytes = b""
    is_gone: bool = False


class Part(NamedTuple):
    """Words with their vectors; `following` is "" where the list is whole."""

    made: str
    position: int
    words: list[str]
    vectors: bytes
    following: str


Result = Drafted | Counted | Part | None


def words_work(step: str, progress: Progress) -> Result:
    """Do the work of the job `meaning.words`: one batch of letters counted, or of words' vectors.

    `step` is "count:LETTER ID" or "vectors:POSITION". It gives way to everything that is due.
    Without the model there is no list: nothing could be compared with it, or make it anew.
    """
    version = meaning_version() if has_meaning() else ""
    if not version:
        return Counted(LetterVector.objects.all()[:MOST_LETTERS].count(), is_gone=True)
    if others_wait(SearchJob.MEANING_WORDS, more_urgent=True):
        raise Yield
    phase, _, place = step.partition(":")
    draft = _read(draft_of_words())
    if phase == _COUNT:
        return _count(draft if UUID(place).int else {}, UUID(place), version)
    if draft.get("model") != version:
        begun = {**draft, "model": version, "made": uuid.uuid4().hex}
        return Drafted(_written(begun), f"{_VECTORS}:0") if draft.get("words") else None
    return _vectors(draft, int(place))


def _count(draft: dict[str, Any], after: UUID, version: str) -> Drafted | Counted:
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
    common = " ".join(common_stems(chosen, letters))
    if not chosen or not _is_worth_making(list(chosen), version):
        return Counted(letters, common, is_gone=not chosen)
    begun = {"words": list(chosen), "model": version, "made": uuid.uuid4().hex}
    return Counted(letters, common, _written(begun))


def _is_worth_making(words: list[str], version: str) -> bool:
    """Return whether the list in use is of another model, old, or of many other words."""
    row = words_in_use()
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


def save_words(_step: str, result: Result) -> None:
    """Save a batch and queue the next; after the last the new list is the one in use."""
    following = ""
    if isinstance(result, Counted):
        following = _save_counted(result)
    elif isinstance(result, Drafted):
        _save_row(draft=result.draft)
        following = result.following
    elif isinstance(result, Part):
        following = _save_part(result)
    if following:
        enqueue(SearchJob.MEANING_WORDS, following)


def _save_counted(counted: Counted) -> str:
    """Save what was counted; return what is next, "" where nothing is.

    The clock compares letters with those counted, so that it queues only once for the same ones.
    """
    _save_row(letters=counted.letters, common=counted.common, draft=counted.draft)
    if counted.is_gone:
        _save_row(model="", made="", words=0, made_at=None)
    # What is in use stays; parts of a list that was given up on the way go.
    WordPart.objects.exclude(made=words_in_use().made).delete()
    if counted.is_gone:
        transaction.on_commit(forget_old_words, robust=True)
    return f"{_VECTORS}:0" if counted.draft else ""


def _save_part(part: Part) -> str:
    """Save words with their vectors; return what is next, "" after the last."""
    draft = _read(draft_of_words())
    if draft.get("made") != part.made:  # given up meanwhile
        return ""
    WordPart.objects.update_or_create(
        made=part.made,
        position=part.position,
        defaults={"words": "\n".join(part.words), "vectors": part.vectors},
    )
    if not part.following:
        words = len(draft["words"])
        if lacking := _lacking(part.made, words):  # a step tried again by hand came before its turn
            return lacking
        now = timezone.now()
        _save_row(model=draft["model"], made=part.made, words=words, made_at=now, draft=b"")
        WordPart.objects.exclude(made=part.made).delete()
        transaction.on_commit(forget_old_words, robust=True)
    return part.following


def _lacking(made: str, words: int) -> str:
    """Return the step of the first words that no part of the list has; "" where it is whole."""
    there = set(WordPart.objects.filter(made=made).values_list("position", flat=True))
    first = next((at for at in range(0, words, _WORDS) if at not in there), None)
    return "" if first is None else f"{_VECTORS}:{first}"


def _save_row(**values: Any) -> None:
    WordList.objects.update_or_create(pk=ONLY, defaults=values)


def fill_nightly() -> None:
    """Queue the vectors that letters lack and a list of words, once a day; an index can wait.

    Where search by meaning is off, the list is forgotten.
    """
    if has_meaning():
        with contextlib.suppress(Unavailable, Transient):
            start_filling()
        start_words()
    else:
        forget_words()
    forget_old_words()


def start_words() -> bool:
    """Queue the making of a list; return False where one is being made, or none can be."""
    if not has_meaning() or is_making_words():
        return False
    with transaction.atomic():
        enqueue(SearchJob.MEANING_WORDS, f"{_COUNT}:{UUID(int=0)}")
    return True


def queue_words() -> None:
    """Queue a list where there is none of this form, or letters are twice as many; each minute.

    Without the model: the model of a list is checked each night. Not where the last one was parked:
    the night tries that again.
    """
    if not has_meaning():
        return
    row = words_in_use()
    wanted = max(2 * row.letters, _WORTH)
    if row.letters < _SMALL and LetterVector.objects.all()[:wanted].count() == wanted:
        parked = Job.objects.filter(kind=SearchJob.MEANING_WORDS, state=Job.State.PARKED)
        if not parked.exists():
            start_words()


def is_making_words() -> bool:
    """Return whether a list is being made."""
    waiting = Job.objects.filter(kind=SearchJob.MEANING_WORDS, state__in=["ready", "running"])
    return waiting.exists()


def _written(draft: dict[str, Any]) -> bytes:
    return zlib.compress(json.dumps(draft, ensure_ascii=False).encode(), 1)


def _read(draft: bytes) -> dict[str, Any]:
    return dict(json.loads(zlib.decompress(draft))) if draft else {}
