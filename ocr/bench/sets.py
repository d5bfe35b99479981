"""The pages that the benchmark reads: the corpus beside the checkout, and rendered letters.

Pages are split by document into two halves, so that thresholds can be tuned on the first alone.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ocr.engines.tessdata import ROOT

CORPUS = ROOT.parent / "shared" / "corpus"
DRAWN = "drawn"
PICTURES = {".jpg", ".jpeg", ".png", ".tif"}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PageSet:
    """Where a set lies in the corpus and how its ground truth is written down.

    `language` is Tesseract's code; `document` extracts the document from a file's stem; `noise` is
    what the transcribers' conventions add to the text; `tiers` of the manifest belong to the set
    (empty: all); `capitals` says that the truth has no small letters; `unread` that a person must
    read it: such pages are scored by whether the reading admits that. Without `truth`, by whether
    they are taken for handwriting.
    """

    images: str
    truth: str
    language: str
    document: str = r"^[^_]+"
    noise: str = ""
    tiers: tuple[str, ...] = ()
    capitals: bool = False
    unread: bool = False

    @property
    def told(self) -> bool:
        """Whether the true text of its pages is known."""
        return bool(self.truth)


@dataclass(frozen=True, slots=True)
class BenchPage:
    """One picture with its true text; `language` as Tesseract's code (ara, fra, eng, ara+fra)."""

    name: str
    picture: Path
    truth: str
    language: str
    second_half: bool
    capitals: bool = False
    unread: bool = False
    told: bool = True  # whether `truth` is known


SETS = {
    "ar-admin-scan": PageSet("ar-admin-morocco/images_simscan", "ar-admin-morocco/gt", "ara"),
    "ar-admin-clean": PageSet("ar-admin-morocco/images_clean", "ar-admin-morocco/gt", "ara"),
    "ar-print": PageSet(
        "ar-print-openiti-scans/images", "ar-print-openiti-scans/gt", "ara", document=r"^.*"
    ),
    "fr-print": PageSet("fr-print-nubis/images", "fr-print-nubis/gt", "fra", document=r"^.*"),
    "fr-typed": PageSet(
        "fr-typed-tapuscorpus/images",
        "fr-typed-tapuscorpus/gt",
        "fra",
        document=r"^.*?__\d+",
        noise=r"[_^]",
    ),
    "en-typed": PageSet("en-typed-ehri/images", "en-typed-ehri/gt", "eng", document=r"^.*"),
    "en-letters": PageSet(
        "en-letters-stanford1905/images",
        "en-letters-stanford1905/gt",
        "eng",
        document=r"^.*",
        noise=r"\^|⟦[^⟧]*⟧",
        tiers=("A", "B"),
    ),
    "en-receipts": PageSet(
        "en-receipts-sroie/images", "en-receipts-sroie/gt", "eng", document=r"^.*", capitals=True
    ),
    "en-pages": PageSet("en-unlv-tesseract-test", "en-unlv-tesseract-test", "eng", document=r"^.*"),
    "ar-books": PageSet("ar-print-book-pages-nogt", "", "ara", document=r"^.*"),
    "en-handwritten": PageSet(
        "en-letters-stanford1905/images",
        "en-letters-stanford1905/gt",
        "eng",
        document=r"^.*",
        tiers=("handwritten",),
        unread=True,
    ),
    "ar-handwritten": PageSet(
        "ar-handwritten-muharaf/images", "ar-handwritten-muharaf/gt", "ara", unread=True
    ),
}


def pages_of(page_set: PageSet) -> list[BenchPage]:
    """Return all pages of a set that have a true text where it has any; none without the corpus."""
    allowed = _in_tiers((CORPUS / page_set.truth).parent / "manifest.csv", page_set.tiers)
    found = []
    for picture in sorted((CORPUS / page_set.images).glob("*")):
        if picture.suffix not in PICTURES or (allowed is not None and picture.stem not in allowed):
            continue
        text = _truth(page_set, picture)
        if text is not None:
            half = in_second_half(page_set, picture)
            found.append(
                BenchPage(
                    picture.stem,
                    picture,
                    text,
                    page_set.language,
                    half,
                    page_set.capitals,
                    page_set.unread,
                    page_set.told,
                )
            )
    return found


def _truth(page_set: PageSet, picture: Path) -> str | None:
    """Return the page's true text, "" in a set without any; None where it lacks its own.

    Neither has a page of which nobody read a letter (`~~~`).
    """
    if not page_set.told:
        return ""
    file = CORPUS / page_set.truth / f"{picture.stem}.txt"
    if not file.is_file():
        return None
    text = re.sub(page_set.noise, "", file.read_text()) if page_set.noise else file.read_text()
    return text if any(map(str.isalnum, text)) else None


def in_second_half(page_set: PageSet, picture: Path) -> bool:
    """Return whether a document is in the second half, by its name's checksum so it is stable."""
    match = re.match(page_set.document, picture.stem)
    name = match.group() if match else picture.stem
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 1


def thinned(found: Sequence[T], limit: int) -> list[T]:
    """Return `limit` of them, evenly spread; all for 0."""
    if not limit or limit >= len(found):
        return list(found)
    return [found[n * len(found) // limit] for n in range(limit)]


def _in_tiers(manifest: Path, tiers: tuple[str, ...]) -> set[str] | None:
    """Return the ids of the manifest's rows in these tiers; None for no restriction."""
    if not tiers:
        return None
    if not manifest.is_file():
        return set()
    with manifest.open(newline="") as rows:
        return {row["id"] for row in csv.DictReader(rows) if row["tier"] in tiers}
