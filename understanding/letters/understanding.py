"""Understanding of one letter: suggestions, each with score, reasons and source.

Pure: a text goes in, suggestions come out; nothing is stored and nothing is logged here.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from language.number_formats import NumberFormat
from language.numerals import registry_number_key
from language.strokes import strokes_in_place
from understanding.facts.fields import read_facts
from understanding.facts.places import Place, find_place
from understanding.facts.wrapped_lines import unwrapped
from understanding.learning.classification import FIELDS, Model, matter_of
from understanding.learning.lexicon import Hit, find_hits

Source = Literal["rule", "classifier", "pattern"]

# What a reason may begin with; after a colon may follow the letter's own words. The desk puts
# each into a sentence of the reader's language.
REASONS: Final = (
    "rule",  # rule:NAME:words of the letter
    "words",  # words:word, word, word
    "subject_line", "title_line", "first_phrase",
    "sender_label", "declaration", "letterhead", "top_block", "signature",
    "date_line", "date_in_text", "hijri",
    "reference_label", "own_label", "head_number", "number_place", "earlier_letter",
    "named_paper", "registry_number", "number_format",
    "mail_header", "addressee", "written_so", "customer_label", "address_line",
    "enclosure_list", "enclosure_phrase", "term", "urgent_words", "currency",
)  # fmt: skip

RULE_ALONE: Final = 0.8  # without a model, a rule at least this sure is enough
_SURE: Final = {  # from this score on a fact needs no second look; measured on the sample letters
    "subject": 0.8, "sender": 0.7, "document_date": 0.7,
    "external_reference": 0.8, "quoted_number": 0.9,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suggested:
    """One suggestion. `sure` is False where a person should decide; `reasons` see REASONS.

    `place` is where in the text a fact was read; None for facts of the whole letter.
    """

    field: str
    value: str
    score: float
    reasons: tuple[str, ...]
    source: Source
    sure: bool
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Understanding:
    """All suggestions for one letter; the first of a field is the best. `model` is its version."""

    suggestions: tuple[Suggested, ...]
    model: str = ""

    def of(self, field: str) -> list[Suggested]:
        """Return all suggestions for `field`, the best first."""
        return [one for one in self.suggestions if one.field == field]

    def best(self, field: str) -> Suggested | None:
        """Return the first suggestion for `field`, sure or not."""
        return next((one for one in self.suggestions if one.field == field), None)

    def external_references(self) -> list[str]:
        """Return the sender's own references and those answered, without our own numbers."""
        ours = self.of("quoted_number")
        keys = {one.value for one in ours}
        every = self.of("external_reference") + self.of("answers_reference")
        return list(
            dict.fromkeys(
                one.value
                for one in every
                if registry_number_key(one.value) not in keys
                and not any(_overlap(one.place, other.place) for other in ours)
            )
        )


def _overlap(one: Place | None, other: Place | None) -> bool:
    return bool(one and other and one.start < other.end and other.start < one.end)


def understand_text(
    text: str,
    *,
    language: str,
    model: Model | None,
    today: datetime.date | None = None,
    register_codes: Sequence[str] = ("IN", "OUT", "INT"),
    number_formats: Sequence[NumberFormat] = (),
) -> Understanding:
    """Suggest kind and department of a letter, and the facts of `understanding.facts.fields.FACTS`.

    An empty or unreadable text gives no suggestion, never a guess. `today` is the day of receipt:
    no letter is written after it. `number_formats` are those of this office's other numbers.
    `language` is the letter's, as the reading found it; the rules
    read all three.
    """
    if sum(char.isalpha() for char in text) < 12:
        return Understanding((), model.version if model else "")
    suggestions: list[Suggested] = []
    for field in FIELDS:
        suggestions += _answers(text, field, model)
    lines = strokes_in_place(text)
    text = unwrapped(lines)
    for field, fact in read_facts(
        text,
        today=today,
        register_codes=register_codes,
        number_formats=number_formats,
        lines=lines,
    ):
        sure = fact.score >= _SURE.get(field, 0.8)
        place = find_place(text, fact.value, fact.words)
        suggestions.append(
            Suggested(field, fact.value, fact.score, fact.reasons, "pattern", sure, place)
        )
    return Understanding(tuple(suggestions), model.version if model else "")


def _answers(text: str, field: str, model: Model | None) -> list[Suggested]:
    hits = [hit for hit in find_hits(matter_of(text)) if hit.field == field]
    if model is None:
        return _by_rules(hits, field)
    threshold = model.heads[field].threshold
    out = []
    for rank, scored in enumerate(model.predict(text, field=field)[:3]):
        backing = [hit for hit in hits if hit.value == scored.value]
        reasons = tuple(_rule_reason(hit) for hit in backing[:2])
        if scored.words:
            reasons += (f"words:{', '.join(scored.words)}",)
        source: Source = "rule" if backing else "classifier"
        sure = rank == 0 and scored.score >= threshold and not _contradicted(hits, scored.value)
        out.append(Suggested(field, scored.value, scored.score, reasons, source, sure))
    return out


def _contradicted(hits: Sequence[Hit], value: str) -> bool:
    """Return whether a rule about as sure as those for `value` contradicts it: a person decides."""
    own = max((hit.score for hit in hits if hit.value == value), default=0.0)
    others = [hit.score for hit in hits if hit.value != value]
    return any(score >= RULE_ALONE and score > own - 0.05 for score in others)


def _by_rules(hits: Sequence[Hit], field: str) -> list[Suggested]:
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.value, hit)
    alone = len(best) == 1
    return [
        Suggested(
            field, hit.value, hit.score, (_rule_reason(hit),), "rule",
            alone and hit.score >= RULE_ALONE,
        )
        for hit in list(best.values())[:3]
    ]  # fmt: skip


def _rule_reason(hit: Hit) -> str:
    return f"rule:{hit.name}:{hit.words}"
