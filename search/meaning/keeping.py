"""Maintenance of letters' vectors in the database, and of the index that is made from them."""

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Substr
from django.utils import timezone

from jobs.errors import Transient, Unavailable, Yield
from jobs.models import Job
from jobs.outbox import enqueue
from jobs.runner import others_wait
from org.compiled_queries import CompiledQuery
from registry.access import letter_tokens
from registry.models.letters import Letter
from registry.models.readings import DocumentReading
from search.contract import EngineError, EngineState, EngineUnavailable
from search.index.keeping import Progress
from search.kinds import SearchJob
from search.meaning.engines import get_meaning_engine, has_meaning
from search.meaning.models import LetterVector
from search.meaning.text import READ, letter_vectors, meaning_version
from search.meaning_contract import SIZE, Meaning

_START: Final = str(UUID(int=0))
_BATCH: Final = 50
_WINDOW: Final = 500  # letters looked through at once for those without vectors
_WINDOWS: Final = 40
_DOCUMENTS: Final = 20
_REBUILD_CHUNK: Final = 200
_FILLING: Final = CompiledQuery(  # every page of search asks
    lambda: Job.objects.filter(
        kind=SearchJob.MEANING_FILL, state__in=["ready", "running"]
    ).values_list("pk")[:1]
)


class Filled(NamedTuple):
    """A batch of `meaning.fill`, and where the next one begins; "" after the last."""

    made: list["Made"]
    cursor: str


class Made(NamedTuple):
    """A letter's vectors, to be saved."""

    letter_id: UUID
    model: str
    digest: str
    vectors: bytes
    places: list[list[int]]


def wants_meaning(letter_id: str, _result: object = None) -> bool:
    """Return whether a letter just indexed goes on to the vector index."""
    return has_meaning()


def embed_letter_work(letter_id: str, progress: Progress) -> Made | None:
    """Do the work of the job `letter.meaning`: give the index the letter as it is now.

    Its vectors are made only where its words have changed; what is new is returned, to be saved.
    Raise jobs' Unavailable while the index is unavailable.
    """
    version = meaning_version() if has_meaning() else ""
    letter = Letter.objects.filter(pk=letter_id).first() if version else None
    if letter is None:
        return None
    with _waiting():
        outdated = get_meaning_engine().state() == "outdated"
    if outdated:
        _fill_from_the_start()
        raise Unavailable("search_unavailable", "the index of meanings is being made anew")
    known = LetterVector.objects.filter(letter=letter).first()
    made = _made(letter, version, known)
    vectors = made.vectors if made else bytes(known.vectors) if known else b""
    _put([to_meaning(letter, vectors)])
    return made


def save_vector(_subject: str, made: Made | None) -> None:
    """Save what was made, in the transaction that ends the job."""
    if made is not None:
        _save([made])


def fill_work(cursor: str, progress: Progress) -> Filled:
    """Do the work of the job `meaning.fill`: some letters without vectors of this model.

    In the order of their ids from `cursor` on. An index of another model is made anew first. It
    gives way to everything else that is due, so it runs in spare time. It can be stopped at any
    moment: what is saved is not done again.
    """
    version = meaning_version() if has_meaning() else ""
    if not version:
        return Filled([], "")
    if others_wait(SearchJob.MEANING_FILL, more_urgent=True):
        raise Yield
    with _waiting():
        if get_meaning_engine().state() != "ready":
            rebuild_meaning(progress)
    letters, cursor = _next_without(version, cursor)
    made = []
    for done, letter in enumerate(letters, start=1):
        made += [one for one in [_made(letter, version, None)] if one]
        progress(done, len(letters))
    vectors = {one.letter_id: one.vectors for one in made}
    _put([to_meaning(letter, vectors[letter.pk]) for letter in letters if letter.pk in vectors])
    return Filled(made, cursor)


def save_filled(_subject: str, filled: Filled) -> None:
    """Save a batch, and queue the next."""
    _save(filled.made)
    if filled.cursor:
        enqueue(SearchJob.MEANING_FILL, filled.cursor)


def start_filling() -> bool:
    """Queue the making of missing vectors; return False where none is, or without a model."""
    version = meaning_version() if has_meaning() else ""
    if not version:
        return False
    missing = Letter.objects.exclude(vector__model=version).exists()
    with _waiting():
        ready = get_meaning_engine().state() == "ready"
    if (ready and not missing) or not Letter.objects.exists():
        return False
    _fill_from_the_start()
    return True


def is_filling() -> bool:
    """Return whether vectors of earlier letters are being made."""
    return bool(_FILLING.rows())


def _fill_from_the_start() -> None:
    with transaction.atomic():
        enqueue(SearchJob.MEANING_FILL, _START)


def _next_without(version: str, cursor: str) -> tuple[list[Letter], str]:
    """Return the next letters without vectors of this model, and where to go on; "" at the end."""
    letters: list[Letter] = []
    for _ in range(_WINDOWS):
        window = list(
            Letter.objects.filter(pk__gt=UUID(cursor)).order_by("pk")[:_WINDOW].only("pk")
        )
        if not window:
            return letters, ""
        ids = [letter.pk for letter in window]
        done = LetterVector.objects.filter(pk__in=ids, model=version)
        missing = sorted(set(ids) - set(done.values_list("pk", flat=True)))[:_BATCH]
        cursor = str(missing[-1] if len(missing) == _BATCH else ids[-1])
        if missing:
            return list(Letter.objects.filter(pk__in=missing).order_by("pk")), cursor
    return letters, cursor


def _made(letter: Letter, version: str, known: LetterVector | None) -> Made | None:
    """Return the letter's vectors, or None where those known are of the same words and model."""
    text = words_read([letter.pk]).get(letter.pk, "")
    digest = hashlib.sha256(f"{letter.subject}\0{text}".encode()).hexdigest()
    if known and known.digest == digest and known.model == version:
        return None
    found = letter_vectors(letter.subject, text)
    return Made(letter.pk, version, digest, *found) if found else None


def words_read(letter_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the beginnings of these letters' text, as far as vectors cover it, in one query."""
    readings = DocumentReading.objects.filter(
        document__letter_id__in=list(letter_ids), document__position__lte=_DOCUMENTS, current=True
    )
    rows = readings.order_by("document__position").values_list(
        "document__letter_id", Substr("text", 1, READ)
    )
    texts: dict[UUID, str] = {}
    for letter_id, text in rows:
        if text:
            texts[letter_id] = f"{texts[letter_id]}\n\n{text}" if letter_id in texts else text
    return {letter_id: text[:READ] for letter_id, text in texts.items()}


def to_meaning(letter: Letter, vectors: bytes) -> Meaning:
    """Return the letter as the vector index sees it."""
    return Meaning(
        id=str(letter.pk),
        version=letter.version,
        vectors=rows_of(vectors),
        reader_tokens=tuple(sorted(letter_tokens(letter))),
    )


def rows_of(vectors: bytes) -> tuple[bytes, ...]:
    """Return one row for each vector."""
    return tuple(vectors[start : start + SIZE] for start in range(0, len(vectors), SIZE))


def _save(made: Iterable[Made]) -> None:
    now = timezone.now()
    LetterVector.objects.bulk_create(
        [LetterVector(**one._asdict(), made_at=now) for one in made],
        update_conflicts=True,
        unique_fields=["letter"],
        update_fields=["model", "digest", "vectors", "places", "made_at"],
    )


def _put(letters: list[Meaning]) -> None:
    with _waiting():
        get_meaning_engine().put(letters)


@contextlib.contextmanager
def _waiting() -> Iterator[None]:
    """Make jobs wait as long as it takes while the index is unavailable."""
    try:
        yield
    except EngineUnavailable as error:
        raise Unavailable("search_unavailable", str(error)) from error
    except EngineError as error:
        raise Transient("search_refused", str(error)) from error


def meaning_index_state() -> EngineState:
    """Return ready, missing or outdated (rebuild it); raise EngineUnavailable where unavailable."""
    return get_meaning_engine().state()


def without_progress(done: int, total: int) -> None:
    """Ignore progress."""


def rebuild_meaning(progress: Progress = without_progress) -> int:
    """Make the index anew from the vectors in the database, without the model.

    Return how many letters. The old one answers until then; raise EngineBusy when a rebuild is
    running.
    """
    version = meaning_version()
    total = LetterVector.objects.filter(model=version).count()
    done = 0
    with get_meaning_engine().rebuild() as build:
        for letters in _all_meanings(version):
            build.put(letters)
            done += len(letters)
            progress(done, max(total, done))
    return done


def _all_meanings(version: str) -> Iterator[list[Meaning]]:
    """Yield all letters that have vectors, in short reads along the primary key."""
    last: UUID | None = None
    while True:
        rows = LetterVector.objects.filter(model=version).order_by("pk").select_related("letter")
        if last:
            rows = rows.filter(pk__gt=last)
        chunk = list(islice(rows.iterator(_REBUILD_CHUNK), _REBUILD_CHUNK))
        if not chunk:
            return
        yield [to_meaning(row.letter, bytes(row.vectors)) for row in chunk]
        last = chunk[-1].pk
