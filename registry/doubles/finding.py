"""Duplicate detection: which registered letters are probably the same, how sure, and why.

Evidence is weighed together: the same file or mail is proof; text, appearance of the pages, and
sender with reference and date support each other; a form with other names and numbers in it is
evidence against. Nothing is merged: the result is a proposal, a person decides (`registry.links`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models.functions import Substr

from language.agreement import Agreement, agreement_of
from language.shingles import LONGEST, shared
from registry.doubles.index import (
    MOST_OF_A_KEY,
    Print,
    Seen,
    candidates,
    leading,
    plain,
    print_of,
)
from registry.doubles.page_comparison import ink_of, likeness
from registry.models.documents import Document
from registry.models.duplicates import Fingerprint
from registry.models.letters import Letter, Party
from registry.models.readings import DocumentReading
from registry.models.registers import Register
from registry.states import Stage

PROPOSED: Final = 0.6  # a score from which a letter is proposed as the same
RECEIVED: Final = (Register.Direction.INCOMING, Register.Direction.INTERNAL)
MOST_PROPOSED: Final = 8
_MOST_READ: Final = 10  # candidates whose words are compared
_WORTH_READING: Final = 0.08  # of the sketch
_LEAST_TEXT: Final = 80  # letters and digits; less could stand in any letter
_TELLING_TEXT: Final = 150  # in a shorter one a misread line weighs like another name
_LEAST_INK: Final = 380  # of a page's look: a row and a half across it
_AGAINST: Final = 0.15  # share of words that differ altogether: another letter on the same form
_LEAST_AGAINST: Final = 0.06  # however well both were read
_SAME_TEXT: Final = 0.6
_SAME_FORM: Final = 0.75  # score of the text
_SAME_PAGES: Final = 0.85  # by themselves: measured, no other letter comes so near
_LIKE_PAGES: Final = 0.65  # where the text does not contradict
_LEGIBLE: Final = 0.35  # a share from which both were read, so that numbers tell
_BADLY_READ: Final = 0.35  # share of misread words from which names and numbers prove nothing
_OTHERS_TOLD: Final = 0.06  # share of words and numbers in which another's data differ at least
_MANY_NUMBERS: Final = 3  # the same in both: what reads otherwise beside them was misread
_NUMBER_WEIGHS: Final = 3  # words
_SHARED_LOOKS: Final = 3  # letters that look the same; more share a printed form
_SHARED_FILES: Final = 5  # letters with one enclosure in common; in more it is a logo or a form


@dataclass(frozen=True, slots=True)
class Known:
    """A letter that is compared: its leading documents and its facts."""

    documents: tuple[Seen, ...]
    sender: str = ""
    reference: str = ""
    written: date | None = None

    def prints(self) -> list[Print]:
        """Return the fingerprint of each document."""
        return [print_of(one, **self._of_letter(n)) for n, one in enumerate(self.documents)]

    def _of_letter(self, place: int) -> dict[str, str]:
        return {} if place else {"sender": self.sender, "reference": self.reference}


@dataclass(frozen=True, slots=True)
class Match:
    """A letter that is probably the same.

    `reasons`: same_file, same_message, same_text, same_pages, same_sender_reference_date.
    """

    letter_id: UUID
    score: float
    reasons: tuple[str, ...]


def find_same(known: Known, *, besides: UUID | None = None) -> list[Match]:
    """Find probable duplicates, best first, in few queries; none voided, sent, or `besides`."""
    prints = known.prints()
    found = dict.fromkeys(same_files([one.sha256 for one in known.documents], besides), ("file",))
    near = candidates({key for one in prints for key in one.keys}, besides=besides)
    near = _still_received(near)
    texts = _texts(_worth_reading(near, prints))
    facts = _facts({one.letter_id for one in near})
    best: dict[UUID, Match] = {
        letter: Match(letter, 1.0, ("same_file",)) for letter in _received(found)
    }
    common = _common_looks(near, prints)
    for row in near:
        for place, (seen, mark) in enumerate(zip(known.documents, prints, strict=True)):
            form = place in common
            mark = replace(mark, looks=()) if form else mark
            text = texts.get(row.document_id)
            match = _compare(known, seen, mark, row, text, facts, form=form)
            if match and (row.letter_id not in best or best[row.letter_id].score < match.score):
                best[row.letter_id] = match
    order = sorted(best.values(), key=lambda match: (-match.score, str(match.letter_id)))
    return [match for match in order if match.score >= PROPOSED][:MOST_PROPOSED]


def _common_looks(near: Sequence[Fingerprint], prints: Sequence[Print]) -> frozenset[int]:
    """Return places of documents with a fingerprint that many letters share: a form, no proof."""
    return frozenset(
        place
        for place, mark in enumerate(prints)
        if sum(_pages(mark.looks, row.looks) >= _SAME_PAGES for row in near) > _SHARED_LOOKS
    )


def same_files(hashes: Iterable[str], besides: UUID | None = None) -> list[UUID]:
    """Return letters that hold one of these files (SHA-256) as a leading document.

    Known before any reading. A file that many letters share, or an enclosure, proves nothing.
    """
    wanted = {one for one in hashes if one}
    if not wanted:
        return []
    rows = Document.objects.filter(file__sha256__in=wanted)
    rows = rows.exclude(letter_id=besides) if besides else rows
    found = rows.select_related("attached_to").order_by("-letter_id")[:MOST_OF_A_KEY]
    holders: dict[str, set[UUID]] = {}
    for row in found:
        if row.position == 1 or (row.attached_to and row.attached_to.position == 1):
            holders.setdefault(str(row.file_id), set()).add(row.letter_id)
    few = [letters for letters in holders.values() if len(letters) <= _SHARED_FILES]
    return sorted({letter for letters in few for letter in letters})


def known_hashes(letter: Letter) -> list[str]:
    """Return the hashes of the letter's leading documents."""
    documents = list(letter.documents.select_related("file").order_by("position"))
    return [one.file.sha256 for one in leading(documents)]


def letters_to_compare(*, missing: bool, size: int) -> Iterator[list[UUID]]:
    """Yield letters that came in, `size` ids at a time; `missing`: only those not indexed yet."""
    rows = Letter.objects.filter(register__direction__in=RECEIVED).exclude(stage=Stage.VOIDED)
    rows = rows.filter(fingerprints__isnull=True) if missing else rows
    last = UUID(int=0)
    while batch := list(
        rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:size]
    ):
        yield batch
        last = batch[-1]


def _received(letters: Iterable[UUID]) -> list[UUID]:
    rows = Letter.objects.filter(pk__in=list(letters), register__direction__in=RECEIVED)
    return list(rows.exclude(stage=Stage.VOIDED).values_list("pk", flat=True))


def _still_received(near: Sequence[Fingerprint]) -> list[Fingerprint]:
    letters = set(_received({row.letter_id for row in near}))
    return [row for row in near if row.letter_id in letters]


def _worth_reading(near: Sequence[Fingerprint], prints: Sequence[Print]) -> list[Fingerprint]:
    """Return the candidates whose text is fetched: those whose sketch or pages come nearest."""

    def nearness(row: Fingerprint) -> float:
        return max((max(shared(one.sketch, tuple(row.sketch)), _pages(one.looks, row.looks)))
                   for one in prints)  # fmt: skip

    measured = sorted(((nearness(row), -row.pk, row) for row in near), key=lambda one: one[:2])
    return [row for near_by, _, row in measured[::-1] if near_by >= _WORTH_READING][:_MOST_READ]


def _texts(rows: Iterable[Fingerprint]) -> dict[UUID, str]:
    """Return document id → the beginning of its current text."""
    ids = [row.document_id for row in rows]
    readings = DocumentReading.objects.filter(document_id__in=ids, current=True)
    begin = readings.annotate(begin=Substr("text", 1, LONGEST))
    return dict(begin.values_list("document_id", "begin"))


def _facts(letters: set[UUID]) -> dict[UUID, tuple[str, str, date | None]]:
    """Return letter id → sender, reference and date as they stand in the register."""
    senders = {
        party.letter_id: plain(party.organisation or party.name)
        for party in Party.objects.filter(letter_id__in=letters, role=Party.Role.SENDER)
    }
    rows = Letter.objects.filter(pk__in=letters)
    return {
        pk: (senders.get(pk, ""), plain(reference), written)
        for pk, reference, written in rows.values_list("pk", "external_reference", "document_date")
    }


def _compare(
    known: Known,
    seen: Seen,
    mark: Print,
    row: Fingerprint,
    text: str | None,
    facts: dict[UUID, tuple[str, str, date | None]],
    *,
    form: bool,
) -> Match | None:
    """Compare a document with a candidate; on a `form` what is filled in (few words) must agree."""
    pages = _pages(mark.looks, row.looks)
    alike = pages >= _SAME_PAGES or shared(mark.sketch, tuple(row.sketch)) >= _WORTH_READING
    agreement = agreement_of(seen.text, text) if alike and text and seen.text else None
    reasons: dict[str, float] = _of_content(agreement, pages)
    if form and reasons.get("same_text", 1.0) < _SAME_FORM:
        del reasons["same_text"]
    if seen.message_id and seen.message_id == row.message_id:
        reasons["same_message"] = 0.98
    if _same_facts(known, facts[row.letter_id]):
        reasons["same_sender_reference_date"] = 0.7
    if not reasons:
        return None
    doubt = 1.0
    for score in reasons.values():
        doubt *= 1 - score
    names = sorted(reasons, key=lambda name: -reasons[name])
    return Match(row.letter_id, round(min(0.99, 1 - doubt), 4), tuple(names))


def _of_content(agreement: Agreement | None, pages: float) -> dict[str, float]:
    """Return reason → score of text and pages together; nothing where they contradict."""
    if agreement is None or agreement.length < _LEAST_TEXT:
        return {"same_pages": 0.9 * pages} if pages >= _SAME_PAGES else {}
    against, bearable = against_of(agreement), _bearable(agreement)
    if _names_others(agreement):
        return {}
    found = {}
    if agreement.share >= _SAME_TEXT:
        if against < bearable:
            found["same_text"] = agreement.share * (1 - 0.45 * against / bearable)
        elif agreement.length >= _TELLING_TEXT and _speaks_against(agreement):
            return {}
    if pages >= (_LIKE_PAGES if found else _SAME_PAGES):
        found["same_pages"] = 0.9 * pages
    return found


def _names_others(agreement: Agreement) -> bool:
    """Return whether both are legible and most numbers, and words, differ (not numbers alone)."""
    differing = agreement.numbers >= max(3, agreement.same_numbers + 1) and agreement.words >= 2
    told = agreement.words + agreement.numbers > _OTHERS_TOLD * agreement.length / 5
    return differing and told and agreement.share >= _LEGIBLE and agreement.misread < _BADLY_READ


def _speaks_against(agreement: Agreement) -> bool:
    """Return whether what differs is more than misread digits: words too, or every number."""
    differs = agreement.words > 0 or (agreement.numbers >= 3 and not agreement.same_numbers)
    return differs and agreement.misread < _BADLY_READ


def _bearable(agreement: Agreement) -> float:
    """Return how much may differ: in proportion to what was misread.

    More where the numbers, which distinguish forms, agree; less where several differ and none
    agrees.
    """
    if agreement.same_numbers >= max(_MANY_NUMBERS, agreement.numbers + 1):
        return _by_numbers(agreement)
    return min(_by_numbers(agreement), _LEAST_AGAINST + agreement.misread)


def _by_numbers(agreement: Agreement) -> float:
    if agreement.same_numbers >= 2 * max(1, agreement.numbers):
        return 2 * _AGAINST
    if agreement.same_numbers and agreement.numbers <= 2 * agreement.same_numbers:
        return 1.5 * _AGAINST
    if agreement.numbers >= 2 and not agreement.same_numbers:
        return _AGAINST / 3
    return _AGAINST


def against_of(agreement: Agreement) -> float:
    """Return the share of the text, in words, that differs in the other."""
    differing = agreement.words + _NUMBER_WEIGHS * agreement.numbers
    return differing / max(agreement.length / 5, 1)


def _same_facts(known: Known, other: tuple[str, str, date | None]) -> bool:
    mine = (plain(known.sender), plain(known.reference), known.written)
    return all(mine) and mine == other


def _pages(mine: Sequence[str], others: Sequence[str]) -> float:
    """Return how alike the first pages are, as far as both have some with writing on them."""
    pairs = [
        (ink_of(one), likeness(one, other))
        for one, other in zip(mine, others, strict=False)
        if min(ink_of(one), ink_of(other)) >= _LEAST_INK
    ]
    ink = sum(weight for weight, _ in pairs)
    return sum(weight * like for weight, like in pairs) / ink if ink else 0.0
