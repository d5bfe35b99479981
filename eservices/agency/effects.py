"""What follows from the moves of a request: in contracts, readings, bills and schedules.

All in the transaction of the move: where an effect is refused, the request stays where it was.
"""

from collections.abc import Callable
from typing import Final

from eservices.agency.charging import charge_for_stage, withdraw_unpaid
from eservices.agency.contracting import (
    activate_contract,
    change_contract,
    close_contract,
    drop_contract,
    open_contract,
)
from eservices.agency.dues import waits_for_payment, why_unpaid
from eservices.agency.final import ask_refund, keep_final_readings, link_open_bills
from eservices.agency.meters import set_read_meters
from eservices.agency.plans import start_plan
from eservices.catalogue.definition import Action, Definition
from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceJob
from eservices.requests.models import Outcome, Request
from eservices.requests.moving import Move
from jobs.outbox import enqueue
from org.models import User

Effect = Callable[..., object]


def _activate(request: Request, *, actor: User | None) -> None:
    set_read_meters(request, actor=actor)
    activate_contract(request, actor=actor)


EFFECTS: Final[dict[str, Effect]] = {
    "open_contract": open_contract,
    "activate_contract": _activate,
    "close_contract": close_contract,
    "change_contract": change_contract,
    "final_reading": keep_final_readings,
    "ask_refund": ask_refund,
    "find_bills": link_open_bills,
    "start_plan": start_plan,
}


def follow(request: Request, by: Move) -> None:
    """Do what an action states, what a stage of payment requires, and what an end leaves undone."""
    definition = definition_of(request.version)
    action = action_taken(definition, by)
    for name in action.does if action else ():
        if name in EFFECTS:
            EFFECTS[name](request, actor=by.actor)
    if waits_for_payment(request):
        charge_for_stage(request, actor=by.actor)
        if why_unpaid(request) is None:  # nothing is to be paid, or it is paid already
            enqueue(EserviceJob.AGENCY_GO_ON, request.pk)
    elif request.ended_at:
        withdraw_unpaid(request, actor=by.actor)
        if request.outcome != Outcome.GRANTED:
            drop_contract(request, actor=by.actor)


def action_taken(definition: Definition, by: Move) -> Action | None:
    """Return the type's action that made a move; None for the moves of every request."""
    for stage in definition.stages:
        for action in stage.actions:
            if (action.name, action.to) == (by.action, by.to):
                return action
    return None
