"""Values in the histories of the organisation as people read them: no code of the program."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.dates import WEEKDAYS
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from correspondence.models.steps import Act, Who
from eservices.bank.models import BankPartner
from eservices.money_words import written_amount
from figures.models import Target
from language.bidi import isolate
from org.models import LetterKind, Level, Membership, OrgChange, Processing, RetentionText, User
from org.signs import listed
from org.written_days import date_format, written_day
from registry.models.letters import Channel
from registry.models.registers import Register
from routing.models.clocks import DeadlineRule, Which
from routing.models.distribution import ROLES

CODES: Final[dict[str, dict[Any, Any]]] = {
    "duty": dict(User.Duty.choices),
    "clearance": dict(Level.choices),
    "language": dict(settings.LANGUAGES),
    "direction": dict(Register.Direction.choices),
    "fate": dict(RetentionText.Fate.choices),
    "ground": dict(Processing.Ground.choices),
    "measure": dict(Target.Measure.choices),
    "channel": dict(Channel.choices),
    "clock": dict(Which.choices),
    "unit": dict(DeadlineRule.Unit.choices),
    "start_from": dict(DeadlineRule.Start.choices),
    "silence": dict(DeadlineRule.Silence.choices),
}
_AMOUNTS: Final = ("most_a_payment", "most_a_day", "fee_fixed")
_DAYS: Final = ("day", "starts_on", "ends_on", "valid_from", "closed_on", "cndp_on")
_MOMENTS: Final = ("published_from", "published_to")
_PEOPLE: Final = ("delegate", "members")


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the kinds of letters and of the people whose codes stand in some changes."""

    kinds: Mapping[str, str]
    people: Mapping[str, str]


def names_in(rows: Iterable[OrgChange]) -> Names:
    """Return the names that these changes need; at most two queries, none where none is needed."""
    kinds: set[str] = set()
    people: set[str] = set()
    for values in (values for row in rows for values in (row.before, row.after)):
        kinds |= {str(values["kind"])} if values.get("kind") else set()
        for name in _PEOPLE:
            people |= set(str(values.get(name) or "").split(", ")) - {""}
        people |= {whom for _r, _a, who, whom in _steps(values) if who == Who.PERSON}
    found = LetterKind.objects.filter(code__in=kinds) if kinds else []
    known = User.objects.filter(username__in=people) if people else []
    return Names({k.code: k.name for k in found}, {u.username: u.shown_name for u in known})


def shown(name: str, value: Any, names: Names) -> str:
    """Return the value of a field in words; "—" for none."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return " · ".join(_pair(key, one) for key, one in sorted(value.items()) if one) or "—"
    if value in (None, ""):
        return "—"
    text = str(value)
    if name == "kind":
        return names.kinds.get(text, text)
    if name in _PEOPLE:
        return listed(names.people.get(one, one) for one in text.split(", "))
    if name == "steps":
        return _circuit({"steps": text}, names)
    words = _FORMS.get(name)
    return words(text) if words else str(CODES.get(name, {}).get(value, value))


def _pair(key: str, value: Any) -> str:
    """Return a department with the role of a person or a list in it, or a text of a language."""
    languages, roles = dict(settings.LANGUAGES), {**dict(ROLES), **dict(Membership.Role.choices)}
    told = {"name": languages.get(key, key), "value": roles.get(value, value)}
    return _("%(name)s: %(value)s") % told


def _steps(values: Mapping[str, Any]) -> Iterable[tuple[str, str, str, str]]:
    """Yield rank, act, to whom and who of the steps of a circuit; nothing for other changes."""
    for step in str(values.get("steps") or "").split():
        rank, act, who, whom = [*step.split(":"), "", "", ""][:4]
        yield rank, act, who, whom


def _circuit(values: Mapping[str, Any], names: Names) -> str:
    """Return the steps of a circuit: their place, act and to whom they fall."""
    acts, falls = dict(Act.choices), dict(Who.choices)
    said = []
    for rank, act, who, whom in _steps(values):
        to = falls.get(who, who)
        if who == Who.PERSON:
            to = isolate(names.people.get(whom, whom))
        elif who == Who.HEAD_OF:
            to = _("Head of %(department)s") % {"department": isolate(whom)}
        step = _("%(name)s: %(value)s") % {"name": acts.get(act, act), "value": to}
        said.append(f"{rank}. {step}")
    return " · ".join(said)


def _rights(text: str) -> str:
    words = dict(BankPartner.Right.choices)
    return listed(words.get(one, one) for one in text.split(", "))


def _weekdays(text: str) -> str:
    return listed(WEEKDAYS.get(int(one) - 1, one) for one in text if one.isdecimal())


def _day(text: str) -> str:
    return written_day(text, "j F Y")


def _day_off(text: str) -> str:
    day, _space, name = text.partition(" ")
    return f"{_day(day)} · {name}" if name else _day(day)


def _moment(text: str) -> str:
    moment = parse_datetime(text)
    return date_format(timezone.localtime(moment), "j F Y · H:i") if moment else text


def _share(text: str) -> str:
    try:
        return f"{number_format(Decimal(text).normalize())}\u00a0%"
    except InvalidOperation:
        return text


_FORMS: Final[dict[str, Callable[[str], str]]] = {
    "rights": _rights,
    "weekdays": _weekdays,
    "holiday": _day_off,
    "fee_rate": _share,
    **dict.fromkeys(_AMOUNTS, written_amount),
    **dict.fromkeys(_DAYS, _day),
    **dict.fromkeys(_MOMENTS, _moment),
}
