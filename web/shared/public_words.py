"""Stages and history of a letter in the words of the public: what happened, never who did it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from correspondence.kinds import OutgoingEvent
from eservices.kinds import EserviceEvent
from eservices.requests.event_words import as_written
from eservices.requests.models import Acceptance
from eservices.requests.models import Outcome as RequestOutcome
from language.bidi import isolate
from org.models import Department
from registry.kinds import RegistryEvent
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.states import Stage
from routing.closing.outcomes import is_complaint, outcome_of
from routing.kinds import RoutingEvent
from routing.models.closing import Outcome

STAGES: Final[dict[str, Any]] = {
    Stage.REGISTERED: _("Your letter is registered. The registry office is passing it on."),
    Stage.IN_HAND: _("Your letter is in hand: the department in charge is working on it."),
    Stage.ANSWERED: _("An answer was sent to you. The department may still be working on it."),
    Stage.CLOSED: _("The matter is closed: the office considers that nothing more is to be done."),
    Stage.VOIDED: _("The registration was voided. The number stays in the book, struck through."),
}
EVENTS: Final[dict[str, Any]] = {
    RegistryEvent.REGISTERED: _("Your letter was registered"),
    RoutingEvent.ACCEPTED: _("Taken in hand: %(department)s"),
    RoutingEvent.SIGNED_OFF: _("The matter was closed: %(department)s"),
    RoutingEvent.REPLY_SENT: _("Answer no. %(number)s was sent to you"),
    OutgoingEvent.REPLY_DELIVERED: _("The answer has reached you"),
    RoutingEvent.CLOCK_STOPPED: _("The time for the answer stands still"),
    RoutingEvent.CLOCK_RESTARTED: _("The time for the answer goes on"),
    RoutingEvent.CLOCK_EXTENDED: _("The time for the answer was extended"),
    RoutingEvent.PIECES_ASKED: _("Pieces are missing: you were asked for them"),
    RoutingEvent.PIECE_ADDED: _("You added pieces; others are still missing"),
    RoutingEvent.PIECES_ADDED: _("The missing pieces are here"),
    RoutingEvent.ADDED_UNASKED: _("You added something to your letter"),
    RoutingEvent.REOPENED: _("Taken up again"),
    RoutingEvent.OUTCOME_RECORDED: _("The outcome of your complaint was recorded"),
    RoutingEvent.OUTCOME_CORRECTED: _("The outcome of your complaint was corrected"),
    RegistryEvent.RECEIPT_ISSUED: _("A receipt with the due date was issued"),
    RegistryEvent.RECEIPT_HANDED: _("The receipt with your code was handed over at the counter"),
    RegistryEvent.VOIDED: _("The registration was voided, minute no. %(minute)s"),
    EserviceEvent.REQUEST_OPENED: _("Your request was opened"),
    EserviceEvent.REQUEST_MOVED: "%(stage)s",
    EserviceEvent.REQUEST_WITHDRAWN: _("You withdrew your request"),
    EserviceEvent.REQUEST_DECIDED: _("Your request was decided: %(outcome)s"),
    EserviceEvent.MESSAGE_TO_CITIZEN: _("The office wrote you a message"),
    EserviceEvent.MESSAGE_FROM_CITIZEN: _("You wrote a message to the office"),
    EserviceEvent.QUOTATION_MADE: _("Quotation no. %(quotation)s was made for you"),
    EserviceEvent.QUOTATION_ACCEPTED: _("You accepted quotation no. %(quotation)s"),
    EserviceEvent.QUOTATION_REFUSED: _("Quotation no. %(quotation)s was declined"),
    EserviceEvent.MEETING_HELD: _("A meeting on site was held; its minutes are here"),
    EserviceEvent.ACCEPTANCE_RECORDED: _("Recorded: %(acceptance)s"),
    EserviceEvent.RESERVE_LIFTED: _("Reserve lifted: %(reserve)s"),
    EserviceEvent.CHILD_OPENED: _("A request for one trade was opened: no. %(number)s"),
    EserviceEvent.CHILD_ENDED: _("The request for one trade ended: no. %(number)s"),
    EserviceEvent.FEE_MADE: _("To pay: %(amount)s, bill no. %(bill)s"),
    EserviceEvent.FEE_WITHDRAWN: _("Bill no. %(bill)s is withdrawn: nothing is due of it"),
    EserviceEvent.FEE_OWED_AGAIN: _(
        "A payment of bill no. %(bill)s went back: %(amount)s are to be paid again"
    ),
    EserviceEvent.BILL_LINKED: _("Your request is about bill no. %(bill)s"),
    EserviceEvent.CONTRACT_OPENED: _("Your contract no. %(contract)s is opened, not active yet"),
    EserviceEvent.METER_SET: _("Your meter no. %(meter)s was set, index %(index)s"),
    EserviceEvent.CONTRACT_ACTIVATED: _("Your contract no. %(contract)s is active"),
    EserviceEvent.CONTRACT_CLOSED: _("Contract no. %(contract)s is closed"),
    EserviceEvent.CONTRACT_CHANGED: _("Contract no. %(contract)s was changed"),
    EserviceEvent.FINAL_READING: _("Last index of meter no. %(meter)s: %(index)s"),
    EserviceEvent.REFUND_ASKED: _("A refund of %(amount)s is being prepared"),
    EserviceEvent.INSTALMENT_LATE: _(
        "Instalment %(number)s is late: %(amount)s, due on %(due_on)s"
    ),
    EserviceEvent.PLAN_MADE: _("A schedule was made: %(total)s in %(parts)s instalments"),
    EserviceEvent.WORK_ORDERED: _("A visit of our team is planned"),
    EserviceEvent.WORK_STARTED: _("Our team is on site"),
    EserviceEvent.WORK_DONE: _("Our team has ended its visit"),
    EserviceEvent.WORK_CANCELLED: _("The planned visit of our team was cancelled"),
}
_STAGE_EVENTS: Final[dict[str, Any]] = {
    Stage.REGISTERED: _("Back at the registry office"),
    Stage.IN_HAND: _("In hand"),
    Stage.ANSWERED: _("Answered"),
    Stage.CLOSED: _("Closed"),
}
OUTCOMES: Final[dict[str, Any]] = {
    Outcome.Value.FAVOURABLE: _("Your complaint was decided in your favour."),
    Outcome.Value.PARTLY: _("Your complaint was decided partly in your favour."),
    Outcome.Value.UNFAVOURABLE: _("Your complaint was not decided in your favour."),
    Outcome.Value.OUTSIDE: _(
        "Your complaint was found to be without ground, or outside the tasks of this office."
    ),
}
_OTHER: Final = _("Your letter has moved on")
_WAY: Final = (Stage.REGISTERED, Stage.IN_HAND, Stage.ANSWERED, Stage.CLOSED)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the public history."""

    at: datetime
    words: str
    bad: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four steps; `state` is done, now or ahead."""

    label: str
    state: str


def lines_of(events: Iterable[LetterEvent]) -> list[Line]:
    """Return the history in the current language, in the order given.

    A decision that the end of the request only repeats is said once.
    """
    events = list(events)
    repeated = _repeated(events)
    events = [one for one in events if one.seq not in repeated]
    codes = {str(event.data.get("department", "")) for event in events}
    names = {d.code: d.name for d in Department.objects.filter(code__in=codes)}
    return [_line(event, names) for event in events]


def _repeated(events: Iterable[LetterEvent]) -> set[int]:
    """Return which events decide as the decision before did, which still stood."""
    found, standing = set(), ""
    for one in sorted(events, key=lambda event: event.seq):
        if one.kind == EserviceEvent.REQUEST_MOVED and not one.data.get("decides"):
            standing = ""
        elif one.kind == EserviceEvent.REQUEST_DECIDED:
            outcome = str(one.data.get("outcome", ""))
            if outcome and outcome == standing:
                found.add(one.seq)
            standing = outcome
    return found


def outcome_words(letter: Letter) -> Any:
    """Return in whose favour a closed complaint was decided.

    "" for any other letter, and where nobody recorded it.
    """
    if letter.stage != Stage.CLOSED or not is_complaint(letter.kind):
        return ""
    said = outcome_of(letter)
    return OUTCOMES[said.value] if said else ""


def _line(event: LetterEvent, names: dict[str, str]) -> Line:
    words = _words_of(event) or _STAGE_EVENTS.get(str(event.data.get("to", "")), _OTHER)
    numbers = {n: isolate(str(event.data.get(n, ""))) for n in ("number", "minute")}
    data = {**as_written(event.data), **numbers}
    if isinstance(stage := data.get("stage"), dict):
        data["stage"] = stage.get((get_language() or "fr")[:2]) or stage.get("fr")
    if data.get("outcome") in RequestOutcome.values:
        data["outcome"] = RequestOutcome(data["outcome"]).label
    if data.get("acceptance") in Acceptance.Kind.values:
        data["acceptance"] = Acceptance.Kind(data["acceptance"]).label
    if "reserve" in data:
        data["reserve"] = isolate(str(data["reserve"]))
    data["department"] = names.get(str(event.data.get("department", "")), "…")
    return Line(at=event.at, words=str(words) % data, bad=event.kind == RegistryEvent.VOIDED)


def _words_of(event: LetterEvent) -> Any:
    if event.kind == RoutingEvent.PIECES_ADDED and event.data.get("missing"):
        return _("Everything was sent; some pieces are missing for good")
    if event.kind == RegistryEvent.REGISTERED and event.data.get("service"):
        return _("Your request was registered")
    return EVENTS.get(event.kind)


def steps_of(letter: Letter) -> list[Step]:
    """Return the steps of a letter with its present place; none for a voided one."""
    if letter.stage == Stage.VOIDED:
        return []
    here = _WAY.index(Stage(letter.stage))
    closed = letter.stage == Stage.CLOSED
    states = ["done" if n < here or closed else "now" if n == here else "ahead" for n in range(4)]
    return [Step(str(stage.label), state) for stage, state in zip(_WAY, states, strict=True)]
