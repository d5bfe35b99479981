"""A letter's history in words: who did what, when, and the hash of each line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from channels.kinds import ChannelEvent
from correspondence.kinds import OutgoingEvent
from language.bidi import isolate
from ocr.kinds import OcrEvent
from org.models import LetterKind, User
from registry.kinds import RegistryEvent
from registry.models.events import LetterEvent
from registry.models.letters import Channel, Letter
from registry.readable_history import ANOTHER, readable_events
from routing.kinds import RoutingEvent
from routing.models.closing import Outcome
from web.desk.archives.words import ARCHIVE_WORDS
from web.desk.letter.mail_words import attachment_words
from web.desk.letter.scan_words import scan_words
from web.desk.reasons import sentences
from web.desk.reply_steps import archival_words
from web.desk.requests.words import REQUEST_WORDS, spoken

WORDS: Final[dict[str, Any]] = {
    RegistryEvent.REGISTERED: _("Registered"),
    RegistryEvent.ATTACHMENTS_LEFT: _("Attachments kept in their mail alone"),
    RegistryEvent.READ: _("Read"),
    OcrEvent.READ_AGAIN: _("Read again with more care"),
    OcrEvent.UNREAD: _("Could not be read"),
    RegistryEvent.READING_CORRECTED: _("Text of page %(page)s corrected"),
    RegistryEvent.READING_CONFIRMED: _("Text of page %(page)s confirmed"),
    RoutingEvent.UNDERSTOOD: _("Understood"),
    RoutingEvent.PROPOSED: _("Department proposed"),
    RoutingEvent.RULE_APPLIED: _("Facts set by a rule"),
    RegistryEvent.CORRECTED: _("Facts corrected"),
    RegistryEvent.CONFIRMED: _("Facts confirmed"),
    RoutingEvent.CHECK_LEFT: _("Check left to a colleague"),
    RoutingEvent.ASSIGNED: _("Assigned to %(department)s"),
    RoutingEvent.ACCEPTED: _("Accepted by %(department)s"),
    RoutingEvent.REFUSED: _("Refused by %(department)s"),
    RoutingEvent.TRANSFERRED: _("Transferred from %(department)s to %(to)s"),
    RoutingEvent.SIGNED_OFF: _("Signed off by %(department)s"),
    RoutingEvent.PUT_IN_CHARGE: _("Person in charge named by %(department)s"),
    RoutingEvent.NOTE_WRITTEN: _("Note written for all readers"),
    RoutingEvent.NOTE_CHANGED: _("Note for all readers changed"),
    RoutingEvent.NOTE_DELETED: _("Note for all readers deleted"),
    RoutingEvent.OPINION_ASKED: _("Opinion asked of %(departments)s"),
    RoutingEvent.OPINION_GIVEN: _("Opinion given by %(department)s"),
    RoutingEvent.OPINION_WITHDRAWN: _("Opinion of %(department)s asked for no more"),
    RoutingEvent.PAPER_TAKEN: _("Paper taken in hand"),
    RoutingEvent.PAPER_HANDED: _("Paper handed to %(to)s"),
    RoutingEvent.PAPER_CONFIRMED: _("Paper received"),
    RoutingEvent.PAPER_BOXED: _("Paper put into box %(box)s"),
    ChannelEvent.STICKER_PUT: _("Sticker %(sticker)s put on the paper"),
    RoutingEvent.DUE_CHANGED: _("Due date changed"),
    RoutingEvent.DUE_SET: _("Due date set"),
    RoutingEvent.DUE_EXPLAINED: _("Reasons of the due date renewed"),
    OutgoingEvent.SILENCE_PASSED: _("The term is over without an answer: silence has its effect"),
    RoutingEvent.CLOCK_STOPPED: _("The clock stands"),
    RoutingEvent.CLOCK_RESTARTED: _("The clock goes on"),
    RoutingEvent.CLOCK_EXTENDED: _("Term extended"),
    RoutingEvent.PIECES_ASKED: _("Missing pieces asked for"),
    RoutingEvent.PIECE_ADDED: _("Some of the missing pieces added"),
    RoutingEvent.PIECES_ADDED: _("Missing pieces added"),
    RoutingEvent.ADDED_UNASKED: _("Further files added by the sender"),
    RoutingEvent.PIECES_MAILED: _("Citizen told of missing pieces by e-mail"),
    RoutingEvent.PIECES_TO_PRINT: _("No e-mail address: print the receipt with missing pieces"),
    OutgoingEvent.LETTER_DRAFTED: _("Letter drafted"),
    OutgoingEvent.REPLY_DRAFTED: _("Reply drafted"),
    OutgoingEvent.REPLY_EDITED: _("Reply changed"),
    OutgoingEvent.REPLY_LASTING: _("It was said how the reply’s file is kept"),
    OutgoingEvent.REPLY_SUBMITTED: _("Reply submitted"),
    OutgoingEvent.REPLY_VISA: _("Visa given to the reply"),
    OutgoingEvent.REPLY_SIGNED: _("Reply %(number)s signed"),
    OutgoingEvent.SIGNATURE_FILED: _("Signed letter filed"),
    OutgoingEvent.SIGNATURE_FAILED: _("The reply could not be signed"),
    OutgoingEvent.REPLY_APPROVED: _("Reply approved"),
    OutgoingEvent.REPLY_RETURNED: _("Reply returned"),
    OutgoingEvent.REPLY_WITHDRAWN: _("Reply taken back by its department"),
    OutgoingEvent.LETTER_SENT: _("Sent as letter %(number)s"),
    OutgoingEvent.ADDRESSED: _("Read by %(department)s"),
    RoutingEvent.REPLY_SENT: _("Reply %(number)s sent"),
    OutgoingEvent.REPLY_BOUNCED: _("Reply not delivered"),
    RoutingEvent.REPLY_LEFT: _("Reply left at last"),
    OutgoingEvent.DISPATCHED: _("Dispatched"),
    OutgoingEvent.DISPATCH_FAILED: _("Dispatch failed"),
    OutgoingEvent.DISPATCH_ASKED: _("Dispatch asked for"),
    OutgoingEvent.DISPATCH_RECEIVED: _("Acknowledgement of receipt is back"),
    OutgoingEvent.DISPATCH_SETTLED: _("What came back was seen to"),
    OutgoingEvent.HANDED_OVER: _("Handed over against a signature"),
    RoutingEvent.REOPENED: _("Taken up again"),
    RoutingEvent.OUTCOME_RECORDED: _("Outcome recorded"),
    RoutingEvent.OUTCOME_CORRECTED: _("Outcome corrected"),
    RoutingEvent.RATED: _("The answer was rated %(score)s of 5"),
    RegistryEvent.RECEIPT_ISSUED: _("Receipt with due date issued"),
    RegistryEvent.RECEIPT_HANDED: _("Receipt with the code handed to the sender"),
    OutgoingEvent.REPLY_DELIVERED: _("Reply delivered"),
    OutgoingEvent.REPLY_DRAWN: _("Reply drawn as PDF"),
    OutgoingEvent.SENDER_TOLD: _("Message sent to the sender"),
    OutgoingEvent.SENDER_UNREACHED: _("A message did not reach the sender"),
    OutgoingEvent.REPLY_READ: _("Reply read by the citizen"),
    RegistryEvent.LINKED: _("Linked with another letter"),
    RegistryEvent.TOLD_APART: _("Told apart from another letter"),
    RegistryEvent.UNLINKED: _("Link with another letter taken back"),
    **REQUEST_WORDS,
    RegistryEvent.WITHHELD: _("A change that is not yours to read"),
    RegistryEvent.STAGE: _("Stage changed"),
    RegistryEvent.CLOSED: _("Matter closed"),
    RegistryEvent.VOID_ASKED: _("Voiding asked for"),
    RegistryEvent.CONTACT_LINKED: _("Sender found in the directory"),
    RegistryEvent.CONTACT_UNLINKED: _("Sender is not who the directory said"),
    RegistryEvent.VOID_REFUSED: _("Voiding refused"),
    **ARCHIVE_WORDS,
    RegistryEvent.VOIDED: _("Voided, minute %(minute)s"),
}
# The same where the number is that of a letter that the viewer may not read.
WORDS_OF_ANOTHER: Final[dict[str, Any]] = {
    OutgoingEvent.REPLY_SIGNED: _("Reply signed, as another letter"),
    RoutingEvent.REPLY_SENT: _("Reply sent, as another letter"),
}
BY_THEMSELVES: Final = (Channel.PORTAL, Channel.EMAIL, Channel.API)
WITH_DOCUMENTS: Final = frozenset(
    {
        RegistryEvent.REGISTERED,
        RoutingEvent.PIECE_ADDED,
        RoutingEvent.PIECES_ADDED,
        RoutingEvent.ADDED_UNASKED,
    }
)
# What nobody of the office did was done by the sender; all else by the system itself.
BY_SENDER: Final = frozenset(
    {
        RoutingEvent.PIECE_ADDED,
        RoutingEvent.PIECES_ADDED,
        RoutingEvent.ADDED_UNASKED,
        RoutingEvent.REOPENED,
        RoutingEvent.RATED,
        OutgoingEvent.REPLY_READ,
    }
)
BAD: Final = frozenset(
    {
        OutgoingEvent.SIGNATURE_FAILED,
        RegistryEvent.VOIDED,
        RoutingEvent.REFUSED,
        OcrEvent.UNREAD,
        OutgoingEvent.DISPATCH_FAILED,
        OutgoingEvent.REPLY_BOUNCED,
        OutgoingEvent.SENDER_UNREACHED,
        OutgoingEvent.SILENCE_PASSED,
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


def lines_of(letter: Letter, viewer: User, found: Sequence[LetterEvent]) -> list[Line]:
    """Return the history as this user may read it, newest first; `found` are the events."""
    for event in found:
        event.letter = letter
    events = readable_events(found, viewer)
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
        words=str(known)
        % _Known(spoken(event.data) if event.kind in REQUEST_WORDS else event.data),
        detail=" · ".join(_details(event, kinds)),
        who=_who(event, absent),
        seal=event.hash[:12],
        bad=event.kind in BAD,
    )


def _who(event: LetterEvent, absent: Mapping[int, str]) -> str:
    """Return who did it, and for whom where they were a delegate."""
    if event.actor is None:
        deposited = event.kind == RegistryEvent.REGISTERED and event.letter.channel in BY_THEMSELVES
        return gettext("the sender") if deposited or event.kind in BY_SENDER else ""
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


def _closing_words(data: dict[str, Any]) -> str:
    """Return why the system closed a letter by itself; "" for all else."""
    return gettext("the answer was delivered") if data.get("why") == "delivered" else ""


def _details(event: LetterEvent, kinds: dict[str, str]) -> Iterable[str]:
    data = event.data
    if isinstance(data.get("rule"), str) and data["rule"]:
        yield gettext("Rule of the office: %(what)s.") % {"what": isolate(data["rule"])}
        yield from sentences(_reasons(event), kinds=kinds)
    if isinstance(data.get("reason"), str) and data["reason"]:
        yield data["reason"]
    yield from archival_words(data)
    if event.kind == OutgoingEvent.SILENCE_PASSED and data.get("draft"):
        yield gettext("A draft attestation lies with the replies.")
    if said := _outcome_words(data):
        yield said
    if why := _due_words(data) or _closing_words(data):
        yield why
    if isinstance(data.get("pieces"), list):
        yield from (isolate(str(piece)) for piece in data["pieces"])
    if event.kind in WITH_DOCUMENTS and data.get("documents"):
        count = int(data["documents"])
        yield ngettext("%(count)d document", "%(count)d documents", count) % {"count": count}
    yield from attachment_words(event)
    yield from scan_words(event)
    if event.kind == RegistryEvent.READ and data.get("pages"):
        count = int(data["pages"])
        yield ngettext("%(count)d page", "%(count)d pages", count) % {"count": count}
