"""Which staff looked at what is kept of a contract: its page, its bills, its statement."""

from eservices.contracts.models import Contract
from eservices.relations import access_log
from org.models import User


def look_key(contract: Contract) -> str:
    """Return under which name looks at the contract are on record."""
    return f"contract:{contract.number_key}"


def note_look(contract: Contract | None, *, viewer: User) -> None:
    """Record that this person looked at the contract today; nothing where there is none."""
    if contract is not None:
        access_log.note(look_key(contract), viewer=viewer)
