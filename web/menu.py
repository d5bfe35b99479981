"""The desk's menu: places in five groups, the open one marked, with what waits in them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from eservices.bank.access import reads_banks
from eservices.bills.rights import reads_bills
from eservices.contracts.rights import reads_contracts
from eservices.payments.rights import cashes, reads_payments
from eservices.privacy.rights import reads_requests
from eservices.readings import access as readings
from eservices.relations.callbacks import reads_centre
from eservices.relations.rights import sees_work
from org.models import User
from org.people import Permissions
from registry.contacts.access import reads_directory
from registry.disposal.rights import reads_lists

ADMINISTRATOR = User.Duty.ADMINISTRATOR
NO_PAPERS = {User.Duty.AUDITOR, User.Duty.ARCHIVIST, User.Duty.ADMINISTRATOR}
RULE_READERS = {User.Duty.ADMINISTRATOR, User.Duty.AUDITOR, User.Duty.DIRECTOR}
# The places that stand in a phone's bar before others, as far as the person has them.
FIRST_PLACES = (
    "/deposit/", "/tray/", "/inbox/", "/search/", "/lists/", "/check/", "/register/", "/office/",
    "/rules/",
)  # fmt: skip
MOST_FIRST = 4  # and a fifth: "more"
SIGNING: Final = "/signing-folder/"
# Pages of organisation that no place of their own leads to.
_ELSEWHERE: Final = ("/circuits/", "/signature/", "/mailings/")


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the desk's menu, in a group (its heading).

    `keys` are its keyboard shortcut, one key after the other, "" for none. `here` is aria-current
    of its link: "page" on the page itself, "true" on one that belongs to it, else "".
    """

    url: str
    icon: str
    label: str
    keys: str
    here: str = ""
    group: str = ""
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Menu:
    """All places in groups, and the few that stand in a phone's bar."""

    places: list[Place]
    first: list[Place]

    @property
    def groups(self) -> list[tuple[str, list[Place]]]:
        """Return the headings with their places, in the order of the places."""
        found: dict[str, list[Place]] = {}
        for place in self.places:
            found.setdefault(place.group, []).append(place)
        return list(found.items())

    @property
    def more(self) -> list[Place]:
        """The places that a phone's bar has behind "more"."""
        return [place for place in self.places if place not in self.first]

    @property
    def more_here(self) -> bool:
        """Whether the page that is open is behind "more"."""
        return any(place.here for place in self.more)

    @property
    def more_waiting(self) -> int:
        """How much waits behind "more"."""
        return sum(place.waiting for place in self.more)


def menu_of(places: list[Place]) -> Menu:
    """Return a menu with four places before "more", or all where they are five at most."""
    if len(places) <= MOST_FIRST + 1:
        return Menu(places, places)
    rank = {url: at for at, url in enumerate(FIRST_PLACES)}
    wanted = sorted(places, key=lambda place: rank.get(place.url, len(rank)))[:MOST_FIRST]
    return Menu(places, [place for place in places if place in wanted])


@dataclass(frozen=True, slots=True)
class _Entry:
    """A place, whether the person has it, and addresses outside it that belong to it.

    `also` are their beginnings, `ends` the end of one, which decides before any beginning.
    """

    allowed: bool
    url: str
    icon: str
    label: str
    keys: str
    also: tuple[str, ...] = ()
    ends: str = ""


def places_of(
    permissions: Permissions | None,
    *,
    path: str,
    counts: Mapping[str, Callable[[], int]] | None = None,
) -> list[Place]:
    """Return the menu of a person: five groups in the order of a day's work.

    `counts` holds how much waits in a place, by its address; only those of the person are read.
    """
    if not permissions:
        return []
    groups = [
        (heading, [entry for entry in entries if entry.allowed])
        for heading, entries in _groups(permissions)
    ]
    open_at = _open_place((entry for _heading, entries in groups for entry in entries), path)
    return [
        Place(
            url=entry.url,
            icon=entry.icon,
            label=entry.label,
            keys=entry.keys,
            here="" if entry.url != open_at else "page" if path == entry.url else "true",
            group=heading,
            waiting=counts[entry.url]() if counts and entry.url in counts else 0,
        )
        for heading, entries in groups
        for entry in entries
    ]


def _open_place(entries: Iterable[_Entry], path: str) -> str:
    """Return the address of the place that the path belongs to: the longest beginning decides."""
    entries = list(entries)
    for entry in entries:
        if entry.ends and path.endswith(entry.ends):
            return entry.url
    found = max(
        (
            (len(begin), entry.url)
            for entry in entries
            for begin in (entry.url, *entry.also)
            if path.startswith(begin)
        ),
        default=(0, ""),
    )
    return found[1]


def _groups(permissions: Permissions) -> list[tuple[str, list[_Entry]]]:
    return [
        (_("Mail in"), _mail_in(permissions)),
        (_("Handling"), _work(permissions)),
        (_("Mail out"), _mail_out(permissions)),
        (_("Find"), _find(permissions)),
        (_("Running the office"), _house(permissions)),
    ]


def _works(permissions: Permissions) -> bool:
    return permissions.reads_all or bool(permissions.departments)


def _mail_in(permissions: Permissions) -> list[_Entry]:
    office = permissions.is_office
    routes = office or permissions.duty == User.Duty.DIRECTOR
    return [
        _my_day(permissions, at="in"),
        _Entry(office, "/deposit/", "deposit", _("Deposit"), "g d", ends="/registered/"),
        _Entry(office, "/batches/", "pages", _("Scanning"), "g x"),
        _Entry(office, "/mailbox/", "send", _("Mailbox"), "g b"),
        _Entry(routes, "/tray/", "tray", _("Tray"), "g t"),
        _Entry(office, "/check/", "check", _("Check"), "g c"),
    ]


def _my_day(permissions: Permissions, *, at: str) -> _Entry:
    """Return the entry of "my day", which stands at the head of the person's first group."""
    routes = permissions.is_office or permissions.duty == User.Duty.DIRECTOR
    first = "in" if routes else "work" if _works(permissions) else "house"
    return _Entry(first == at, "/day/", "home", _("My day"), "g g")


def _work(permissions: Permissions) -> list[_Entry]:
    works = _works(permissions)
    handles = permissions.duty not in NO_PAPERS and works
    leads = permissions.reads_all or "head" in permissions.departments.values()
    return [
        _my_day(permissions, at="work"),
        _Entry(
            bool(permissions.departments), "/inbox/", "inbox", _("Inbox"), "g i", ("/together/",)
        ),
        _Entry(reads_centre(permissions), "/centre/", "phone", _("Customer relations"), "g 1"),
        _Entry(works, "/reminders/", "bell", _("Reminders"), "g w"),
        _Entry(works, "/requests/", "lists", _("Requests"), "g 2"),
        _Entry(readings.reads(permissions), "/readings/", "chart", _("Meter readings"), "g 3"),
        _Entry(cashes(permissions), "/cashier/", "bill", _("Cashier’s desk"), "g 9"),
        _Entry(reads_payments(permissions), "/payments/", "bill", _("Payments"), "g 7"),
        _Entry(works, "/lists/", "lists", _("Work"), "g v"),
        _Entry(handles, "/custody/", "letter", _("Papers"), "g h"),
        _Entry(
            sees_work(permissions),
            "/work-orders/",
            "turn",
            _("Work in the field"),
            "g 4",
            ("/field/", "/danger/"),
        ),
        _Entry(leads, "/figures/", "chart", _("Figures"), "g n"),
    ]


def _mail_out(permissions: Permissions) -> list[_Entry]:
    works = _works(permissions)
    outgoing = "/outgoing/" if permissions.is_office else "/outgoing/back/"
    return [
        _Entry(works, "/drafts/", "pen", _("Drafts"), "g l", ("/mailings/", "/circuits/")),
        _Entry(works, SIGNING, "stamp", _("Signing folder"), "g q", ("/signature/",)),
        _Entry(works, outgoing, "forward", _("Outgoing"), "g e", ("/outgoing/",)),
    ]


_FILES: Final = ("/imports/",)
_SCHEDULE: Final = ("/administration/retention/",)


def _find(permissions: Permissions) -> list[_Entry]:
    return [
        _Entry(_works(permissions), "/search/", "search", _("Search"), "g s", ("/letters/",)),
        _Entry(permissions.reads_all, "/register/", "book", _("Register"), "g r", ("/void/",)),
        _Entry(reads_lists(permissions), "/archives/", "history", _("Archives"), "", _SCHEDULE),
        _Entry(reads_directory(permissions), "/contacts/", "contacts", _("Contacts"), "g a"),
        _Entry(reads_requests(permissions), "/personal-data/", "eye", _("Personal data"), ""),
        _Entry(reads_contracts(permissions), "/contracts/", "home", _("Contracts"), "g 5", _FILES),
        _Entry(reads_bills(permissions), "/bills/", "bill", _("Bills"), ""),
    ]


def _house(permissions: Permissions) -> list[_Entry]:
    runs, reads_rules = permissions.duty == ADMINISTRATOR, permissions.duty in RULE_READERS
    return [
        _my_day(permissions, at="house"),
        _Entry(permissions.may_watch_jobs, "/office/", "office", _("Office"), "g o"),
        _Entry(permissions.may_watch_jobs, "/mandates/", "contacts", _("Mandates"), "g 6"),
        _Entry(runs, "/administration/", "person", _("Administration"), "g z", _ELSEWHERE),
        _Entry(runs, "/imports/", "deposit", _("Imports"), ""),
        _Entry(runs, "/partners/", "lock", _("Partners"), "g p"),
        _Entry(reads_banks(permissions), "/banks/", "bill", _("Banks"), ""),
        _Entry(runs, "/templates/", "print", _("Templates"), "g y"),
        _Entry(runs, "/distribution/", "forward", _("Distribution lists"), "g j"),
        _Entry(
            runs, "/administration/services/", "globe", pgettext("catalogue", "Services"), "g 8"
        ),
        _Entry(reads_rules, "/rules/", "rules", _("Rules"), "g u"),
        _Entry(reads_rules, "/deadlines/", "stamp", _("Terms"), "g f"),
        _Entry(reads_rules, "/calendar/", "clock", _("Calendar"), "g k"),
        _Entry(permissions.may_watch_models, "/models/", "history", _("Learning"), "g m"),
        _Entry(permissions.may_watch_models, "/security/", "shield", _("Security"), "g 0"),
    ]
