"""Requests for single trades under one request, each with a letter and number of its own."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from eservices.catalogue.conditions import shown_fields
from eservices.catalogue.publishing import definition_of, published
from eservices.requests.models import Request
from eservices.requests.opening import Opened, OpeningData, open_request
from eservices.requests.roles import Who, roles_of
from org.models import User
from registry.intake import PartyData
from registry.models.letters import Channel
from routing.acting.errors import NotAllowedError

MAY_OPEN = {"office", "department", "head"}


def open_child(request: Request, trade: str, *, actor: User, deposit_key: str = "") -> Opened:
    """Open the request for a trade: registered and routed to the trade's department.

    Its answers are those of the parent that its form has too. Raise NotAllowedError without the
    right, for a trade that the type does not have, or one that has an open request.
    """
    definition = definition_of(request.version)
    if not roles_of(request, Who(actor)) & MAY_OPEN:
        raise NotAllowedError(_("You may not do this with this request."))
    if trade not in definition.trades:
        raise NotAllowedError(_("This service has no such trade."))
    found = published(definition.child or definition.code)
    if found is None:
        raise NotAllowedError(_("The service for single trades is not published."))
    return open_request(
        OpeningData(
            found.version,
            answers=_shared(request, found.definition),
            language=request.language,
            channel=Channel.INTERNAL,
            contact=_sender(request),
            actor=actor,
            person=request.person,
            mandate=request.mandate,
            on_behalf_of=request.on_behalf_of,
            parent=request,
            trade=trade,
        ),
        deposit_key=deposit_key,
        notes={},
    )


def open_children(request: Request, trades: Sequence[str], *, actor: User) -> list[Opened]:
    """Open the requests for several trades, one after the other.

    Raise NotAllowedError before any is opened where one of them cannot be.
    """
    wanted, free = list(dict.fromkeys(trades)), open_trades(request)
    for trade in wanted:
        if trade not in definition_of(request.version).trades:
            raise NotAllowedError(_("This service has no such trade."))
        if trade not in free:
            raise NotAllowedError(_("There is an open request for this trade already."))
    return [open_child(request, trade, actor=actor) for trade in wanted]


def open_trades(request: Request) -> list[str]:
    """Return the trades of the type for which no request is open."""
    busy = Request.objects.filter(parent=request.pk, ended_at=None)
    taken = set(busy.values_list("trade", flat=True))
    return [trade for trade in definition_of(request.version).trades if trade not in taken]


def _shared(request: Request, child: Any) -> dict[str, Any]:
    codes = {field.code for field in shown_fields(child, request.answers)}
    return {code: value for code, value in request.answers.items() if code in codes}


def _sender(request: Request) -> PartyData:
    """Return the requester, without their addresses: they are notified through the parent."""
    sender = request.letter.sender
    name = sender.name if sender else ""
    organisation = sender.organisation if sender else ""
    return PartyData("sender", name=name, organisation=organisation)
