"""A letter's facts as the check page shows them: value, confidence, source, proposals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from language.fold import fold
from org.models import User
from registry.models.documents import Document
from registry.models.letters import Letter
from registry.quoted_numbers import numbered, quotes
from routing.check import checking
from routing.inbox import reading
from routing.models.assignments import Assignment
from routing.models.states import LIVE
from routing.models.suggestions import Suggestion
from understanding.facts.enclosures import count_names
from web.desk.check.form import FACT_OF, LIKELY, FactsForm, initial_of
from web.desk.check.pictures import Frame, frames_of, page_key
from web.desk.letter.facts import Proposal, likely, names_for, proposals_by_field, words_of

SURE: Final = 0.9
# Keys that lead to a field; the others are reached by Tab.
KEYS: Final = {
    "department": "d", "kind": "t", "subject": "o", "sender_name": "f", "sender_organisation": "i",
    "sender_email": "e", "sender_phone": "p", "document_date": "w", "external_reference": "r",
}  # fmt: skip
MAIN: Final = ("department", "kind", "subject", "document_date", "external_reference")
SENDER: Final = (
    "sender_name", "sender_organisation", "sender_email", "sender_phone", "sender_address"
)  # fmt: skip
REST: Final = ("recipient", "place", "sender_role", "customer_number")
CHOSEN: Final = frozenset({"department", "kind"})
LINES: Final = ("urgency", "deadline", "quoted_number", "answers_reference", "enclosure", "amount")


@dataclass(frozen=True, slots=True)
class Mark:
    """How sure the machine is (sure, likely, unsure), why, and where it read it ("": nowhere)."""

    level: str
    percent: int
    reasons: list[str]
    key: str
    page: int
    words: str


@dataclass(frozen=True, slots=True)
class ShownFact:
    """One field: its shortcut ("" for none), its mark, and the numbered alternatives."""

    name: str
    field: forms.BoundField
    key: str
    mark: Mark | None
    proposals: list[Proposal]
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A fact to confirm or reject as it stands; `letter` is the one whose number is quoted."""

    row: Suggestion
    label: str
    words: str
    right: bool
    mark: Mark
    letter: Letter | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """All facts of one letter.

    `given` are the departments that have it already, `decided` says whether no decision is pending;
    `hijri` are the rows of a Hijri date, which are wrong once the date is changed.
    """

    form: FactsForm
    main: list[ShownFact]
    sender: list[ShownFact]
    rest: list[ShownFact]
    empty: list[ShownFact]
    lines: list[Line]
    quoted: list[Line]
    frames: list[Frame]
    given: list[Assignment]
    enclosures: str
    urgent: bool
    decided: bool
    first_document: str
    written: date | None
    hijri: set[UUID] = field(default_factory=set)

    @property
    def doubts(self) -> int:
        """The number of fields that a person should check."""
        return sum(fact.doubtful for fact in (*self.main, *self.sender, *self.rest))


def sheet_of(viewer: User, letter: Letter, *, given: Any = None) -> Sheet:
    """Return the sheet of a letter, unanswered or with what a form says (`given`)."""
    rows = sorted(reading.suggestions_of(letter), key=_order)
    names = names_for(rows)
    good = [row for row in rows if row.decision != Suggestion.Decision.CORRECTED]
    best: dict[str, Suggestion] = {}
    for row in good:
        best.setdefault(row.field, row)
    filled = FactsForm(given, initial=initial_of(letter, best))
    shown = _Shown(filled, good, proposals_by_field(good, names=names))
    lines = _lines(viewer, rows)
    rest = [shown.fact(name) for name in REST]
    sender = [shown.fact(name) for name in SENDER]
    pending = any(
        row.field in checking.CHECKED and row.decision == Suggestion.Decision.PENDING
        for row in rows
    )
    has_it = [a for a in reading.assignments_of(letter) if a.role == "action" and a.state in LIVE]
    main = [shown.fact(name) for name in MAIN if name != "department" or not has_it]
    first = best.get("subject") or next(iter(good), None)
    return Sheet(
        form=filled,
        main=main,
        sender=[fact for fact in sender if _says(fact)],
        rest=[fact for fact in rest if _says(fact)],
        empty=[fact for fact in (*sender, *rest) if not _says(fact)],
        lines=[line for line in lines if line.row.field != "quoted_number"],
        quoted=[line for line in lines if line.row.field == "quoted_number"],
        frames=frames_of([*shown.sources(), *((str(line.row.pk), line.row) for line in lines)]),
        given=has_it,
        enclosures=_enclosures(letter, lines),
        urgent=any(line.right for line in lines if line.row.field == "urgency"),
        decided=bool(rows) and not pending,
        first_document=str(first.document_id) if first and first.document_id else "",
        written=_day(filled["document_date"].initial),
        hijri={row.pk for row in rows if row.field == "document_date_hijri"},
    )


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text or ""))
    except ValueError:
        return None


def _order(row: Suggestion) -> tuple[Any, ...]:
    """Sort the best first; equally good ones by their position in the letter."""
    return (-row.score, row.page, row.box[1] if len(row.box) == 4 else 0, row.value)


def _says(fact: ShownFact) -> bool:
    """Return whether a field is shown: names of a sender always, the others where known."""
    named = fact.name in {"sender_name", "sender_organisation"}
    return named or bool(fact.field.value() or fact.proposals or fact.field.errors)


class _Shown:
    """Fields with their marks, made from the suggestions behind them."""

    def __init__(
        self, filled: FactsForm, rows: list[Suggestion], proposals: dict[str, list[Proposal]]
    ) -> None:
        self.form, self.proposals = filled, proposals
        self.rows: dict[str, list[Suggestion]] = {}
        for row in rows:
            self.rows.setdefault(row.field, []).append(row)

    def fact(self, name: str) -> ShownFact:
        """Return the field as it is shown."""
        bound = self.form[name]
        value = str(bound.initial or "")
        row = self._source(name)
        mark = _mark(row, self._reasons(row)) if row and row.value == value else None
        unsure = mark is not None and mark.level == "unsure"
        missing = not value and (name in CHOSEN or (name in MAIN and row is not None))
        return ShownFact(
            name=name,
            field=bound,
            key=KEYS.get(name, ""),
            mark=mark,
            proposals=self._choices(name, value),
            doubtful=unsure or missing,
        )

    def _choices(self, name: str, value: str) -> list[Proposal]:
        """Return the numbered alternatives; none where the only proposal is the present value."""
        offered = self.proposals.get(FACT_OF[name], [])
        choices = likely(offered) if name in CHOSEN else offered[:3]
        named = fold(str(self.form["sender_name"].initial or ""))
        if name == "sender_organisation":
            choices = [one for one in choices if fold(one.value) != named]
        return [] if all(one.value == value for one in choices) else choices

    def sources(self) -> Iterable[tuple[str, Suggestion]]:
        """Yield (field, suggestion that it was read from), for the boxes on the picture."""
        for name in FACT_OF:
            row = self._source(name)
            if row:
                yield name, row

    def _source(self, name: str) -> Suggestion | None:
        """Return the suggestion of the value that stands in the field, else the best one."""
        rows = self.rows.get(FACT_OF[name], [])
        value = str(self.form[name].initial or "")
        return next((row for row in rows if row.value == value), rows[0] if rows else None)

    def _reasons(self, row: Suggestion) -> list[str]:
        found = self.proposals.get(row.field, [])
        return next((one.reasons for one in found if one.value == row.value), [])


def _mark(row: Suggestion, reasons: list[str]) -> Mark:
    level = (
        "sure" if row.sure or row.score >= SURE else "likely" if row.score >= LIKELY else "unsure"
    )
    return Mark(
        level=level,
        percent=round(100 * row.score),
        reasons=reasons,
        key=page_key(row.document_id, row.page) if row.document_id else "",
        page=row.page,
        words=row.words,
    )


def _lines(viewer: User, rows: list[Suggestion]) -> list[Line]:
    of_lines = [row for name in LINES for row in rows if row.field == name]
    letters = _letters_of(viewer, [r.value for r in of_lines if r.field == "quoted_number"])
    return [
        Line(
            row=row,
            label=row.get_field_display(),
            words=words_of(row),
            right=row.decision != Suggestion.Decision.CORRECTED,
            mark=_mark(row, []),
            letter=letters.get(row.value) if row.field == "quoted_number" else None,
        )
        for row in of_lines
    ]


def _letters_of(viewer: User, keys: list[str]) -> dict[str, Letter]:
    """Map numbers of ours (2026/IN/123, 4471/REC/2025) to their letters, where readable."""
    wanted = numbered(keys[:10])
    if wanted is None:
        return {}
    readable = Letter.objects.visible_to(viewer).filter(wanted).select_related("register")
    found = list(readable.order_by("-pk")[:20])
    pairs = ((key, next((one for one in found if quotes(one, key)), None)) for key in keys[:10])
    return {key: letter for key, letter in pairs if letter}


def _enclosures(letter: Letter, lines: list[Line]) -> str:
    """Compare the enclosures named with those received, in a sentence; "" if none is named."""
    named = count_names(
        line.row.value for line in lines if line.row.field == "enclosure" and line.right
    )
    if not named:
        return ""
    came = letter.documents.filter(role=Document.Role.ENCLOSURE).count()
    says = ngettext(
        "The letter names %(n)d enclosure;", "The letter names %(n)d enclosures;", named
    ) % {"n": named}
    if came:
        arrived = ngettext("%(n)d came.", "%(n)d came.", came) % {"n": came}
    else:
        arrived = _("none came as a file of its own.")
    return f"{says} {arrived}"
