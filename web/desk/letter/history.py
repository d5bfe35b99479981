"""A letter's history in words: who did what, when, and the hash of each line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from language.bidi import isolate
from org.models import LetterKind, User
from registry.changes import history_of
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.readable_history import ANOTHER, readable_events
from routing.models.closing import Outcome
from web.desk.letter.reply_steps import lasting_words
from web.desk.reasons import sentences

WORDS: Final[dict[str, Any]] = {
    "registered": _("Registered"),
    "read": _("Read"),
    "read_again": _("Read again with more care"),
    "unread": _("Could not be read"),
    "reading_corrected": _("Text of page %(page)s corrected"),
    "reading_confirmed": _("Text of page %(page)s confirmed"),
    "understood": _("Understood"),
    "proposed": _("Department proposed"),
    "rule_applied": _("Facts set by a rule"),
    "corrected": _("Facts corrected"),
    "confirmed": _("Facts confirmed"),
    "check_left": _("Check left to a colleague"),
    "assigned": _("Assigned to %(department)s"),
    "accepted": _("Accepted by %(department)s"),
    "refused": _("Refused by %(department)s"),
    "transferred": _("Transferred from %(department)s to %(to)s"),
    "signed_off": _("Signed off by %(department)s"),
    "put_in_charge": _("Person in charge named by %(department)s"),
    "note_written": _("Note written for all readers"),
    "note_changed": _("Note for all readers changed"),
    "note_deleted": _("Note for all readers deleted"),
    "opinion_asked": _("Opinion asked of %(departments)s"),
    "opinion_given": _("Opinion given by %(department)s"),
    "opinion_withdrawn": _("Opinion of %(department)s asked for no more"),
    "paper_taken": _("Paper taken in hand"),
    "paper_handed": _("Paper handed to %(to)s"),
    "paper_confirmed": _("Paper received"),
    "paper_boxed": _("Paper put into box %(box)s"),
    "sticker_put": _("Sticker %(sticker)s put on the paper"),
    "due_changed": _("Due date changed"),
    "due_set": _("Due date set"),
    "due_explained": _("Reasons of the due date renewed"),
    "silence_passed": _("The term is over without an answer: silence has its effect"),
    "clock_stopped": _("The clock stands"),
    "clock_restarted": _("The clock goes on"),
    "clock_extended": _("Term extended"),
    "pieces_asked": _("Missing pieces asked for"),
    "pieces_added": _("Missing pieces added"),
    "pieces_mailed": _("Citizen told of missing pieces by e-mail"),
    "pieces_to_print": _("No e-mail address: print the receipt with missing pieces"),
    "reply_drafted": _("Reply drafted"),
    "reply_edited": _("Reply changed"),
    "reply_lasting": _("It was said how the reply’s file is kept"),
    "reply_submitted": _("Reply submitted"),
    "reply_visa": _("Visa given to the reply"),
    "reply_signed": _("Reply %(number)s signed"),
    "signature_filed": _("Signed letter filed"),
    "signature_failed": _("The reply could not be signed"),
    "reply_approved": _("Reply approved"),
    "reply_returned": _("Reply returned"),
    "reply_withdrawn": _("Reply taken back by its department"),
    "letter_sent": _("Sent as letter %(number)s"),
    "addressed": _("Read by %(department)s"),
    "reply_sent": _("Reply %(number)s sent"),
    "reply_bounced": _("Reply not delivered"),
    "reply_left": _("Reply left at last"),
    "dispatched": _("Dispatched"),
    "dispatch_failed": _("Dispatch failed"),
    "dispatch_asked": _("Dispatch asked for"),
    "dispatch_received": _("Acknowledgement of receipt is back"),
    "dispatch_settled": _("What came back was seen to"),
    "handed_over": _("Handed over against a signature"),
    "reopened": _("Taken up again"),
    "outcome_recorded": _("Outcome recorded"),
    "outcome_corrected": _("Outcome corrected"),
    "rated": _("The answer was rated %(score)s of 5"),
    "receipt_issued": _("Receipt with due date issued"),
    "receipt_handed": _("Receipt with the code handed to the sender"),
    "reply_delivered": _("Reply delivered"),
    "reply_drawn": _("Reply drawn as PDF"),
    "reply_read": _("Reply read by the citizen"),
    "linked": _("Linked with another letter"),
    "told_apart": _("Told apart from another letter"),
    "unlinked": _("Link with another letter taken back"),
    "withheld": _("A change that is not yours to read"),
    "stage": _("Stage changed"),
    "closed": _("Matter closed"),
    "void_asked": _("Voiding asked for"),
    "contact_linked": _("Sender found in the directory"),
    "contact_unlinked": _("Sender is not who the directory said"),
    "void_refused": _("Voiding refused"),
    "voided": _("Voided, minute %(minute)s"),
}
# The same where the number is that of a letter that the viewer may not read.
WORDS_OF_ANOTHER: Final[dict[str, Any]] = {
    "reply_signed": _("Reply signed, as another letter"),
    "reply_sent": _("Reply sent, as another letter"),
}
BAD: Final = frozenset(
    {
        "signature_failed",
        "voided",
        "refused",
        "unread",
        "dispatch_failed",
        "reply_bounced",
        "silence_passed",
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history; `who` is "" for the system itself."""

    at: datetime
    words: str
    detail: str
    who: str
    seal: str
    bad: bool


class _Known(dict[str, Any]):
    """An event's data for its words: numbers keep their own direction, missing values are "…"."""

    def __getitem__(self, key: str) -> str:
        return isolate(str(self.get(key) or "…"))


def lines_of(letter: Letter, viewer: User) -> list[Line]:
    """Return the history as this user may read it, newest first."""
    events = readable_events(history_of(letter.pk), viewer)
    kinds, absent = _kinds(events), _absent(events)
    return [line_of(event, kinds=kinds, absent=absent) for event in reversed(events)]


def _absent(events: Iterable[LetterEvent]) -> dict[int, str]:
    """Map ids to names of those for whom others acted; no query where there are none."""
    ids = {event.data["for"] for event in events if isinstance(event.data.get("for"), int)}
    return {user.pk: user.shown_name for user in User.objects.filter(pk__in=ids)} if ids else {}


def _kinds(events: Iterable[LetterEvent]) -> dict[str, str]:
    """Map codes to names of the kinds in the reasons of rules; no query where there are none."""
    reasons = (reason for event in events for reason in _reasons(event))
    codes = {reason.partition(":")[2] for reason in reasons if reason.startswith("kind:")}
    return {k.code: k.name for k in LetterKind.objects.filter(code__in=codes)} if codes else {}


def _reasons(event: LetterEvent) -> list[str]:
    found = event.data.get("reasons")
    return [str(one) for one in found] if isinstance(found, list) else []


def line_of(
    event: LetterEvent, *, kinds: dict[str, str], absent: Mapping[int, str] = MappingProxyType({})
) -> Line:
    """Put one event into the current language; an unknown kind shows its name."""
    known = WORDS.get(event.kind, event.kind.replace("_", " "))
    if event.data.get("number") == ANOTHER:
        known = WORDS_OF_ANOTHER.get(event.kind, known)
    return Line(
        at=event.at,
        words=str(known) % _Known(event.data),
        detail=" · ".join(_details(event, kinds)),
        who=_who(event, absent),
        seal=event.hash[:12],
        bad=event.kind in BAD,
    )


def _who(event: LetterEvent, absent: Mapping[int, str]) -> str:
    """Return who did it, and for whom where they were a delegate."""
    if event.actor is None:
        return ""
    name, other = event.actor.shown_name, absent.get(event.data.get("for", 0))
    if not other:
        return name
    return gettext("%(who)s for %(absent)s") % {"who": isolate(name), "absent": isolate(other)}


DUE_WHY: Final[dict[str, Any]] = {
    "calendar": _("the calendar was changed"),
    "rule": _("the rule was changed"),
    "reopened": _("the letter was reopened"),
}


def _due_words(data: dict[str, Any]) -> str:
    """Return the change of the due date, and why it was computed again."""
    if "from" not in data or "to" not in data or data.get("stage_from"):
        return ""
    before, after = (_day_words(data[name]) for name in ("from", "to"))
    if before is None or after is None:
        return ""
    why = DUE_WHY.get(str(data.get("why", "")))
    moved = gettext("due date: %(before)s → %(after)s") % {"before": before, "after": after}
    return f"{moved} ({why})" if why else moved


def _day_words(value: Any) -> str | None:
    """Format a stored day; "—" for no due date, None for an invalid one."""
    if value is None:
        return "—"
    try:
        return isolate(date.fromisoformat(str(value)).strftime("%d/%m/%Y"))
    except ValueError:
        return None


def _outcome_words(data: dict[str, Any]) -> str:
    """Return in whose favour it was decided, and the outcome recorded before."""
    labels = {str(value): str(value.label) for value in Outcome.Value}
    said, before = (labels.get(str(data.get(n, "")), "") for n in ("outcome", "outcome_from"))
    return f"{isolate(before)} → {isolate(said)}" if before and said else said


def _details(event: LetterEvent, kinds: dict[str, str]) -> Iterable[str]:
    data = event.data
    if isinstance(data.get("rule"), str) and data["rule"]:
        yield gettext("Rule of the office: %(what)s.") % {"what": isolate(data["rule"])}
        yield from sentences(_reasons(event), kinds=kinds)
    if isinstance(data.get("reason"), str) and data["reason"]:
        yield data["reason"]
    yield from lasting_words(data)
    if event.kind == "silence_passed" and data.get("draft"):
        yield gettext("A draft attestation lies with the replies.")
    if said := _outcome_words(data):
        yield said
    if day := _due_words(data):
        yield day
    if event.kind in ("registered", "pieces_added") and data.get("documents"):
        count = int(data["documents"])
        yield ngettext("%(count)d document", "%(count)d documents", count) % {"count": count}
    if event.kind == "registered" and data.get("refused"):
        yield gettext("attachments left inside their mail: %(count)d") % {
            "count": len(data["refused"])
        }
    if event.kind == "read" and data.get("pages"):
        count = int(data["pages"])
        yield ngettext("%(count)d page", "%(count)d pages", count) % {"count": count}
