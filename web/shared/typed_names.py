"""Names of the fields in which people of staff type, for what was typed of a form that is gone.

Days and times are left out: they are picked. `tests/web/desk/test_typed_names.py` reads every
template and every form, and fails where a name is missing here or stands here for nothing.
"""

import re
from typing import Final

LONG_ENOUGH: Final = 40  # letters of a word that somebody would miss under whatever name
# Typed wherever they stand; the language of a name (`name_ar`) and its number (`line-2`) left out.
TYPED_NAMES: Final = frozenset(
    (
        *("about", "accessibility", "account", "amount", "answer", "appeal", "basis", "bills"),
        *("body", "box", "calls_a_minute", "caption", "checklist", "clerk_email"),
        *("clerk_first_name", "clerk_last_name", "clerk_username", "cndp", "colour_head"),
        *("colour_main", "comment", "contact_name", "contact_phone", "contract"),
        *("contract_number", "counted", "current_years", "customer_number", "data", "days"),
        *("desk", "digits", "email", "emergency", "extension_days", "external_reference"),
        *("fee_fixed", "fee_rate", "find_words", "first", "first_name", "function", "ground_text"),
        *("holder", "hours", "index", "instructions", "last_name", "latitude", "legal"),
        *("longitude", "measures", "message", "minutes", "most_a_day", "most_a_payment", "n"),
        *("name", "newest", "note", "notes", "number", "numbers", "opening", "part"),
        *("part_matter", "pattern", "payer", "people", "per_hour", "phone", "piece", "position"),
        *("postage", "present", "price", "privacy", "purpose", "quantity", "question", "rank"),
        *("recipient", "recipients", "reference", "remark", "retention", "seconds", "sector"),
        *("sender_address", "sender_email", "sender_name", "sender_organisation", "sender_phone"),
        *("sender_role", "serial", "short_name", "slot", "subject", "summary", "target"),
        *("telephones", "tendered", "title", "to", "to_address", "to_email", "to_name"),
        *(
            "to_organisation",
            "to_phone",
            "tracking_number",
            "url",
            "username",
            "value",
            "waited",
            "wanted",
        ),
        *("website", "weight", "why", "words", "years"),
    )
)
# Typed in one form, and chosen or hidden in another: there a value may be a code, never shown.
TYPED_OR_CHOSEN: Final = frozenset(
    (
        *("address", "code", "contact", "customer", "letter", "line", "other", "page"),
        *("partner", "period", "person", "pieces", "place", "reason", "reserve", "text"),
        *("unit", "what"),
    )
)
# Values of buttons, radios and hidden fields under a name that is also typed.
CHOSEN: Final = frozenset(
    (
        *("accept", "add", "appoint", "assign", "box", "complete", "confirm", "department", "end"),
        *("lift", "move", "new", "noted", "person", "propose", "remove", "slips", "take", "unlink"),
    )
)
_NUMBER: Final = re.compile(r"[-_]?\d+$")
_PREFIX: Final = re.compile(r"^[a-z]+-\d+-")
_LANGUAGE: Final = re.compile(r"_(?:ar|fr|en)$")
_REGISTER: Final = re.compile(r"_[A-Z][A-Z0-9]*$")
_CODE: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{1,3}")


def bare(name: str) -> str:
    """Return the name of a field without its row, its number, its language and its register."""
    for left_out in (_PREFIX, _NUMBER, _LANGUAGE, _NUMBER, _REGISTER):
        name = left_out.sub("", name)
    return name


def is_typed(name: str, value: str) -> bool:
    """Whether somebody typed this value, and would miss it: not a choice, and not a code."""
    if not value.strip():
        return False
    called = bare(name)
    long = len(value.split()) > 1 or len(value) >= LONG_ENOUGH
    coded = _CODE.fullmatch(value) or (called == "what" and value in CHOSEN)
    chosen = called in TYPED_OR_CHOSEN and not coded
    return long or chosen or called in TYPED_NAMES
