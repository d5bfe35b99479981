"""Narrowing and order of the tray and the inbox: read from an address, put into words and links."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from org.models import Department, User
from org.people import permissions_of
from org.written_days import date_format
from registry.models.letters import Channel
from routing.inbox.narrowing import NOBODY, SPANS, Narrowing, names_sender
from web.desk.chips import Chip
from web.desk.forms import all_kinds
from web.shared.days import day_of

LONGEST: Final = 100  # characters of the sender's name
MOST_COLLEAGUES: Final = 300  # offered as who is in charge
_NAMES: Final = ("first_name", "last_name", "name_ar", "username")  # what shown_name reads
SPAN_NAMES: Final[dict[str, Any]] = {
    "late": gettext_lazy("Late"),
    "today": gettext_lazy("Due today"),
    "week": gettext_lazy("Due this week"),
}
ORDER_NAMES: Final[dict[str, Any]] = {
    "due": gettext_lazy("By due date"),
    "newest": gettext_lazy("Newest first"),
    "oldest": gettext_lazy("Oldest first"),
    "sender": gettext_lazy("By sender"),
}

Named = Iterable[tuple[Any, str]]


@dataclass(frozen=True, slots=True)
class WorkList:
    """A list of work as its address narrows and orders it.

    `kept` is what the address has besides; `orders` are those that the list has, its usual one
    first; `departments` (none where there is one) and `kinds` are (code, name); `people` are (id,
    name) of those who may be in charge. `too_short`: words of a sender with too few letters to
    search for, which narrow nothing.
    """

    asked: Narrowing
    orders: Collection[str]
    kinds: Named
    departments: Named = ()
    people: Named = ()
    kept: dict[str, str] = field(default_factory=dict)
    too_short: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether it leaves anything out."""
        return self.asked != Narrowing(order=self.asked.order)

    def address(self, asked: Narrowing | None = None, **kept: str) -> str:
        """Return the list as a query string, otherwise narrowed or with other `kept` values."""
        asked = asked or self.asked
        pairs = {
            **self.kept,
            **kept,
            "department": asked.department,
            "kind": asked.kind,
            "channel": asked.channel,
            "sender": asked.sender,
            "since": asked.since or "",
            "until": asked.until or "",
            "due": asked.due,
            "urgent": "1" if asked.urgent else "",
            "person": "" if asked.person is None else asked.person,
            "order": self._unusual(asked.order),
        }
        return urlencode({name: value for name, value in pairs.items() if value != ""})

    def context(self) -> dict[str, Any]:
        """Return what the form, the chips and the choice of an order need."""
        return {
            "asked": self.asked,
            "too_short": self.too_short,
            "departments": self.departments,
            "kinds": self.kinds,
            "channels": Channel.choices,
            "spans": SPAN_NAMES.items(),
            "people": self.people,
            "hidden": [(name, value) for name, value in self._hidden() if value],
            "chips": self._chips(),
            "without_chips": self.address(Narrowing(order=self.asked.order)),
            "orders": self._orders(),
            "address": self.address(),
        }

    def _hidden(self) -> list[tuple[str, str]]:
        return [*self.kept.items(), ("order", self._unusual(self.asked.order))]

    def _unusual(self, order: str) -> str:
        """Return the order as an address says it: not at all where it is the list's usual one."""
        return "" if order == next(iter(self.orders)) else order

    def _orders(self) -> list[tuple[Any, str, bool]]:
        """Return (name, address, whether it is the present one) of each order."""
        return [
            (
                ORDER_NAMES[one],
                self.address(replace(self.asked, order=one)),
                one == self.asked.order,
            )
            for one in self.orders
        ]

    def _chips(self) -> list[Chip]:
        """Return what narrows the list, each with the address without it."""
        asked = self.asked
        words = {
            "department": dict(self.departments).get(asked.department, asked.department),
            "kind": dict(self.kinds).get(asked.kind, ""),
            "channel": str(Channel(asked.channel).label) if asked.channel else "",
            "sender": asked.sender,
            "since": _day(_("from %(day)s"), asked.since),
            "until": _day(_("to %(day)s"), asked.until),
            "due": str(SPAN_NAMES.get(asked.due, "")),
            "urgent": pgettext("letter", "urgent") if asked.urgent else "",
            "person": "" if asked.person is None else dict(self.people)[asked.person],
        }
        usual = Narrowing()
        return [
            Chip(label, self.address(replace(asked, **{name: getattr(usual, name)})))
            for name, label in words.items()
            if label
        ]


def list_of(
    given: QueryDict,
    *,
    orders: Collection[str],
    departments: Named = (),
    people: Named = (),
    kept: dict[str, str],
) -> WorkList:
    """Return the list that an address names; what is unknown or not of this list is ignored."""
    kinds = all_kinds()
    sender = " ".join(given.get("sender", "").split())[:LONGEST]
    too_short = "" if names_sender(sender) else sender
    asked = Narrowing(
        department=_known(given.get("department", ""), dict(departments)),
        kind=_known(given.get("kind", ""), dict(kinds)),
        channel=_known(given.get("channel", ""), Channel.values),
        sender="" if too_short else sender,
        since=day_of(given.get("since", "")),
        until=day_of(given.get("until", "")),
        due=_known(given.get("due", ""), SPANS),
        urgent=given.get("urgent", "") == "1",
        person={str(pk): pk for pk, _name in people}.get(given.get("person", "")),
        order=_known(given.get("order", ""), orders) or next(iter(orders)),
    )
    return WorkList(asked, orders, kinds, departments, people, kept, too_short)


def departments_of(viewer: User) -> list[tuple[str, str]]:
    """Return (code, code and name) of the person's departments; none where they have only one."""
    ids = _own_ids(viewer)
    rows = Department.objects.filter(pk__in=ids) if len(ids) > 1 else ()
    return [(row.code, f"{row.code} · {row.name}") for row in rows]


def colleagues_of(viewer: User) -> list[tuple[int, str]]:
    """Return who may be in charge: nobody yet, the person, then their departments' others.

    Of the others MOST_COLLEAGUES at most, the first by name.
    """
    people = User.objects.filter(is_active=True, memberships__department__in=_own_ids(viewer))
    others = people.exclude(pk=viewer.pk).only(*_NAMES).order_by(*_NAMES, "pk").distinct()
    named = [(one.pk, one.shown_name) for one in others[:MOST_COLLEAGUES]]
    named.sort(key=lambda one: one[1])
    return [(NOBODY, _("Nobody yet")), (viewer.pk, _("Me")), *named]


def _own_ids(viewer: User) -> list[int]:
    """Return the ids of the person's departments."""
    permissions = permissions_of(viewer)
    return [permissions.ids[code] for code in permissions.departments]


def _known(value: str, values: Collection[str]) -> str:
    return value if value in values else ""


def _day(words: str, day: date | None) -> str:
    return words % {"day": date_format(day, "j F Y")} if day else ""
