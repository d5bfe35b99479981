"""The facts of a letter beside the proposals for each, with score and reasons."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from org.models import Department, LetterKind, Level
from org.signs import listed
from org.written_days import written_day
from registry.intake import PartyData
from registry.models.letters import Letter, Party
from registry.models.registers import Register
from registry.states import ConflictError
from routing.models.suggestions import Suggestion
from web.desk.forms import SENDER, kind_choices, sender_in
from web.desk.reasons import sentences
from web.shared.widgets import Day

Field = Suggestion.Field
WORTH_SHOWING = 10  # percent
SHOWN_VALUES = 4
FURTHER = (
    *("urgency", "deadline", "answers_reference", "quoted_number", "recipient", "place"),
    *("sender_role", "customer_number", "enclosure", "amount"),
)
_PERIOD = re.compile(r"P(\d+)D")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A suggestion in words; `percent` is its score, `open` while nobody decided about it."""

    value: str
    words: str
    percent: int
    reasons: list[str]
    sure: bool
    open: bool
    decision: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: a name, the value that counts (None while unknown), the best proposal for it."""

    name: Any
    value: Any
    proposal: Proposal | None


Names = dict[tuple[str, str], str]


def proposals_by_field(
    suggestions: Iterable[Suggestion], *, names: Names | None = None
) -> dict[str, list[Proposal]]:
    """Map field to proposals, best first, in words; `names` are those of `names_for`."""
    rows = [row for row in suggestions if row.current]
    names = names if names is not None else names_for(rows)
    found: dict[str, list[Proposal]] = {}
    for row in sorted(rows, key=lambda row: -row.score):
        found.setdefault(row.field, []).append(_proposal(row, names))
    return found


def department_proposals(suggestions: Iterable[Suggestion]) -> list[Proposal]:
    """Return the departments that are proposed, best first, at most three."""
    return likely(proposals_by_field(suggestions).get(Field.DEPARTMENT, []))


def likely(proposals: list[Proposal]) -> list[Proposal]:
    """Return the best, and at most two others that are likely enough to get a key of their own."""
    return [*proposals[:1], *(p for p in proposals[1:3] if p.percent >= WORTH_SHOWING)]


def names_for(rows: Iterable[Suggestion]) -> Names:
    """Map (field, code) to names of kinds and departments, in two queries for any row count."""
    rows = list(rows)
    names: Names = {}
    in_reasons = {r.partition(":")[2] for row in rows for r in row.reasons if r.startswith("kind:")}
    for field, model in ((Field.KIND, LetterKind), (Field.DEPARTMENT, Department)):
        codes = {row.value for row in rows if row.field == field}
        codes |= in_reasons if field == Field.KIND else set()
        if codes:
            found: Any = model
            names |= {(str(field), r.code): r.name for r in found.objects.filter(code__in=codes)}
    return names


def _proposal(row: Suggestion, names: Names) -> Proposal:
    kinds = {code: name for (field, code), name in names.items() if field == Field.KIND}
    return Proposal(
        value=row.value,
        words=names.get((row.field, row.value), row.value),
        percent=round(100 * row.score),
        reasons=sentences(row.reasons[:6], kinds=kinds),
        sure=row.sure,
        open=row.decision == Suggestion.Decision.PENDING,
        decision=row.get_decision_display(),
    )


def facts_of(letter: Letter, suggestions: Iterable[Suggestion]) -> list[Fact]:
    """Return what is known of the letter and what is proposed, in the check form's order."""
    proposed = proposals_by_field(suggestions)
    values: list[tuple[str, Any, Any]] = [
        (Field.KIND, _("Kind"), letter.kind.name if letter.kind else None),
        _other_side(letter),
        (Field.DOCUMENT_DATE, _("Date of the letter"), letter.document_date),
        (Field.EXTERNAL_REFERENCE, _("Reference"), letter.external_reference or None),
    ]
    return [Fact(name, value, next(iter(proposed.get(f, [])), None)) for f, name, value in values]


def _other_side(letter: Letter) -> tuple[str, Any, Any]:
    """Return who wrote the letter, or to whom one's own letter goes."""
    if letter.register.direction != Register.Direction.INCOMING:
        to = [p.shown_name for p in letter.parties.all() if p.role == Party.Role.RECIPIENT]
        return "", _("Recipient"), listed(to) or None
    sender = letter.sender
    return Field.SENDER, _("Sender"), (sender.shown_name if sender else "") or None


@dataclass(frozen=True, slots=True)
class Further:
    """Another fact of the letter: its name, some values in words, the number of the others."""

    name: Any
    words: list[str]
    more: int


def further_of(suggestions: Iterable[Suggestion]) -> list[Further]:
    """Return what the letter says besides the facts of `facts_of`, each name once."""
    values: dict[str, list[str]] = {}
    for row in suggestions:
        if row.field in FURTHER and row.current and row.decision != Suggestion.Decision.CORRECTED:
            values.setdefault(row.field, []).append(words_of(row))
    return [
        Further(Field(name).label, words[:SHOWN_VALUES], max(0, len(words) - SHOWN_VALUES))
        for name in FURTHER
        if (words := values.get(name, []))
    ]


def words_of(row: Suggestion) -> str:
    """Return the value of a fact in readable words."""
    if row.field in {"deadline", "document_date"}:
        return _term(row.value)
    if row.field == "amount":
        number, _space, currency = row.value.partition(" ")
        return f"{number_format(number, use_l10n=True, force_grouping=True)} {currency}"
    return row.value


def _term(value: str) -> str:
    period = _PERIOD.fullmatch(value)
    if period:
        days = int(period[1])
        return ngettext("%(n)d day from receipt", "%(n)d days from receipt", days) % {"n": days}
    return written_day(value, "j F Y")


class CheckForm(forms.Form):
    """The facts as a clerk checks them, filled with what counts, else with what is proposed."""

    subject = forms.CharField(label=_("Subject"), required=False, max_length=500)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    document_date = forms.DateField(label=_("Date of the letter"), required=False, widget=Day)
    external_reference = forms.CharField(label=_("Reference"), required=False, max_length=120)
    confidentiality = forms.TypedChoiceField(
        label=_("Confidentiality"), choices=Level.choices, coerce=int
    )
    sender_name = forms.CharField(label=_("Sender"), required=False, max_length=200)
    sender_organisation = forms.CharField(label=_("Organisation"), required=False, max_length=200)
    sender_email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    sender_phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    sender_address = forms.CharField(label=_("Address"), required=False, max_length=400)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose: Any = self.fields["kind"]
        choose.choices = kind_choices()

    def changes(self, letter: Letter) -> dict[str, Any]:
        """Return columns with checked values; empty ones only where a value stood before."""
        given = self.cleaned_data
        wanted = {
            "subject": given["subject"],
            "kind": LetterKind.objects.filter(code=given["kind"]).first(),
            "document_date": given["document_date"],
            "external_reference": given["external_reference"],
            "confidentiality": given["confidentiality"],
        }
        return {name: value for name, value in wanted.items() if value or getattr(letter, name)}

    def sender(self) -> PartyData | None:
        """Return the checked sender, empty where nothing is known of one."""
        return sender_in(self)

    def hold(self, letter: Letter) -> None:
        """Lock the letter; raise ConflictError where its facts changed since the form was shown."""
        present = Letter.objects.select_for_update().get(pk=letter.pk)
        seen = self.cleaned_data["seen"]
        if seen and seen != _seal_of(_known(present)):
            raise ConflictError


def check_form(letter: Letter, suggestions: Iterable[Suggestion]) -> CheckForm:
    """Return the form for this letter."""
    known = _known(letter)
    best = {f: rows[0].value for f, rows in proposals_by_field(suggestions).items()}
    if letter.sender is None and "sender" in best:
        best["sender_name"] = best["sender"]
    filled = {name: value or best.get(name, value) for name, value in known.items()}
    return CheckForm(initial={**filled, "seen": _seal_of(known)})


def _known(letter: Letter) -> dict[str, Any]:
    """Return the fields of the form as the register has them."""
    sender = letter.sender
    return {
        "subject": letter.subject,
        "kind": letter.kind.code if letter.kind else "",
        "document_date": letter.document_date,
        "external_reference": letter.external_reference,
        "confidentiality": letter.confidentiality,
        **{f"sender_{name}": getattr(sender, name) if sender else "" for name in SENDER},
    }


def _seal_of(known: dict[str, Any]) -> str:
    return hashlib.sha256(repr(known).encode()).hexdigest()[:32]
