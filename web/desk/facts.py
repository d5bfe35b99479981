"""The facts of a letter beside what the reading proposes for each, with score and reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from org.models import Department, LetterKind
from registry.models import Letter
from routing.models import Suggestion
from web.desk.forms import Day, SijillForm, kind_choices

Field = Suggestion.Field


@dataclass(frozen=True, slots=True)
class Proposal:
    """A suggestion in words. `percent` is its score; `open` while nobody decided about it."""

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


def proposals_by_field(suggestions: Iterable[Suggestion]) -> dict[str, list[Proposal]]:
    """field → proposals, best first, with codes in words."""
    rows = [row for row in suggestions if row.current]
    names = _names(rows)
    found: dict[str, list[Proposal]] = {}
    for row in sorted(rows, key=lambda row: -row.score):
        found.setdefault(row.field, []).append(_proposal(row, names))
    return found


def department_proposals(suggestions: Iterable[Suggestion]) -> list[Proposal]:
    """The departments that are proposed, best first, at most three."""
    return proposals_by_field(suggestions).get(Field.DEPARTMENT, [])[:3]


def _names(rows: list[Suggestion]) -> dict[tuple[str, str], str]:
    """(field, code) → name, in at most two queries however many rows there are."""
    names: dict[tuple[str, str], str] = {}
    for field, model in ((Field.KIND, LetterKind), (Field.DEPARTMENT, Department)):
        codes = {row.value for row in rows if row.field == field}
        if codes:
            found: Any = model
            names |= {(str(field), r.code): r.name for r in found.objects.filter(code__in=codes)}
    return names


def _proposal(row: Suggestion, names: dict[tuple[str, str], str]) -> Proposal:
    return Proposal(
        value=row.value,
        words=names.get((row.field, row.value), row.value),
        percent=round(100 * row.score),
        reasons=[str(reason) for reason in row.reasons][:6],
        sure=row.sure,
        open=row.decision == Suggestion.Decision.PENDING,
        decision=row.get_decision_display(),
    )


def facts_of(letter: Letter, suggestions: Iterable[Suggestion]) -> list[Fact]:
    """What is known of the letter and what is proposed, in the order of the check form."""
    proposed = proposals_by_field(suggestions)
    sender = letter.sender
    values: list[tuple[str, Any, Any]] = [
        (Field.KIND, _("Kind"), letter.kind.name if letter.kind else None),
        (Field.SENDER, _("Sender"), sender.shown_name if sender else None),
        (Field.DOCUMENT_DATE, _("Date of the letter"), letter.document_date),
        (Field.EXTERNAL_REFERENCE, _("Reference"), letter.external_reference or None),
    ]
    return [Fact(name, value, next(iter(proposed.get(f, [])), None)) for f, name, value in values]


class CheckForm(SijillForm):
    """The facts as a clerk checks them, filled with what counts, else with what is proposed."""

    subject = forms.CharField(label=_("Subject"), required=False, max_length=500)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    sender = forms.CharField(label=_("Sender"), required=False, max_length=200)
    document_date = forms.DateField(label=_("Date of the letter"), required=False, widget=Day)
    external_reference = forms.CharField(label=_("Reference"), required=False, max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose: Any = self.fields["kind"]
        choose.choices = kind_choices()

    def values(self) -> dict[str, str]:
        """What was typed, as routing takes it: codes, an ISO date, words. Nothing for empty."""
        given = self.cleaned_data
        day: date | None = given["document_date"]
        plain = {**given, "document_date": day.isoformat() if day else ""}
        return {name: str(value).strip() for name, value in plain.items() if value}


def check_form(letter: Letter, suggestions: Iterable[Suggestion]) -> CheckForm:
    """The form for this letter."""
    proposed = proposals_by_field(suggestions)
    sender = letter.sender
    known: dict[str, Any] = {
        Field.SUBJECT: letter.subject,
        Field.KIND: letter.kind.code if letter.kind else "",
        Field.SENDER: sender.name or sender.organisation if sender else "",
        Field.DOCUMENT_DATE: letter.document_date,
        Field.EXTERNAL_REFERENCE: letter.external_reference,
    }
    best = {field: rows[0].value for field, rows in proposed.items()}
    return CheckForm(
        initial={str(name): value or best.get(name, "") for name, value in known.items()}
    )
