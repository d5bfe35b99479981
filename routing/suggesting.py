"""What the machine understands of a letter becomes suggestions; a person accepts or corrects them.

Sure suggestions fill what is still empty; what a person wrote is never overwritten.
"""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from language.detect import detect_language
from language.lines import one_line
from org.models import LetterKind, User
from registry.changes import lock, record_change
from registry.corrections import BadCorrectionError, correct_letter
from registry.intake import PartyData
from registry.models import Letter, Party, Register
from registry.readings import text_of
from registry.states import Stage
from routing.access import ROUTED, need
from routing.due import due_of, move_assignments
from routing.models import Suggestion
from routing.understanding import Suggested, Understanding, office_model, understand_text

COLUMNS = ("subject", "kind", "document_date", "external_reference")
FACTS = (*COLUMNS, "sender", "department")
PLAUSIBLE_AGE = timedelta(days=400)
MODEL_FILE = "models/letters.model"


def understand_letter_work(letter_id: str, _progress: Any) -> Understanding | None:
    """Read the letter's words for facts, outside any transaction; None where there is nothing.

    Only what comes in is understood: what goes out is ours.
    """
    letter = Letter.objects.select_related("register").get(pk=letter_id)
    if letter.register.direction not in ROUTED or letter.stage == Stage.VOIDED:
        return None
    text = text_of(letter_id) or letter.subject
    if not text.strip():
        return None
    language = letter.language or detect_language(text)
    codes = list(Register.objects.values_list("code", flat=True))
    model = office_model(settings.DATA_DIR / MODEL_FILE)
    received = timezone.localdate(letter.received_at)
    return understand_text(
        text, language=language, model=model, today=received, register_codes=codes
    )


def save_understanding(letter_id: str, result: Understanding | None) -> None:
    """Keep the suggestions, and fill the letter's empty columns from the sure ones.

    A newer understanding takes the place of an older one, except of what a person has decided.
    """
    if result is None or not result.suggestions:
        return
    letter = Letter.objects.get(pk=letter_id)
    lock(letter)
    rows: list[Model] = list(_write(letter, result))
    changes, party = _fillings(letter, result)
    if party:
        party.save(force_insert=True)
        rows.append(party)
    if kind := changes.get("kind"):
        changes |= due_of(letter, kind=kind)
    if "due_on" in changes:
        rows += move_assignments(letter, changes["due_on"])
    if not rows:
        return
    data = {
        "model": result.model,
        "filled": sorted([*changes, *(["sender"] if party else [])]),
    }
    record_change(letter, "understood", actor=None, data=data, rows=rows, changes=changes)


def decide_suggestion(letter: Letter, *, actor: User, values: dict[str, str]) -> Letter:
    """The clerk's word on the facts: `values` maps FACTS to what is right (codes, ISO date, words).

    A value that was suggested counts as accepted, another as corrected; the letter's columns and
    its due date follow. `department` only decides the suggestion: the letter is given to a
    department by `assign`. Raises NotAllowedError, and BadCorrectionError for an unusable value.
    """
    need(actor, letter, "correct")
    values = {name: one_line(value) for name, value in values.items()}
    if unknown := set(values) - set(FACTS):
        raise BadCorrectionError(min(unknown))
    changes = {name: _column(name, values[name]) for name in COLUMNS if name in values}
    return _decide(letter, actor=actor, values=values, changes=changes)


def correct(
    letter: Letter,
    *,
    actor: User,
    changes: dict[str, Any],
    sender: PartyData | None = None,
) -> Letter:
    """A clerk's correction of any correctable column (registry.corrections) and of the sender.

    Due date and suggestions follow. Raises NotAllowedError and BadCorrectionError.
    """
    need(actor, letter, "correct")
    values = {name: _shown(changes[name]) for name in COLUMNS if name in changes}
    if sender:
        values["sender"] = sender.organisation or sender.name
    return _decide(letter, actor=actor, values=values, changes=changes, sender=sender)


def _decide(
    letter: Letter,
    *,
    actor: User,
    values: dict[str, str],
    changes: dict[str, Any],
    sender: PartyData | None = None,
) -> Letter:
    with transaction.atomic():
        lock(letter)
        need(actor, letter, "correct")
        rows: list[Model] = list(_judge(letter, values, actor=actor))
        if sender is None:
            sender = _new_sender(letter, values.get("sender", ""))
        further: dict[str, Any] = {}
        if (kind := changes.get("kind")) and kind != letter.kind:
            further = due_of(letter, kind=kind) or {"due_on": None, "due_explained": {}}
            rows += move_assignments(letter, further["due_on"])
        correct_letter(
            letter, actor=actor, changes=changes, sender=sender, further=further, rows=rows
        )
    return letter


def _shown(value: Any) -> str:
    if isinstance(value, LetterKind):
        return value.code
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _write(letter: Letter, result: Understanding) -> list[Suggestion]:
    """Insert or refresh the rows of the understanding; retire what it no longer says."""
    known = {(row.field, row.value): row for row in Suggestion.objects.filter(letter=letter)}
    decided = {row.field for row in known.values() if row.decision != Suggestion.Decision.PENDING}
    written: dict[tuple[str, str], Suggestion] = {}
    for new in result.suggestions:
        value = one_line(new.value)
        if not value or new.field in decided or new.field not in Suggestion.Field.values:
            continue
        if (new.field, value) in written:
            continue
        row = known.get((new.field, value)) or Suggestion(
            letter=letter, field=new.field, value=value
        )
        _refresh(row, new, model=result.model)
        written[(new.field, value)] = row
    for key, row in known.items():
        if key not in written and row.current and row.decision == Suggestion.Decision.PENDING:
            row.current = False
            row.save()
            written[key] = row
    return list(written.values())


def _refresh(row: Suggestion, new: Suggested, *, model: str) -> None:
    row.score = min(1.0, max(0.0, float(new.score)))
    row.reasons = [str(reason)[:500] for reason in new.reasons]
    row.source = new.source
    row.sure = bool(new.sure)
    row.model_version = model
    row.current = True
    row.save()


def _fillings(letter: Letter, result: Understanding) -> tuple[dict[str, Any], Party | None]:
    """Columns to fill and a sender to add, from the sure suggestions, where nothing stands yet."""
    changes: dict[str, Any] = {}
    for field in COLUMNS:
        best = result.best(field)
        if best is None or not best.sure or getattr(letter, field):
            continue
        try:
            value = _column(field, one_line(best.value))
        except BadCorrectionError:
            continue
        if value and (field != "document_date" or _plausible(letter, value)):
            changes[field] = value
    sender = result.best("sender")
    senders = Party.objects.filter(letter=letter, role=Party.Role.SENDER)
    if sender is None or not sender.sure or senders.exists():
        return changes, None
    name = one_line(sender.value, 200)
    return changes, Party(letter=letter, role=Party.Role.SENDER, name=name)


def _plausible(letter: Letter, written: date) -> bool:
    """Whether a letter of this date may well arrive now: a misread year must not fill a column."""
    age = timezone.localdate(letter.received_at) - written
    return timedelta(0) <= age <= PLAUSIBLE_AGE


def _column(field: str, value: str) -> Any:
    """The value as the column keeps it; BadCorrectionError when it cannot be one."""
    if field == "kind":
        kind = LetterKind.objects.filter(code=value).first() if value else None
        if value and kind is None:
            raise BadCorrectionError(field)
        return kind
    if field == "document_date":
        try:
            return date.fromisoformat(value) if value else None
        except ValueError as error:
            raise BadCorrectionError(field) from error
    return value[:120] if field == "external_reference" else value


def _judge(letter: Letter, values: dict[str, str], *, actor: User) -> list[Suggestion]:
    """Mark the suggestions of the decided fields; the rows that changed."""
    changed = []
    for row in Suggestion.objects.filter(letter=letter, field__in=values, current=True):
        same = row.value == values[row.field]
        new = Suggestion.Decision.ACCEPTED if same else Suggestion.Decision.CORRECTED
        if row.decision != new:
            row.decision, row.decided_by = new, actor
            row.save(update_fields=["decision", "decided_by"])
            changed.append(row)
    return changed


def _new_sender(letter: Letter, name: str) -> PartyData | None:
    """The sender with another name, keeping address and phone; None when nothing is to change."""
    if not name:
        return None
    present = Party.objects.filter(letter=letter, role=Party.Role.SENDER).first()
    if present is None:
        return PartyData(Party.Role.SENDER, name=name)
    if name in (present.name, present.organisation, present.shown_name):
        return None
    return PartyData(
        Party.Role.SENDER,
        name=name,
        address=present.address,
        email=present.email,
        phone=present.phone,
    )
