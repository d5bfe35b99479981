"""Index of keys in the database for finding letters that may be the same, without a scan.

Every document that stands for its letter has a fingerprint and some fifty keys: bands of its text's
sketch, pieces of its page's look, its longer numbers, its mail's Message-ID, sender with reference.
A look-up reads at most MOST_OF_A_KEY rows of each, the newest: a form that thousands fill in, or an
empty page, costs no more than any other letter.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

from language.fold import fold
from language.shingles import LONGEST, Sketch, bands_of, sketch_of
from registry.doubles.page_comparison import keys_of
from registry.models.documents import Document
from registry.models.duplicates import Fingerprint, FingerprintBand

MOST_OF_A_KEY: Final = 48  # rows read of one key
MOST_CANDIDATES: Final = 32  # fingerprints looked at more closely
MOST_DOCUMENTS: Final = 4  # of a letter: itself, or a mail with what it carries
MOST_LOOKS: Final = 4  # pages of a document
_MOST_NUMBERS: Final = 12
_NUMBER: Final = re.compile(r"(?<![\w.,])\d[\d /.\-]{3,18}\d(?!\w)")
_LEAST_DIGITS: Final = 6
_MAILS: Final = ("message/", "application/vnd.ms-outlook")


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one document.

    Text, fingerprints of its first pages, hash of its file, and the Message-ID where it is a mail.
    """

    text: str = ""
    looks: tuple[str, ...] = ()
    sha256: str = ""
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Print:
    """The index entry of a document."""

    sketch: Sketch
    looks: tuple[str, ...]
    message_id: str
    keys: frozenset[int]


def print_of(seen: Seen, *, sender: str = "", reference: str = "") -> Print:
    """Return the fingerprint of a document; `sender` and `reference` are the letter's."""
    sketch = sketch_of(seen.text)
    looks = tuple(look for look in seen.looks[:MOST_LOOKS] if look)
    keys = {_key("text", *band) for band in bands_of(sketch)}
    keys |= {_key("page", key) for look in looks[:1] for key in keys_of(look)}
    keys |= {_key("number", number) for number in numbers_of(seen.text)}
    if seen.message_id:
        keys.add(_key("message", seen.message_id))
    if reference and sender:
        keys.add(_key("reference", plain(sender), plain(reference)))
    return Print(sketch, looks, seen.message_id, frozenset(keys))


def numbers_of(text: str) -> list[str]:
    """Return the first numbers of at least six digits (contracts, phones…), without spaces."""
    found: dict[str, None] = {}
    for match in _NUMBER.finditer(fold(text[:LONGEST])):
        digits = re.sub(r"\D", "", match[0])
        if len(digits) >= _LEAST_DIGITS and len(found) < _MOST_NUMBERS:
            found.setdefault(digits)
    return list(found)


def plain(words: str) -> str:
    """Return letters and digits alone, folded: one spelling of a name or a reference."""
    return "".join(sign for sign in fold(words) if sign.isalnum())


def leading(documents: Sequence[Document]) -> list[Document]:
    """Return the documents that stand for a letter, in order: the first, and those of a mail."""
    if not documents:
        return []
    main = documents[0]
    carried = documents[1:] if main.media_type.startswith(_MAILS) else ()
    return [main, *(one for one in carried if one.attached_to_id == main.pk)][:MOST_DOCUMENTS]


def write_print(document: Document, new: Print) -> None:
    """Put a document into the index, in the caller's transaction; harmless to repeat."""
    values = {
        "letter_id": document.letter_id,
        "sketch": list(new.sketch),
        "looks": list(new.looks),
        "message_id": new.message_id,
    }
    row, created = Fingerprint.objects.update_or_create(document=document, defaults=values)
    kept: set[int] = set()
    if not created:
        kept = set(row.bands.values_list("value", flat=True))
        row.bands.filter(value__in=kept - new.keys).delete()
    FingerprintBand.objects.bulk_create(
        FingerprintBand(fingerprint=row, value=value) for value in sorted(new.keys - kept)
    )


def candidates(keys: Iterable[int], *, besides: UUID | None = None) -> list[Fingerprint]:
    """Return the fingerprints that share most with these keys, best first.

    At most MOST_CANDIDATES. A key weighs less the more documents have it.
    """
    weights: dict[int, float] = defaultdict(float)
    for owners in _owners(sorted(set(keys))):
        for owner in owners:
            weights[owner] += 1 / len(owners)
    best = sorted(weights, key=lambda owner: (-weights[owner], -owner))
    rows = Fingerprint.objects.select_related("document__file").in_bulk(
        best[: MOST_CANDIDATES + MOST_DOCUMENTS]
    )
    found = [rows[owner] for owner in best if owner in rows and rows[owner].letter_id != besides]
    return found[:MOST_CANDIDATES]


_OF_A_KEY: Final = (
    "SELECT * FROM (SELECT value, fingerprint_id FROM registry_fingerprintband WHERE value = %s"
    " ORDER BY value DESC, fingerprint_id DESC LIMIT {most}) AS k{n}"
)
_AT_ONCE: Final = 100  # SQLite takes 500 parts of a compound


def _owners(keys: list[int]) -> Iterator[list[int]]:
    """Yield, for each key that any document has, the newest fingerprints that have it."""
    for start in range(0, len(keys), _AT_ONCE):
        part = keys[start : start + _AT_ONCE]
        sql = " UNION ALL ".join(
            _OF_A_KEY.format(most=MOST_OF_A_KEY, n=n) for n in range(len(part))
        )
        owners: dict[int, list[int]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(sql, part)
            for value, fingerprint in cursor.fetchall():
                owners[int(value)].append(int(fingerprint))
        yield from owners.values()


def _key(*parts: object) -> int:
    """Return a signed 64-bit number, as a database column holds it."""
    whole = "\0".join(map(str, parts)).encode(errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(whole, digest_size=8).digest(), "big", signed=True)
