"""Changes of the organisation in words: who, when, and each value before and after."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy

from org.models import OrgChange
from web.desk.administration.history_values import Names, names_in, shown

ACTIONS: Final[dict[str, Any]] = {
    "created": gettext_lazy("created"),
    "changed": gettext_lazy("changed"),
    "invited": gettext_lazy("invited"),
    "password_set": gettext_lazy("chose a password"),
    "activated": gettext_lazy("reactivated"),
    "deactivated": gettext_lazy("deactivated"),
    "closed": gettext_lazy("closed"),
    "opened": gettext_lazy("opened again"),
    "removed": gettext_lazy("removed"),
    "retired": gettext_lazy("retired"),
    "restored": gettext_lazy("in use again"),
    "version": gettext_lazy("new version"),
    "stand_in": gettext_lazy("stand-in appointed"),
    "stand_in_ended": gettext_lazy("stand-in dismissed"),
    "planned": gettext_lazy("change planned"),
    "withdrawn": gettext_lazy("change withdrawn"),
    "published": gettext_lazy("published"),
    "ended": gettext_lazy("followed by another version"),
    "taken_back": gettext_lazy("publication withdrawn"),
    "secret_made": gettext_lazy("new secret"),
    "begun": gettext_lazy("first number said"),
    "secret_ended": gettext_lazy("old secret ended"),
}
FIELDS: Final[dict[str, Any]] = {
    "holiday": gettext_lazy("Day off"),
    "day": gettext_lazy("Day"),
    "title": gettext_lazy("Name"),
    "version": gettext_lazy("Version"),
    "kind": gettext_lazy("Kind"),
    "department": gettext_lazy("Department"),
    "channel": gettext_lazy("Way in"),
    "clock": gettext_lazy("Clock"),
    "days": gettext_lazy("Days"),
    "unit": gettext_lazy("Counted in"),
    "start_from": gettext_lazy("Starts from"),
    "extension_days": gettext_lazy("Extension"),
    "silence": gettext_lazy("Effect of silence"),
    "weekdays": gettext_lazy("Working days of the week"),
    "first_day_counts": gettext_lazy("The first day counts"),
    "moves": gettext_lazy("Moves to the next open day"),
    "stop_ends_count": gettext_lazy("First and last day of a stop count"),
    "basis_ar": gettext_lazy("Basis in Arabic"),
    "basis_fr": gettext_lazy("Basis in French"),
    "basis_en": gettext_lazy("Basis in English"),
    "appeal_ar": gettext_lazy("Ways of appeal in Arabic"),
    "appeal_fr": gettext_lazy("Ways of appeal in French"),
    "appeal_en": gettext_lazy("Ways of appeal in English"),
    "steps": gettext_lazy("Steps"),
    "years": gettext_lazy("Years"),
    "current_years": gettext_lazy("Years with the department"),
    "fate": gettext_lazy("What then"),
    "text_ar": gettext_lazy("In Arabic"),
    "text_fr": gettext_lazy("In French"),
    "text_en": gettext_lazy("In English"),
    "purpose": gettext_lazy("Purpose"),
    "ground": gettext_lazy("Legal ground"),
    "ground_text": gettext_lazy("Texts of law"),
    "people": gettext_lazy("People concerned"),
    "data": gettext_lazy("Data"),
    "recipients": gettext_lazy("Recipients"),
    "retention": gettext_lazy("How long they are kept"),
    "by_schedule": gettext_lazy("As the schedule of retention says"),
    "measures": gettext_lazy("Security measures"),
    "cndp": gettext_lazy("CNDP number"),
    "cndp_on": gettext_lazy("Given on"),
    "username": gettext_lazy("User name"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "name_ar": gettext_lazy("Name in Arabic"),
    "name_fr": gettext_lazy("Name in French"),
    "name_en": gettext_lazy("Name in English"),
    "email": gettext_lazy("E-mail"),
    "function": gettext_lazy("Function"),
    "duty": gettext_lazy("Duty"),
    "clearance": gettext_lazy("Clearance"),
    "language": gettext_lazy("Language"),
    "departments": gettext_lazy("Departments"),
    "is_active": gettext_lazy("In use"),
    "active": gettext_lazy("In use"),
    "confirmed": gettext_lazy("Confirmed"),
    "exceptional": gettext_lazy("Exceptional"),
    "parent": gettext_lazy("Belongs to"),
    "heir": gettext_lazy("Heir"),
    "head_office": gettext_lazy("Registry office"),
    "position": gettext_lazy("Place"),
    "pattern": gettext_lazy("Number pattern"),
    "first": gettext_lazy("First number"),
    "year": gettext_lazy("Year"),
    "desk": gettext_lazy("Whose numbers"),
    "direction": gettext_lazy("Direction"),
    "delegate": gettext_lazy("Stand-in"),
    "starts_on": gettext_lazy("First day"),
    "ends_on": gettext_lazy("Last day"),
    "valid_from": gettext_lazy("From the day"),
    "to": gettext_lazy("E-mail"),
    "closed_on": gettext_lazy("Closed on"),
    "letters": gettext_lazy("Letters"),
    "measure": gettext_lazy("Figure"),
    "value": gettext_lazy("Target"),
    "members": gettext_lazy("Members"),
    "published_from": gettext_lazy("Published from"),
    "published_to": gettext_lazy("Published until"),
    "name": gettext_lazy("Name"),
    "rights": gettext_lazy("Rights"),
    "most_a_payment": gettext_lazy("Most for one payment"),
    "most_a_day": gettext_lazy("Most for one day"),
    "calls_a_minute": gettext_lazy("Calls a minute"),
    "fee_fixed": gettext_lazy("Fee of each payment"),
    "fee_rate": gettext_lazy("Share of the amount"),
}

SHOWN: Final = 30


@dataclass(frozen=True, slots=True)
class WordedChange:
    """A change in words; `values` are (field, before, after)."""

    change: OrgChange
    action: str
    values: list[tuple[str, str, str]]


def history_of(noun: str, key: Any) -> dict[str, Any]:
    """Return the last changes of a row, as the history's template takes them."""
    rows = OrgChange.objects.filter(noun=noun, key=str(key)).select_related("actor")
    return {"changes": worded_changes(rows[:SHOWN])}


def worded_changes(rows: Iterable[OrgChange]) -> list[WordedChange]:
    """Return the changes in words, in their order."""
    rows = list(rows)
    names = names_in(rows)
    return [
        WordedChange(row, str(ACTIONS.get(row.action, row.action)), _values(row, names))
        for row in rows
    ]


def _values(row: OrgChange, known: Names) -> list[tuple[str, str, str]]:
    names = [name for name in FIELDS if name in row.before or name in row.after]
    found = [(name, row.before.get(name), row.after.get(name)) for name in names]
    return [
        (str(FIELDS[name]), shown(name, before, known), shown(name, after, known))
        for name, before, after in found
        if before or after
    ]
