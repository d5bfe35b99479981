"""How right the facts read from letters are: precision, recall and F1 of each, by stated rules.

Everything is compared folded (case, accents, Arabic letter variants, digits of any script), and
only letters and digits count. The two tolerances are for a text that was typed, and for one that
was read from a scan, where letters may be misread but figures may not:

- **Words** (subject, names, organisation, role, address, recipient, place, enclosures): right when
  0.9 of the signs are those of the truth (0.8 of a scan), or when the words of one all stand in
  the other and are at least two thirds of its signs (a title, a town behind an address). Titles
  (M., Mme, Dr, السيد, الأستاذ) and "le", "à", "إلى" before a name or an office do not count. Of a
  name that the truth has in both scripts, one suffices.
- **sender**: right when it is the person's *or* the organisation's name, whichever the truth has;
  `sender_person` and `sender_organisation` are asked for each alone. Of a letter whose truth names
  neither, any sender is wrong.
- **subject**: only one that was read off a line of its own (Objet, الموضوع, Subject) claims to be
  the letter's; a title or first phrase that stands in for it is neither right nor wrong.
- **Numbers** (references, telephone, customer, e-mail): all signs the same, without the sort before
  them ("devis n°"). Of references on scans
  every digit, and 0.7 of all signs; of e-mails on scans 0.9 of all signs. A telephone number is
  compared by its last nine digits.
- **external_references** are the sender's own and those it answers without our own numbers, as the
  command gives them; which is which is asked by **answers_references**. **our_references** are
  compared as keys.
- **document_date**: the day; where the letter has it in the Hijri calendar a day more or less, as
  the moon is sighted. **hijri** is asked only of those letters: the Hijri day itself, a day off.
- **deadline**: the date, or the days, or the date that the days after the letter's own give; where
  the truth has neither, any term whose words overlap.
- **amounts**: value and currency. **enclosures**: each name. **urgent**: said or not. **language**:
  the one of most of the letter; a letter in both may be called either.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hijridate import Hijri

from language.numerals import registry_number_key
from understanding.facts.likeness import (
    Same,
    any_of,
    same_email,
    same_number,
    same_phone,
    words_alike,
)
from understanding.letters.understanding import Suggested, Understanding

Truth = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Count:
    """Counts of one sort of fact: found and right, found and wrong, not found."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """The share right of the facts found, 0..1; 1 where nothing was found."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share found of the true facts, 0..1; 1 where nothing is true."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall, 0..1."""
        both = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / both if both else 1.0

    def to_dict(self) -> dict[str, float]:
        """Return plain values for JSON."""
        shares = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        counts = {"right": self.right, "wrong": self.wrong, "missed": self.missed}
        return counts | {name: round(share, 4) for name, share in shares.items()}


def score_letter(
    understood: Understanding, truth: Truth, *, language: str, true_language: str, scan: bool
) -> dict[str, Count]:
    """Count each fact of one letter; tests/understanding/HELD_BACK.md describes `truth`."""
    words, number = words_alike(0.8 if scan else 0.9), same_number(scan)
    hijri = truth["document_date_calendar"] == "hijri"
    found = {field: [one.value for one in understood.of(field)] for field in _FIELDS}
    written, ours = found["document_date"], found["quoted_number"]
    true_hijri = truth["document_date"] if hijri else None
    external = understood.external_references()
    return {
        "subject": _single(_claimed_subject(understood), truth["subject"], words),
        **_of_sender(found, truth["sender"], words, scan),
        "recipient": _single(found["recipient"], truth["recipient"], words),
        "place": _single(found["place"], truth["place"], words),
        "document_date": _single(written, truth["document_date"], _same_day(hijri)),
        "hijri": _single(_written_hijri(understood), true_hijri, _same_hijri),
        "external_references": _several(external, _true_external(truth), number),
        "answers_references": _several(
            found["answers_reference"], truth["answers_references"], number
        ),
        "our_references": _several(ours, truth["our_references"], _equal),
        "deadline": _deadline(understood, truth),
        "amounts": _several(found["amount"], truth["amounts"], _same_amount),
        "enclosures": _several(found["enclosure"], truth["enclosures"], words),
        "urgent": _single(found["urgency"][:1], True if truth["urgent"] else None, _always),
        "language": _single([language], true_language, _same_language),
    }


def _of_sender(
    found: Mapping[str, list[str]], true: Truth, words: Same, scan: bool
) -> dict[str, Count]:
    exact = same_number(False)
    alike: dict[str, tuple[str, Same]] = {
        "sender_person": ("name", words),
        "sender_organisation": ("organisation", words),
        "sender_role": ("role", words),
        "sender_address": ("address", words),
        "sender_email": ("email", same_email(scan)),
        "sender_phone": ("phone", same_phone),
        "customer_number": ("customer_number", exact),
    }
    main = _single(found["sender"][:1], _both_names(true), any_of(words))
    return {"sender": main} | {
        fact: _single(found[fact], true.get(key), same) for fact, (key, same) in alike.items()
    }


def _same_language(one: str, true: str) -> bool:
    return one == true or (true == "both" and one in ("ar", "fr"))


_FIELDS: Final = (
    *("sender", "sender_person", "sender_organisation", "sender_role", "sender_address"),
    *("sender_email", "sender_phone", "customer_number", "recipient", "place", "document_date"),
    *("external_reference", "answers_reference", "quoted_number", "amount", "enclosure", "urgency"),
)


def totals(letters: Iterable[Mapping[str, Count]]) -> dict[str, Count]:
    """Return the counts of many letters together."""
    out: dict[str, Count] = {}
    for letter in letters:
        for name, count in letter.items():
            out[name] = out.get(name, Count()) + count
    return out


def _single(found: Sequence[Any], true: Any, same: Same) -> Count:
    """Compare the best proposal of a single-valued fact with the truth (None: it has none)."""
    if not found:
        return Count(missed=int(true is not None))
    if true is None:
        return Count(wrong=1)
    return Count(right=1) if same(found[0], true) else Count(wrong=1, missed=1)


def _several(found: Sequence[Any], true: Sequence[Any], same: Same) -> Count:
    """Compare facts of which a letter may have many: each true one is matched once."""
    left, right = list(true), 0
    for one in found:
        met = next((other for other in left if same(one, other)), None)
        if met is not None:
            left.remove(met)
            right += 1
    return Count(right, len(found) - right, len(left))


def _both_names(sender: Truth) -> tuple[str, ...] | None:
    names = tuple(sender[key] for key in ("name", "organisation") if sender.get(key))
    return names or None


def _claimed_subject(understood: Understanding) -> list[str]:
    best = understood.best("subject")
    labelled = best and {"subject_line", "mail_header"} & set(best.reasons)
    return [best.value] if best and labelled else []


def _same_day(hijri: bool) -> Same:
    allowed = int(hijri)
    return lambda one, other: (
        abs((datetime.date.fromisoformat(one) - datetime.date.fromisoformat(other)).days) <= allowed
    )


def _written_hijri(understood: Understanding) -> list[str]:
    """Return the Hijri day, where the letter's date was read from one."""
    date = understood.best("document_date")
    hijri = understood.best("document_date_hijri")
    return [hijri.value] if date and hijri and "hijri" in date.reasons else []


def _same_hijri(one: str, other: str) -> bool:
    year, month, day = (int(part) for part in one.split("-"))
    civil = Hijri(year, month, day).to_gregorian()
    return _same_day(True)(datetime.date(civil.year, civil.month, civil.day).isoformat(), other)


def _true_external(truth: Truth) -> list[str]:
    ours = set(truth["our_references"])
    every = dict.fromkeys([*truth["external_references"], *truth["answers_references"]])
    return [one for one in every if registry_number_key(one) not in ours]


def _deadline(understood: Understanding, truth: Truth) -> Count:
    best, written = understood.best("deadline"), understood.best("document_date")
    day = datetime.date.fromisoformat(written.value) if written else None
    return _single(
        [best] if best else [], truth["deadline"], lambda one, term: _same_term(one, term, day)
    )


def _same_term(one: Suggested, term: Truth, written: datetime.date | None) -> bool:
    period = re.fullmatch(r"P(\d+)D", one.value)
    days = int(period[1]) if period else None
    if term["date"]:
        after = written + datetime.timedelta(days) if written and days else None
        return term["date"] in (one.value, after.isoformat() if after else None)
    if term["days"]:
        return days == int(term["days"])
    return True  # the truth has words alone, which the letter has once


def _same_amount(one: str, other: Truth) -> bool:
    value, _, currency = one.partition(" ")
    return currency == other["currency"] and abs(float(value) - float(other["value"])) < 0.005


def _equal(one: str, other: str) -> bool:
    return one == other


def _always(one: Any, other: Any) -> bool:
    return True
