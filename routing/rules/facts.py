"""The facts of letters that rules may test: read for many letters at once, in a few queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Substr
from django.utils import timezone

from registry.models.letters import Letter, Party
from registry.models.readings import DocumentReading
from routing.models.suggestions import Suggestion
from routing.rules.words import MOST_TEXT, Words
from understanding.facts.fields import FACTS, read_facts

# Facts that every letter has had suggestions of; one without any other was understood before all
# facts were kept, and is read once more where a rule asks for one.
_EARLY: Final = frozenset(
    ("subject", "sender", "document_date", "external_reference", "answers_reference",
     "quoted_number", "kind", "department")
)  # fmt: skip
_MOST_QUOTED: Final = 3  # numbers of ours in one letter that are looked up


@dataclass(frozen=True)
class Facts:
    """What a rule may test. `scores`: department code → the model's score (0..1).

    `values`: field of FACTS → what was read, best first; None where they are still to be read from
    the text. `quoted_departments`: of the letters of ours that it quotes.
    """

    kind: str = ""
    language: str = ""
    channel: str = ""
    register: str = ""
    text: str = ""
    subject: str = ""
    sender: str = ""
    recipient: str = ""
    email: str = ""
    confidentiality: int = 0
    received: date | None = None
    scores: Mapping[str, float] = field(default_factory=dict)
    kind_score: float = 0.0
    quoted_departments: tuple[str, ...] = ()
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    unread: bool = False
    _kept: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def of_kind(self, code: str) -> Facts:
        """Return the same letter with a kind that an earlier rule gave it."""
        return replace(self, kind=code)

    def words_of(self, place: str) -> Words:
        """Return the words of "text", "subject", "sender", "recipient" or "enclosure"."""
        if place not in self._kept:
            self._kept[place] = Words(self._text_of(place))
        words: Words = self._kept[place]
        return words

    def _text_of(self, place: str) -> str:
        if place == "enclosure":
            return "\n".join(self.values_of("enclosure"))
        text = str(getattr(self, place))
        if place == "text":
            return f"{self.subject}\n{text}"
        if place == "recipient" and not text:
            return "\n".join(self.values_of("recipient"))
        return text

    def values_of(self, name: str) -> Sequence[str]:
        """Return what was read of a fact, best first."""
        found = self.values.get(name)
        if found is None and self.unread and name in FACTS:
            found = self._read().get(name)
        return found or ()

    def _read(self) -> dict[str, list[str]]:
        if "read" not in self._kept:
            read: dict[str, list[str]] = {}
            for name, fact in read_facts(self.text, today=self.received, register_codes=("IN",)):
                read.setdefault(name, []).append(fact.value)
            self._kept["read"] = read
        found: dict[str, list[str]] = self._kept["read"]
        return found

    def amounts(self) -> list[tuple[float, str]]:
        """Return the amounts in dirhams as (number, as read), the greatest first."""
        found = [(value.rpartition(" "), value) for value in self.values_of("amount")]
        return sorted(
            ((float(number), text) for (number, _, unit), text in found if unit == "MAD"),
            reverse=True,
        )

    def days_to_answer(self) -> int | None:
        """Return days from the day of receipt to the day by which the writer wants an answer."""
        wanted = next(iter(self.values_of("deadline")), "")
        if wanted.startswith("P") and wanted.endswith("D"):
            return int(wanted[1:-1])
        if not wanted or self.received is None:
            return None
        return (date.fromisoformat(wanted) - self.received).days


def facts_of(letters: Sequence[Letter]) -> dict[UUID, Facts]:
    """Return the facts of these letters (register and kind loaded), in four queries for all."""
    ids = [letter.pk for letter in letters]
    parties, suggestions = _grouped(Party, ids), _grouped(Suggestion, ids)
    texts = _texts(ids)
    quoted = _quoted(letters, suggestions)
    return {
        letter.pk: _facts(
            letter,
            text=texts.get(letter.pk, ""),
            parties=parties.get(letter.pk, []),
            suggestions=suggestions.get(letter.pk, []),
            quoted=quoted.get(letter.pk, ()),
        )
        for letter in letters
    }


def _grouped(model: Any, ids: list[UUID]) -> dict[UUID, list[Any]]:
    rows = model.objects.filter(letter__in=ids)
    if model is Suggestion:
        rows = rows.filter(current=True).order_by("field", "-score")
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.letter_id, []).append(row)
    return found


def _texts(ids: list[UUID]) -> dict[UUID, str]:
    """Return the text that was read of each letter, no more than rules use."""
    readings = DocumentReading.objects.filter(document__letter_id__in=ids, current=True)
    rows = readings.order_by("document__letter_id", "document__position").values_list(
        "document__letter_id", Substr("text", 1, MOST_TEXT)
    )
    found: dict[UUID, str] = {}
    for letter_id, text in rows.iterator(chunk_size=20):
        if text and len(found.get(letter_id, "")) < MOST_TEXT:
            found[letter_id] = f"{found[letter_id]}\n\n{text}" if letter_id in found else text
    return found


def _quoted(
    letters: Sequence[Letter], suggestions: Mapping[UUID, list[Suggestion]]
) -> dict[UUID, tuple[str, ...]]:
    """Return letter → departments that have the letters of ours whose numbers it quotes."""
    keys: dict[UUID, list[tuple[str, int, int]]] = {}
    for letter in letters:
        rows = [row for row in suggestions.get(letter.pk, []) if row.field == "quoted_number"]
        found = [key for row in rows[:_MOST_QUOTED] if (key := _number(row.value))]
        if found:
            keys[letter.pk] = found
    homes = _homes({key for found in keys.values() for key in found})
    return {
        pk: tuple(dict.fromkeys(homes[key] for key in found if key in homes))
        for pk, found in keys.items()
    }


def _homes(keys: Iterable[tuple[str, int, int]]) -> dict[tuple[str, int, int], str]:
    """Return (register, year, serial) → code of the active department that has the letter."""
    serials: dict[tuple[str, int], list[int]] = {}
    for code, year, serial in keys:
        serials.setdefault((code, year), []).append(serial)
    if not serials:
        return {}
    wanted = Q()
    for (code, year), numbers in serials.items():
        wanted |= Q(register__code=code, year=year, serial__in=numbers)
    rows = Letter.objects.filter(wanted, department__active=True).order_by()
    return {
        (code, year, serial): home
        for code, year, serial, home in rows.values_list(
            "register__code", "year", "serial", "department__code"
        )
    }


def _number(key: str) -> tuple[str, int, int] | None:
    year, _, rest = key.partition("/")
    code, _, serial = rest.partition("/")
    plain = year.isdecimal() and serial.isdecimal() and len(year) == 4 and len(serial) < 10
    return (code, int(year), int(serial)) if plain else None


def _facts(
    letter: Letter,
    *,
    text: str,
    parties: list[Party],
    suggestions: list[Suggestion],
    quoted: tuple[str, ...],
) -> Facts:
    values: dict[str, list[str]] = {}
    for row in suggestions:
        values.setdefault(row.field, []).append(row.value)
    if letter.external_reference:
        values["external_reference"] = [letter.external_reference]
    sender = next((party for party in parties if party.role == Party.Role.SENDER), None)
    sure_kind = next((row for row in suggestions if row.field == "kind" and row.sure), None)
    kind = letter.kind.code if letter.kind else sure_kind.value if sure_kind else ""
    return Facts(
        kind=kind,
        language=letter.language,
        channel=letter.channel,
        register=letter.register.code,
        text=text,
        subject=letter.subject,
        sender=" ".join((sender.name, sender.organisation, sender.email)) if sender else "",
        recipient="\n".join(p.shown_name for p in parties if p.role == Party.Role.RECIPIENT),
        email=sender.email if sender and sender.email else (values.get("sender_email") or [""])[0],
        confidentiality=letter.confidentiality,
        received=timezone.localdate(letter.received_at),
        scores={r.value: r.score for r in suggestions if r.field == "department" and r.sure},
        kind_score=max(
            (r.score for r in suggestions if r.field == "kind" and r.value == kind), default=0.0
        ),
        quoted_departments=quoted,
        values=values,
        unread=bool(text) and not any(row.field not in _EARLY for row in suggestions),
    )
