"""Words for what happens to a request, in its letter's history."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from eservices.kinds import EserviceEvent
from eservices.requests.event_words import as_written
from eservices.requests.models import Acceptance, Outcome

REQUEST_WORDS: Final[dict[str, Any]] = {
    EserviceEvent.REQUEST_OPENED: _("Request for a service opened"),
    EserviceEvent.REQUEST_DRAWN: _("Answers drawn as a paper"),
    EserviceEvent.REQUEST_MOVED: _("Request moved on: %(stage)s"),
    EserviceEvent.REQUEST_WITHDRAWN: _("Request withdrawn by the citizen"),
    EserviceEvent.REQUEST_DECIDED: _("Request decided: %(outcome)s"),
    EserviceEvent.REQUEST_LINKED: _("Request linked to a person’s space"),
    EserviceEvent.MESSAGE_TO_CITIZEN: _("Message written to the citizen"),
    EserviceEvent.MESSAGE_FROM_CITIZEN: _("Message from the citizen"),
    EserviceEvent.REQUEST_NOTIFIED: _("Citizen notified by %(way)s"),
    EserviceEvent.CHILD_OPENED: _("Request for a trade opened: %(number)s"),
    EserviceEvent.CHILD_ENDED: _("Request for a trade ended: %(number)s"),
    EserviceEvent.QUOTATION_MADE: _("Quotation no. %(quotation)s made"),
    EserviceEvent.QUOTATION_ACCEPTED: _("Quotation no. %(quotation)s accepted"),
    EserviceEvent.QUOTATION_REFUSED: _("Quotation no. %(quotation)s refused"),
    EserviceEvent.MEETING_HELD: _("Site meeting held"),
    EserviceEvent.ACCEPTANCE_RECORDED: _("Acceptance recorded: %(acceptance)s"),
    EserviceEvent.RESERVE_LIFTED: _("Reserve lifted"),
    EserviceEvent.CONTACT_LOGGED: _("Contact with the citizen logged"),
    EserviceEvent.CALLBACK_ASKED: _("Call-back asked for"),
    EserviceEvent.CALLBACK_TRIED: _("Call-back tried"),
    EserviceEvent.WORK_ORDERED: _("Work order %(order)s made"),
    EserviceEvent.WORK_STARTED: _("Team on site: work order %(order)s"),
    EserviceEvent.WORK_DONE: _("Work order %(order)s done"),
    EserviceEvent.WORK_CANCELLED: _("Work order %(order)s cancelled"),
    EserviceEvent.WORK_FILED: _("Photos of work order %(order)s filed"),
    EserviceEvent.CHARGE_WRITTEN: _("To be paid, as written by staff: %(subject)s, %(amount)s"),
    EserviceEvent.FEE_MADE: _("Fee %(bill)s made: %(amount)s"),
    EserviceEvent.FEE_WITHDRAWN: _("Fee %(bill)s withdrawn: %(amount)s"),
    EserviceEvent.FEE_OWED_AGAIN: _(
        "A payment of fee %(bill)s went back: %(amount)s are owed again"
    ),
    EserviceEvent.BILL_LINKED: _("About bill %(bill)s, of which %(amount)s remain"),
    EserviceEvent.CONTRACT_OPENED: _("Contract %(contract)s opened, not active yet"),
    EserviceEvent.METER_SET: _("Meter %(meter)s set for contract %(contract)s, index %(index)s"),
    EserviceEvent.CONTRACT_ACTIVATED: _("Contract %(contract)s is active"),
    EserviceEvent.CONTRACT_CLOSED: _("Contract %(contract)s closed"),
    EserviceEvent.CONTRACT_CHANGED: _("Contract %(contract)s changed"),
    EserviceEvent.FINAL_READING: _("Last index of meter %(meter)s: %(index)s"),
    EserviceEvent.REFUND_ASKED: _("Refund of %(amount)s asked for"),
    EserviceEvent.INSTALMENT_LATE: _(
        "Instalment %(number)s is late: %(amount)s, due on %(due_on)s"
    ),
    EserviceEvent.PLAN_MADE: _("Schedule over %(total)s in %(parts)s instalments"),
    EserviceEvent.DANGER_ALARMED: _("Alarm raised for danger"),
    EserviceEvent.DANGER_SEEN: _("Alarm for danger seen"),
}

OUTCOME_WORDS: Final[dict[str, Any]] = {str(one): one.label for one in Outcome}
WAY_WORDS: Final[dict[str, Any]] = {"email": _("e-mail"), "sms": _("SMS")}
TRADE_WORDS: Final[dict[str, Any]] = {
    "water": _("Water"),
    "electricity": _("Electricity"),
    "sewage": _("Sewage"),
}


def spoken(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event's data with texts of three languages in the current one, outcomes in words.

    Staff read the internal name of a stage.
    """
    language = (get_language() or "fr")[:2]
    found = {
        name: value.get(language) or value.get("fr") if isinstance(value, dict) else value
        for name, value in as_written(data).items()
    }
    if found.get("internal"):
        found["stage"] = found["internal"]
    if found.get("outcome") in Outcome.values:
        found["outcome"] = Outcome(str(found["outcome"])).label
    if found.get("acceptance") in Acceptance.Kind.values:
        found["acceptance"] = Acceptance.Kind(str(found["acceptance"])).label
    if (way := str(found.get("way"))) in WAY_WORDS:
        found["way"] = WAY_WORDS[way]
    return found
