"""Facts that the machine reads become suggestions, each with the place where it was read.

Sure suggestions fill what is still empty; what a person wrote is never overwritten.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from language.detect import detect_language
from language.fold import fold
from language.lines import one_line
from registry.book.number_formats import formats_in_use
from registry.changes import lock, record_change
from registry.models.letters import Letter
from registry.models.registers import Register
from registry.states import Stage
from routing.acting.situations import ROUTED
from routing.check.filling import fillings
from routing.clocks.due import due_of, move_assignments
from routing.kinds import RoutingEvent
from routing.models.suggestions import Suggestion
from understanding.facts.places import Place
from understanding.learning.live_model import live_model
from understanding.letters.read_pages import placed, read_pages, text_of_pages
from understanding.letters.understanding import Suggested, Understanding, understand_text

MOST = 30  # rows of one field: an invoice may hold hundreds of amounts

PENDING = Suggestion.Decision.PENDING


def understand_letter_work(letter_id: str, _progress: Any) -> Understanding | None:
    """Read the letter's words for facts, outside any transaction; None where there is nothing.

    Only incoming letters are understood: outgoing ones are ours.
    """
    letter = Letter.objects.select_related("register").get(pk=letter_id)
    if letter.register.direction not in ROUTED or letter.stage == Stage.VOIDED:
        return None
    pages = read_pages(letter_id)
    read = text_of_pages(pages)
    text = read or letter.subject
    if not text.strip():
        return None
    language = letter.language or detect_language(text)
    codes = list(Register.objects.values_list("code", flat=True))
    model = live_model()
    received = timezone.localdate(letter.received_at)
    understood = understand_text(
        text,
        language=language,
        model=model,
        today=received,
        register_codes=codes,
        number_formats=formats_in_use(),
    )
    return placed(person_and_body(understood), pages if read else [])


def person_and_body(understood: Understanding) -> Understanding:
    """Merge the suggested person and body into one sender; the register keeps both.

    The sender named is the person who writes, where the letter names a body beside them.
    """
    person, body = understood.best("sender_person"), understood.best("sender_organisation")
    if person is None or body is None or fold(person.value) == fold(body.value):
        return understood
    others = tuple(one for one in understood.suggestions if one.field != "sender")
    return replace(understood, suggestions=(replace(person, field="sender"), *others))


def save_understanding(letter_id: str, result: Understanding | None) -> None:
    """Save the suggestions, and fill the letter's empty columns from the sure ones.

    A newer understanding replaces an older one, except for what a person has decided.
    """
    if result is None or not result.suggestions:
        return
    letter = Letter.objects.get(pk=letter_id)
    lock(letter)
    rows: list[Model] = list(_write(letter, result))
    changes, party = fillings(letter, result)
    if party:
        party.save(force_insert=True)
        rows.append(party)
    if kind := changes.get("kind"):
        changes |= due_of(letter, kind=kind)
    if "due_on" in changes:
        rows += move_assignments(letter, changes["due_on"], kind=changes.get("kind"))
    if not rows:
        return
    data = {
        "model": result.model,
        "filled": sorted([*changes, *(["sender"] if party else [])]),
    }
    record_change(
        letter, RoutingEvent.UNDERSTOOD, actor=None, data=data, rows=rows, changes=changes
    )


def _write(letter: Letter, result: Understanding) -> list[Suggestion]:
    """Insert or refresh the rows of the understanding; retire those it no longer has.

    Of rows that a person has decided only the place follows, where the words have moved.
    """
    known = {(row.field, row.value): row for row in Suggestion.objects.filter(letter=letter)}
    decided = {row.field for row in known.values() if row.decision != PENDING}
    written: dict[tuple[str, str], Suggestion] = {}
    for new in _worth_keeping(result):
        key = (new.field, one_line(new.value))
        row = known.get(key)
        if new.field in decided:
            if row and row.current and _move(row, new.place):
                row.save()
                written[key] = row
            continue
        row = row or Suggestion(letter=letter, field=key[0], value=key[1])
        _refresh(row, new, model=result.model)
        written[key] = row
    for key, row in known.items():
        if key not in written and row.current and row.decision == PENDING:
            row.current = False
            row.save()
            written[key] = row
    return list(written.values())


def _worth_keeping(result: Understanding) -> Iterator[Suggested]:
    """Yield each value of each known field once, at most MOST of a field, in their order."""
    counts: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    for new in result.suggestions:
        key = (new.field, one_line(new.value))
        if not key[1] or key in seen or new.field not in Suggestion.Field.values:
            continue
        counts[new.field] = counts.get(new.field, 0) + 1
        if counts[new.field] <= MOST:
            seen.add(key)
            yield new


def _refresh(row: Suggestion, new: Suggested, *, model: str) -> None:
    row.score = min(1.0, max(0.0, float(new.score)))
    row.reasons = [str(reason)[:500] for reason in new.reasons]
    row.source = new.source
    row.sure = bool(new.sure)
    row.model_version = model
    row.current = True
    _move(row, new.place)
    row.save()


def _move(row: Suggestion, place: Place | None) -> bool:
    """Set the row's place to where the fact was read now; return whether it differed before."""
    before = (row.document_id, row.page, row.box, row.words)
    known = place is not None and place.document
    row.document_id = UUID(place.document) if place and known else None
    row.page = place.page if place and known else 0
    row.box = [round(edge, 4) for edge in place.box] if place and known and place.box else []
    row.words = place.words if place and known else ""
    return before != (row.document_id, row.page, row.box, row.words)
