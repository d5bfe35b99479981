"""References, senders and dates of the graded letters (`benches/graded`), counted by half.

Each letter is understood from its clean text, from the text layer of the PDF that it is printed
as, and from the scan of that print. A reference is right when all its signs are the true ones,
digits of any script (of a scan every digit, and 0.7 of all signs):

- **own**: the sender's own references. A paper that the letter names beside them (a judgement, a
  receipt) is neither right nor wrong.
- **cited**: what it answers or follows up, in which our own numbers count too.
- **ours**: numbers of the office in the formats of `graded/formats.json`.
- **sender**: the person who writes, or the body; where both stand there, one of them. **body** and
  **person** are asked for each alone.
- **date**: the day of writing.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from language.number_formats import NumberFormat, number_key
from understanding.facts.likeness import Same, any_of, same_number, words_alike
from understanding.letters.scoring import Count, totals
from understanding.letters.understanding import Understanding, understand_text

GRADED: Final = Path(__file__).resolve().parent / "graded"
# Files of the graded letters by what is called their half; B, D, H, L and V are only counted.
FILES: Final = {
    "A": "references_a.jsonl", "B": "references_b.jsonl",
    "C": "senders_c.jsonl", "D": "senders_d.jsonl",
    "E": "senders_e.jsonl", "F": "senders_f.jsonl", "G": "senders_g.jsonl", "H": "senders_h.jsonl",
    "I": "senders_i.jsonl",
    "J": "senders_j.jsonl",
    "K": "senders_k.jsonl",
    "L": "senders_l.jsonl",
    "M": "senders_m.jsonl",
    "N": "senders_n.jsonl",
    "O": "senders_o.jsonl",
    "P": "senders_p.jsonl",
    "Q": "senders_q.jsonl", "R": "senders_r.jsonl",
    "S": "senders_s.jsonl", "T": "senders_t.jsonl",
    "U": "senders_u.jsonl", "V": "senders_v.jsonl",
}  # fmt: skip
# Hands that weights are learnt from. J and K are looked at too: with them strangers lost.
LEARNT_FROM: Final = "ACEFGI"
ALL: Final = "all"
FACTS: Final = ("own", "cited", "ours", "sender", "body", "person", "date")
_REGISTERS: Final = ("IN", "OUT", "INT")
_DEPARTMENTS: Final = (
    *("DG", "BO", "EAU", "ELEC", "ASS", "COM", "REC", "CPT", "BRT", "TRX", "ACH", "JUR", "RH"),
    *("FIN", "SI"),
)


@dataclass(frozen=True, slots=True)
class GradedLetter:
    """One letter with what is true of it (`graded/README.md`)."""

    ident: str
    half: str
    text: str
    facts: dict[str, Any]

    @property
    def checksum(self) -> int:
        """An order of the letters that never changes."""
        return zlib.crc32(self.ident.encode())


def graded_letters(halves: str = "ABCDEFGHIJK") -> list[GradedLetter]:
    """Return the letters of these halves."""
    return [
        GradedLetter(row["id"], half, row["text"], row["facts"])
        for half in halves
        for row in map(json.loads, _lines(GRADED / FILES[half]))
    ]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def number_formats() -> tuple[NumberFormat, ...]:
    """Return the formats in which the office of these letters writes its numbers."""
    rows = json.loads((GRADED / "formats.json").read_text(encoding="utf-8"))
    return tuple(NumberFormat(row["pattern"], _REGISTERS, _DEPARTMENTS) for row in rows)


def count_references(
    letters: Iterable[tuple[GradedLetter, str]], *, scan: bool
) -> dict[str, dict[str, Count]]:
    """Return each fact's counts for each half and all, of letters and the text read of each."""
    formats = number_formats()
    scored: dict[str, list[dict[str, Count]]] = {}
    for letter, text in letters:
        understood = understand_text(text, language="", model=None, number_formats=formats)
        counts = _score(understood, letter.facts, scan=scan)
        for name in (letter.half, ALL):
            scored.setdefault(name, []).append(counts)
    return {name: totals(counts) for name, counts in scored.items()}


def rows_of(name: str, table: dict[str, dict[str, Count]]) -> Sequence[str]:
    """Return the table as text: precision, recall and F1 of each half, and the number of facts."""
    halves = [*sorted(half for half in table if half != ALL), ALL]
    heads = "".join(f"{half:^21}" for half in halves)
    columns = f"{'P':>6}{'R':>6}{'F1':>6}   " * len(halves)
    lines = [f"{name:<24}{heads}{'facts':>6}", f"{'':<24}{columns}"]
    for fact in FACTS:
        counts = [table.get(half, {}).get(fact, Count()) for half in halves]
        cells = "".join(f"{c.precision:>6.2f}{c.recall:>6.2f}{c.f1:>6.2f}   " for c in counts)
        lines.append(f"{fact:<24}{cells}{counts[-1].right + counts[-1].missed:>6}")
    return lines


def _score(understood: Understanding, truth: dict[str, Any], *, scan: bool) -> dict[str, Count]:
    words, number = words_alike(0.8 if scan else 0.9), same_number(scan)
    found = {field: understood.of(field) for field in _FIELDS}
    ours = [one.value for one in found["quoted_number"]]
    tolerated = [*truth["tolerated"], *(one for ways in truth["cited"] for one in ways), *ours]
    own = [
        one.value
        for one in found["external_reference"]
        if "named_paper" not in one.reasons or any_of(number)(one.value, _all(truth["own"]))
    ]
    cited = [one.value for one in found["answers_reference"]]
    cited += [one for one in ours if not any_of(same_key(number))(one, tuple(cited))]
    names = (*truth["name"], *truth["organisation"])
    return {
        "own": counted(own, truth["own"], any_of(same_key(number)), tolerated, number),
        "cited": counted(cited, truth["cited"], any_of(same_key(number)), truth["tolerated"],
                          number),
        "ours": counted(ours, [[one] for one in truth["ours"]], any_of(same_key(number)), (),
                         number),
        "sender": _one([o.value for o in found["sender"]], names, any_of(words)),
        "body": _one([o.value for o in found["sender_organisation"]], truth["organisation"],
                     any_of(words)),
        "person": _one([o.value for o in found["sender_person"]], truth["name"], any_of(words)),
        "date": _one([o.value for o in found["document_date"]],
                     [truth["document_date"]] if truth["document_date"] else [],
                     lambda one, other: one in other),
    }  # fmt: skip


_FIELDS: Final = (
    *("quoted_number", "external_reference", "answers_reference", "sender"),
    *("sender_organisation", "sender_person", "document_date"),
)


def _all(ways: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(one for each in ways for one in each)


def same_key(number: Same) -> Same:
    """Return whether two are one number: by its key, in any order of its parts, or by its signs."""
    return lambda one, other: (
        sorted(number_key(one).split("/")) == sorted(number_key(other).split("/"))
        or number(one, other)
    )


def counted(
    found: Sequence[str],
    true: Sequence[Sequence[str]],
    same: Same,
    tolerated: Sequence[str],
    number: Same,
) -> Count:
    """Return the counts of values found: each true one is met once, the tolerated do not count."""
    left, right, wrong = list(true), 0, 0
    for one in found:
        met = next((ways for ways in left if same(one, ways)), None)
        if met is not None:
            left.remove(met)
            right += 1
        elif not any(same_key(number)(one, other) for other in tolerated):
            wrong += 1
    return Count(right, wrong, len(left))


def _one(found: Sequence[str], true: Sequence[str], same: Same) -> Count:
    if not found:
        return Count(missed=int(bool(true)))
    if not true:
        return Count(wrong=1)
    return Count(right=1) if same(found[0], tuple(true)) else Count(wrong=1, missed=1)


def sampled(letters: Sequence[GradedLetter], most: int) -> list[GradedLetter]:
    """Return as many letters, as many of each half as may be: the first by checksum."""
    ordered = sorted(letters, key=lambda one: one.checksum)
    halves = sorted({one.half for one in letters})
    each = -(-most // len(halves)) if halves else 0
    return [one for half in halves for one in [o for o in ordered if o.half == half][:each]][:most]
