"""What the values of a service type are called, for people who keep the catalogue."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

_TRADES: Final[dict[str, Any]] = {
    "water": _("water"),
    "electricity": _("electricity"),
    "sewage": _("sewage"),
}
_FAMILIES: Final[dict[str, Any]] = {
    "enquiry": _("enquiry"),
    "complaint": _("complaint"),
    "reading": _("meter reading"),
    "bill": _("bill"),
    "connection": _("connection"),
    "contract": _("contract"),
    "permit": _("permit"),
    "information": _("information"),
    "letter": _("letter"),
}
_FIELD_TYPES: Final[dict[str, Any]] = {
    "text": _("a line of text"),
    "long_text": _("several lines of text"),
    "number": _("a number"),
    "money": _("an amount"),
    "date": _("a day"),
    "choice": _("one of several choices"),
    "several": _("several of the choices"),
    "yes_no": _("yes or no"),
    "contract": _("a contract"),
    "meter_index": _("the index of a meter"),
    "address": _("an address"),
    "phone": _("a telephone number"),
    "email": _("an e-mail address"),
    "declaration": _("a declaration to be accepted"),
}
_STAGE_KINDS: Final[dict[str, Any]] = {
    "intake": _("reception"),
    "work": _("work of the office"),
    "waiting_citizen": _("waiting for the citizen"),
    "decision": _("decision"),
    "payment": _("payment"),
    "field": _("field work"),
    "end": _("end"),
}
_ROLES: Final[dict[str, Any]] = {
    "office": _("registry office"),
    "department": _("department"),
    "head": _("head of department"),
    "centre": _("customer-relations centre"),
    "team": _("field team"),
    "citizen": _("citizen"),
    "system": _("the system"),
}
_ACTION_NEEDS: Final[dict[str, Any]] = {
    "comment": _("a comment"),
    "document": _("a document"),
    "outcome": _("an outcome"),
    "reason": _("a reason"),
    "payment": _("a payment"),
    "work_order": _("a work order"),
    "quotation": _("a quotation"),
    "opinions": _("opinions"),
    "children": _("its children done"),
    "acceptance": _("an acceptance"),
    "reply": _("a reply"),
    "pieces": _("the missing pieces"),
    "charge": _("a fee"),
    "meter": _("a meter"),
    "final_reading": _("a final reading"),
    "final_bill": _("a final bill"),
    "refund": _("a refund"),
    "plan": _("a payment plan"),
}
_EFFECTS: Final[dict[str, Any]] = {
    "open_contract": _("opens a contract"),
    "activate_contract": _("activates the contract"),
    "close_contract": _("closes the contract"),
    "change_contract": _("changes the contract"),
    "start_plan": _("starts a payment plan"),
    "final_reading": _("takes the final reading"),
    "ask_refund": _("asks for a refund"),
    "find_bills": _("finds the bills"),
    "statement": _("makes a statement of account"),
    "duplicate": _("makes a duplicate"),
}
_CHOICES: Final[dict[str, dict[str, Any]]] = {
    "family": _FAMILIES,
    "audiences": {
        "person": _("private persons"),
        "company": _("companies"),
        "developer": _("developers"),
        "institution": _("institutions"),
        "association": _("associations"),
    },
    "needs": {
        **_TRADES,
        "bill": _("bill"),
        "meter": _("meter"),
        "contract": _("contract"),
        "works": _("works on the network"),
        "information": _("information"),
        "other": _("other"),
    },
    "trades": _TRADES,
    "type": _FIELD_TYPES,
    "kind": _STAGE_KINDS,
    "roles": _ROLES,
    "does": _EFFECTS,
    "outcome": {
        "granted": _("granted"),
        "refused": _("refused"),
        "no_action": _("no action"),
        "withdrawn": _("withdrawn by the citizen"),
    },
    "accept": {
        "pdf": "PDF",
        "image": _("pictures"),
        "plan": _("plans"),
        "any": _("any file"),
    },
    "term.unit": {"working": _("working days"), "calendar": _("calendar days")},
    "term.silence": {"granted": _("granted"), "refused": _("refused")},
}


def choice_label(key: str, value: str, *, of: str = "") -> str:
    """Return what a value of a key is called; `of` is the list that the key stands in."""
    words = _ACTION_NEEDS if (key, of) == ("needs", "actions") else _CHOICES.get(key, {})
    return str(words.get(value, value))
