"""Statement and duplicate: drawn, and registered as the outgoing answer to their request.

At once where the requester has proven the contract; otherwise staff review the request first, and
deliver with one click.
"""

import logging
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from correspondence.dispatch.automatic_answers import answer_at_once, default_approver
from eservices.agency.contracting import contract_of
from eservices.agency.owning import is_owner
from eservices.agency.papers import bill_as_pdf, statement_as_pdf
from eservices.bills.holders import bills_of_holder
from eservices.bills.models import Bill
from eservices.catalogue.definition import Action
from eservices.catalogue.publishing import definition_of
from eservices.requests.acting import actions_of, take_action
from eservices.requests.models import Request
from language.reach import number_key
from org.models import Department, User
from registry.models.letters import Letter, ReplyLink
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError

STATEMENT: Final = "statement"
DUPLICATE: Final = "duplicate"
DELIVERS: Final = frozenset({STATEMENT, DUPLICATE})
_log = logging.getLogger(__name__)


def delivery_of(request: Request) -> Action | None:
    """Return the action of the present stage that delivers a paper; None where there is none."""
    stage = definition_of(request.version).stage(request.stage)
    return next((one for one in stage.actions if DELIVERS & set(one.does)), None)


def may_deliver(request: Request, *, actor: User) -> bool:
    """Return whether the actor may have the paper drawn and sent."""
    action = delivery_of(request)
    names = {one.name for one in actions_of(request, actor=actor)} if action else set()
    return action is not None and action.name in names


def deliver(request: Request, *, actor: User | None = None) -> Letter | None:
    """Draw the paper, send it as the answer, and take the action that delivers it.

    Return the outgoing letter. Without an actor nothing is done (None) unless the asker has proven
    the contract. Raise NotAllowedError with what is missing, ConflictError.
    """
    action = delivery_of(request)
    if action is None:
        raise ConflictError
    if actor is None and not is_owner(request):
        return None
    if actor is not None and not may_deliver(request, actor=actor):
        raise NotAllowedError(_("You may not do this with this request."))
    outgoing, kind = _answered(request), next(iter(DELIVERS & set(action.does)))
    if actor is None and kind == DUPLICATE and not _is_of_holder(wanted_bill(request)):
        return None
    if outgoing is None:
        outgoing = _send(request, kind, actor=actor)
    take_action(request, action.name, actor=actor, system=actor is None)
    return outgoing


def _answered(request: Request) -> Letter | None:
    """Return the answer that was sent before the program stopped half-way, if it did."""
    link = ReplyLink.objects.filter(incoming=request.letter_id).select_related("outgoing").first()
    return link.outgoing if link else None


def _send(request: Request, kind: str, *, actor: User | None) -> Letter:
    department = _department(request)
    approver = default_approver(department)
    if actor is None and approver is None:
        raise NotAllowedError(_("Nobody of the department can answer for this paper."))
    with override(request.language):
        subject, name, pdf = _DRAWERS[kind](request)
    return answer_at_once(
        request.letter,
        department=department,
        subject=subject,
        pdf=pdf,
        file_name=name,
        language=request.language,
        actor=actor,
        approver=approver,
    )


def _department(request: Request) -> Department:
    if request.letter.department is None:
        raise NotAllowedError(_("The letter has no department yet."))
    return request.letter.department


def _statement(request: Request) -> tuple[str, str, bytes]:
    contract = contract_of(request)
    if contract is None:
        raise NotAllowedError(_("There is no contract of this number."))
    since, until = _day(request.answers.get("from")), _day(request.answers.get("to"))
    subject = _("Statement of account, contract %(number)s") % {"number": contract.number}
    pdf = statement_as_pdf(contract, since=since, until=until, language=request.language)
    name = _("statement-%(number)s.pdf") % {"number": number_key(contract.number)}
    return subject, name, pdf


def _duplicate(request: Request) -> tuple[str, str, bytes]:
    bill = wanted_bill(request)
    if bill is None:
        raise NotAllowedError(_("No bill of this contract fits: look at the number or the period."))
    subject = _("Duplicate of bill %(number)s") % {"number": bill.number}
    pdf = bill_as_pdf(bill, language=request.language)
    name = _("duplicate-%(number)s.pdf") % {"number": number_key(bill.number)}
    return subject, name, pdf


def wanted_bill(request: Request) -> Bill | None:
    """Return the bill of the contract whose number was given; "latest" words give None."""
    contract = contract_of(request)
    wanted = number_key(str(request.answers.get("bill_number") or ""))
    if contract is None or not wanted:
        return None
    rows = contract.bills.exclude(kind=Bill.Kind.FEE).order_by("-issued_on", "-pk")
    return next((bill for bill in rows[:200] if number_key(bill.number) == wanted), None)


def _is_of_holder(bill: Bill | None) -> bool:
    """Return whether a bill is of who holds its contract now, not of who held it before."""
    if bill is None or bill.contract_id is None:
        return bill is None  # what is missing is said by who draws it
    return bills_of_holder(bill.contract_id).filter(pk=bill.pk).exists()


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value or ""))
    except ValueError:
        return None


_DRAWERS: Final[dict[str, Callable[[Request], tuple[str, str, bytes]]]] = {
    STATEMENT: _statement,
    DUPLICATE: _duplicate,
}
