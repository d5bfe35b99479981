"""The history of a contract. Rooms above add their own kinds with words."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from eservices.contracts.models import Contract, ContractEvent
from eservices.people.models import Person
from org.models import User


class ContractKind(TextChoices):
    """What happened to a contract; the label is what staff and holders read."""

    CHANGED = "changed", _("Changed by the billing system")
    STATUS = "status", _("The state of the contract changed")
    METER_CHANGED = "meter_changed", _("A meter changed")
    METER_REMOVED = "meter_removed", _("A meter was removed")
    METER_MOVED = "meter_moved", _("A meter goes with another contract now")
    PROVEN = "proven", _("Added to a space")
    CODE_WITHDRAWN = "code_withdrawn", _("The code of the holder before proves it no more")
    CODE_KEPT_OUT = "code_kept_out", _("Billing sent the code of the holder before: not taken")
    HOLDER_ENDED = "holder_ended", _("Taken off a space")


CHANGED_BY_REQUEST: Final = "agency_changed"  # `what`: the holder, the name or the address
WORDS: Final[dict[str, str | Promise]] = dict(ContractKind.choices)


def add_event_words(words: Mapping[str, str | Promise]) -> None:
    """Add the kinds of events of a room above, with their words."""
    WORDS.update(words)


def event_words(kind: str) -> str:
    """Return what happened, in the language of now."""
    return str(WORDS.get(kind, kind))


def holder_since(contract_id: int) -> datetime | None:
    """Return when a request gave a contract to its present holder, None where none did."""
    return holders_since([contract_id]).get(contract_id)


def holders_since(
    contracts: Collection[int], *, until: datetime | None = None
) -> dict[int, datetime]:
    """Return when requests gave contracts to their present holders; without those never given.

    `until`: to those who held them then.
    """
    rows = ContractEvent.objects.filter(
        contract__in=contracts, kind=CHANGED_BY_REQUEST, data__what="holder"
    )
    if until is not None:
        rows = rows.filter(at__lte=until)
    return dict(rows.order_by("id").values_list("contract", "at"))


def withdrawn_codes(contracts: Collection[int]) -> set[tuple[int, str]]:
    """Return the hashes of codes that prove these contracts no more, each with its contract."""
    rows = ContractEvent.objects.filter(contract__in=contracts, kind=ContractKind.CODE_WITHDRAWN)
    return {(contract, data["code"]) for contract, data in rows.values_list("contract", "data")}


def event(
    contract_id: int, kind: str, *, actor: User | None = None, person: Person | None = None,
    **data: Any,
) -> ContractEvent:  # fmt: skip
    """Return a line of a contract's history that is not kept yet."""
    return ContractEvent(
        contract_id=contract_id, at=timezone.now(), kind=kind, actor=actor, person=person, data=data
    )


def note(
    contract: Contract, kind: str, *, actor: User | None = None, person: Person | None = None,
    **data: Any,
) -> None:  # fmt: skip
    """Write one line of a contract's history."""
    event(contract.pk, kind, actor=actor, person=person, **data).save()
