"""What an action needs, each need one rule with words: given with the action, or a state reached.

A package above registers its own rule by `add_need`; the last one registered for a name is used.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from eservices.catalogue.definition import Action, Definition
from eservices.requests.models import Quotation, Request
from eservices.requests.roles import Who
from language.lines import with_line_feeds
from registry.models.letters import ReplyLink
from registry.models.pieces import PiecesRequest
from registry.pieces import named_pieces
from routing.models.opinions import Opinion
from routing.models.states import PENDING_OPINION

STAFF_OUTCOMES: Final = ("granted", "refused", "no_action")
LONGEST: Final = 1000  # characters of a comment or a reason
LONGEST_PIECES: Final = 4000  # of all missing pieces together


@dataclass(frozen=True, slots=True)
class PendingAction:
    """An action that is about to be taken, and what comes with it."""

    request: Request
    definition: Definition
    action: Action
    who: Who
    comment: str = ""
    outcome: str = ""
    reason: str = ""
    files: Sequence[Any] = ()


# Returns why the action may not be taken, translated when it is shown; or None.
Rule = Callable[[PendingAction], Any]


@dataclass(frozen=True, slots=True)
class Need:
    """A rule; `field` is that of a page's form ("" where the state of the request decides)."""

    rule: Rule
    field: str = ""


def add_need(name: str, rule: Rule, *, field: str = "") -> None:
    """Register the rule of a need in place of the one there is."""
    NEEDS[name] = Need(rule, field)


def problem_of(given: PendingAction) -> Any:
    """Return why the action may not be taken with what is given; None where it may."""
    return _first(given, lambda _need: True)


def obstacle_of(given: PendingAction) -> Any:
    """Return why the action may not be taken whatever comes with it; None where it may."""
    return _first(given, lambda need: not need.field) or _called_before(given)


def _first(given: PendingAction, which: Callable[[Need], bool]) -> Any:
    """Return the first problem among the needs of a sort, those of every action with them."""
    for name in needs_of(given.action, given.outcome):
        need = need_of(name)
        if which(need) and (problem := need.rule(given)):
            return problem
    return None


def need_of(name: str) -> Need:
    """Return the rule of a need; a comment says how it is met where no room knows it."""
    return NEEDS.get(name, NEEDS["comment"])


def needs_of(action: Action, outcome: str = "") -> tuple[str, ...]:
    """Return the needs of the type, and a reason for every refusal."""
    refuses = "refused" in (action.outcome, outcome)
    more = ("reason",) if refuses and "reason" not in action.needs else ()
    return (*action.needs, *more)


def outcome_given(given: PendingAction) -> str:
    """Return how the action decides: as the type says, else as it was given."""
    return given.action.outcome or (given.outcome if "outcome" in given.action.needs else "")


def too_long(given: PendingAction) -> Any:
    """Return that a comment or reason has more than is kept of it; a line's end counts once."""
    asks = "pieces" in given.action.needs
    if asks and _length(given.comment) > LONGEST_PIECES:
        return _("Missing pieces have 4,000 characters at most together.")
    if max(_length(given.reason), 0 if asks else _length(given.comment)) > LONGEST:
        return _("A comment or a reason has 1,000 characters at most.")
    return None


def _length(text: str) -> int:
    return len(with_line_feeds(text).strip())


def _comment(given: PendingAction) -> Any:
    return None if given.comment.strip() else _("Write a comment.")


def _reason(given: PendingAction) -> Any:
    return None if given.reason.strip() else _("Give a reason.")


def _document(given: PendingAction) -> Any:
    return None if given.files else _("Add a document.")


def _outcome(given: PendingAction) -> Any:
    return None if given.outcome in STAFF_OUTCOMES else _("Choose an outcome.")


def _payment(given: PendingAction) -> Any:
    return None if given.comment.strip() else _("Say how it was paid: the number of the receipt.")


def _pieces(given: PendingAction) -> Any:
    if problem := _called_before(given):
        return problem
    if given.who.actor is None:
        return _("Only staff can ask for pieces.")
    named = named_pieces(given.comment)
    return None if named else _("Name the pieces that are missing, one a line.")


def _called_before(given: PendingAction) -> Any:
    if "pieces" not in given.action.needs:
        return None
    called = PiecesRequest.objects.filter(letter=given.request.letter_id).exists()
    return _("Pieces were asked for already; that is done once.") if called else None


def _opinions(given: PendingAction) -> Any:
    asked = Opinion.objects.filter(letter=given.request.letter_id, state__in=PENDING_OPINION)
    return _("An opinion is still waited for.") if asked.exists() else None


def _children(given: PendingAction) -> Any:
    return _("A request for a trade is still open.") if open_children(given.request) else None


def open_children(request: Request) -> bool:
    """Return whether a request of this one, for a trade, has not ended."""
    return Request.objects.filter(parent=request.pk, ended_at=None).exists()


def _quotation(given: PendingAction) -> Any:
    """Before the citizen has decided a quotation must be there, afterwards an accepted one."""
    rows = Quotation.objects.filter(request=given.request.pk)
    target = given.definition.stage(given.action.to)
    if target.kind == "waiting_citizen":
        made = rows.filter(state=Quotation.State.SENT).exists()
        return None if made else _("Make the quotation first.")
    accepted = rows.filter(state=Quotation.State.ACCEPTED).exists()
    return None if accepted else _("No quotation is accepted yet.")


def _acceptance(given: PendingAction) -> Any:
    there = given.request.acceptances.exists()
    return None if there else _("No acceptance is recorded yet.")


def _reply(given: PendingAction) -> Any:
    sent = ReplyLink.objects.filter(incoming=given.request.letter_id).exists()
    return None if sent else _("Send the answer first: it is registered as an outgoing letter.")


def _work_order(given: PendingAction) -> Any:
    orders = apps.get_model("relations", "WorkOrder").objects.filter(request=given.request.pk)
    there = orders.exclude(state="cancelled").exists()
    return None if there else _("Order the work from a team first.")


NEEDS: Final[dict[str, Need]] = {
    "comment": Need(_comment, "comment"),
    "reason": Need(_reason, "reason"),
    "document": Need(_document, "files"),
    "outcome": Need(_outcome, "outcome"),
    "payment": Need(_payment, "comment"),
    "pieces": Need(_pieces, "pieces"),
    "opinions": Need(_opinions),
    "children": Need(_children),
    "quotation": Need(_quotation),
    "acceptance": Need(_acceptance),
    "reply": Need(_reply),
    "work_order": Need(_work_order),
}
