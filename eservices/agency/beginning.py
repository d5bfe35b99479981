"""What is done at once, when a request has come: deliver a paper, find the bills to pay."""

import logging
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from eservices.agency.contracting import contract_of
from eservices.agency.delivering import DELIVERS, deliver
from eservices.agency.owning import is_owner, names_a_bill, prove_by_answers
from eservices.bills.holders import bills_of_holder
from eservices.bills.models import Bill
from eservices.catalogue.definition import Action, Definition
from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceJob
from eservices.requests.acting import take_action
from eservices.requests.models import Request
from eservices.requests.opened import Opening
from jobs.outbox import enqueue
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError

_log = logging.getLogger(__name__)


def begin(opened: Opening) -> None:
    """Queue what the type does at once, in the transaction that opens the request."""
    request = opened.request
    definition = definition_of(request.version)
    if _at_once(definition.first.actions) is not None:
        enqueue(EserviceJob.AGENCY_BEGIN, request.pk)


def _at_once(actions: tuple[Action, ...]) -> Action | None:
    """Return the first action that the program may take and that does something at once."""
    known = DELIVERS | {"find_bills"}
    return next((one for one in actions if "system" in one.roles and known & set(one.does)), None)


def begin_work(request_id: str, _progress: Any) -> bool:
    """Do it, where the asker has proven the contract; return whether the request has moved.

    Otherwise the request waits for its department, as any other.
    """
    rows = Request.objects.select_related(
        "letter__department", "version", "service", "person", "on_behalf_of", "parent__letter"
    )
    request = rows.filter(pk=request_id, ended_at=None).first()
    if request is None:
        return False
    definition = definition_of(request.version)
    action = _at_once(definition.stage(request.stage).actions)
    if action is None:
        return False
    try:
        if DELIVERS & set(action.does):
            prove_by_answers(request)
            return deliver(request) is not None
        return _find_bills(request, definition, action)
    except (NotAllowedError, ConflictError) as error:
        _log.info("request %s waits for its department: %s", request.pk, type(error).__name__)
        return False


def _find_bills(request: Request, definition: Definition, action: Action) -> bool:
    """Show what is to be paid, or end where nothing is; only to those who may know it."""
    if not (is_owner(request) or names_a_bill(request)):
        return False
    contract = contract_of(request)
    theirs = (
        bills_of_holder(contract.pk).filter(remaining__gt=0) if contract else Bill.objects.none()
    )
    if theirs.exists() or names_a_bill(request):
        take_action(request, action.name, system=True)
        return True
    ends = definition.stage(request.stage).actions
    nothing = next(
        (one for one in ends if "system" in one.roles and one.outcome == "no_action"), None
    )
    if nothing is None or not is_owner(request):
        return False
    with override(request.language):
        reason = _("No bill of this contract is open.")
    take_action(request, nothing.name, system=True, reason=reason)
    return True
