"""Very many letters in the index of "same mail", written straight to the database."""

from __future__ import annotations

import hashlib
import random
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from registry.models.documents import Document
from registry.models.duplicates import Fingerprint, FingerprintBand
from registry.models.files import StoredFile
from registry.models.letters import Letter
from registry.models.readings import DocumentReading
from registry.models.registers import Register

BATCH = 2000
SHARED = 0.15  # of the keys of the letter after which one is made
FORM_SHARED = 0.6
FORMS = 12  # letters after which a third of all are made


def fill(count: int, rng: random.Random) -> int:
    """Fill the index up to `count` letters; return the number of its keys."""
    bases = list(Fingerprint.objects.select_related("document").order_by("pk")[:2200])
    texts = dict(DocumentReading.objects.filter(current=True).values_list("document_id", "text"))
    keys = [list(base.bands.values_list("value", flat=True)) for base in bases]
    register = Register.objects.get(code="IN")
    serial = 1_000_000
    while (missing := count - Fingerprint.objects.count()) > 0:
        size = min(BATCH, missing)
        chosen = [_choose(len(bases), rng) for _ in range(size)]
        with transaction.atomic():
            documents = _letters(size, serial, register)
            serial += size
            DocumentReading.objects.bulk_create(
                DocumentReading(
                    document=document,
                    engine="bench",
                    text=texts.get(bases[base].document_id, ""),
                    read_at=timezone.now(),
                )
                for document, base in zip(documents, chosen, strict=True)
            )
            prints = Fingerprint.objects.bulk_create(
                Fingerprint(
                    document=document,
                    letter_id=document.letter_id,
                    sketch=_sketch(bases[base].sketch, base, rng),
                    looks=bases[base].looks if base < FORMS else [],
                )
                for document, base in zip(documents, chosen, strict=True)
            )
            FingerprintBand.objects.bulk_create(
                _bands(prints, chosen, keys, rng), batch_size=10_000
            )
    return FingerprintBand.objects.count()


def _choose(bases: int, rng: random.Random) -> int:
    return rng.randrange(FORMS) if rng.random() < 1 / 3 else rng.randrange(bases)


def _share(base: int) -> float:
    return FORM_SHARED if base < FORMS else SHARED


def _letters(size: int, serial: int, register: Register) -> list[Document]:
    now = timezone.now()
    letters = Letter.objects.bulk_create(
        Letter(
            register=register,
            year=now.year,
            serial=serial + n,
            number=f"{now.year}/IN/{serial + n}",
            channel="post",
            received_at=now,
            registered_at=now,
            tracking_hash="",
            version=1,
        )
        for n in range(size)
    )
    files = StoredFile.objects.bulk_create(
        StoredFile(
            sha256=hashlib.sha256(uuid.uuid4().bytes).hexdigest(),
            size=1,
            media_type="text/plain",
            stored_at=now,
        )
        for _ in letters
    )
    return Document.objects.bulk_create(
        Document(letter=letter, file=file, position=1, role="main", title="x", media_type="t/p")
        for letter, file in zip(letters, files, strict=True)
    )


def _sketch(sketch: list[int], base: int, rng: random.Random) -> list[int]:
    keep = _share(base)
    return [place if rng.random() < keep else rng.getrandbits(31) for place in sketch]


def _bands(
    prints: Sequence[Fingerprint],
    chosen: Sequence[int],
    keys: Sequence[Sequence[int]],
    rng: random.Random,
) -> list[Any]:
    rows = []
    for row, base in zip(prints, chosen, strict=True):
        keep = _share(base)
        values = {
            key if rng.random() < keep else rng.getrandbits(63) - (1 << 62) for key in keys[base]
        }
        rows += [FingerprintBand(fingerprint=row, value=value) for value in values]
    return rows
