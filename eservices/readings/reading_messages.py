"""Words about readings that go to a customer by mail or SMS: declined, unusual use, reminders."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from correspondence.dispatch.sender_messages import EMAIL, available_ways, way_of
from eservices.contracts.models import Contract
from eservices.readings.models import Reading
from language.reach import email_key, phone_key


def address_of(reading: Reading) -> str:
    """Return how the customer is reached: as they sent it, else as the contract has it; or ""."""
    known = [reading.contact]
    if reading.contract is not None:
        known.append(contact_of(reading.contract))
    return next((one for one in known if one and _reached(one)), "")


def contact_of(contract: Contract) -> str:
    """Return the mail address, else the telephone number, that reaches a contract; else ""."""
    return next((one for one in (contract.email, contract.phone) if one and _reached(one)), "")


def _reached(contact: str) -> bool:
    way = way_of(contact)
    to = email_key(contact) if way == EMAIL else phone_key(contact)
    return bool(to) and way in available_ways()


def in_language(reading: Reading) -> override:
    """Return the context in which the customer's language is active."""
    return override(reading.language or "fr")


def named(reading: Reading) -> dict[str, object]:
    """Return what every message about a reading says: contract, meter, index, period."""
    return {
        "contract": reading.contract.number if reading.contract else "",
        "meter": reading.meter.serial if reading.meter else "",
        "index": reading.index,
        "period": reading.period,
    }


def declined_lines(reading: Reading, address: str) -> list[str]:
    """Return what is said of a reading that was declined, in the active language."""
    first = _("Your reading %(index)s of meter %(meter)s was not accepted.") % named(reading)
    why = _("Reason: %(reason)s") % {"reason": reading.reason}
    return [first, why, _("Send the reading again: %(address)s") % {"address": address}]
