"""Template context of every page: the office's name, the languages, the person and their menu."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from correspondence.acting.turns import count_waiting
from org.institution import institution_on
from org.models import Institution, User
from org.people import Permissions, permissions_of
from registry.contacts.access import reads_directory
from registry.models.registers import Register

ADMINISTRATOR = User.Duty.ADMINISTRATOR
NO_PAPERS = {User.Duty.AUDITOR, User.Duty.ADMINISTRATOR}
RULE_READERS = {User.Duty.ADMINISTRATOR, User.Duty.AUDITOR, User.Duty.DIRECTOR}
# The places that stand in a phone's bar before others, as far as the person has them.
FIRST_PLACES = (
    "/deposit/", "/tray/", "/inbox/", "/search/", "/lists/", "/check/", "/register/", "/office/",
    "/rules/",
)  # fmt: skip
MOST_FIRST = 4  # and a fifth: "more"
# Each language by its own name, so that the switch is found on a page one cannot read.
LANGUAGES = (("ar", "العربية", "ع"), ("fr", "Français", "Fr"), ("en", "English", "En"))


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the desk's menu. `keys` are its keyboard shortcut, one key after the other."""

    url: str
    icon: str
    label: str
    keys: str
    here: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """The places in two groups: those in a phone's bar, and those behind "more"."""

    first: list[Place]
    more: list[Place]

    @property
    def places(self) -> list[Place]:
        """All of them."""
        return self.first + self.more

    @property
    def more_here(self) -> bool:
        """Whether the page that is open is behind "more"."""
        return any(place.here for place in self.more)


def menu_of(places: list[Place]) -> Menu:
    """Return four places and "more", or all of them where they are five at most."""
    if len(places) <= MOST_FIRST + 1:
        return Menu(places, [])
    rank = {url: place for place, url in enumerate(FIRST_PLACES)}
    wanted = sorted(places, key=lambda place: rank.get(place.url, len(rank)))[:MOST_FIRST]
    return Menu(
        [place for place in places if place in wanted],
        [place for place in places if place not in wanted],
    )


def office(request: HttpRequest) -> dict[str, Any]:
    """Provide the context of every page.

    Permissions are read once a request, only where a page asks for them.
    """
    permissions = SimpleLazyObject(lambda: permissions_for(request))
    return {
        "institution": SimpleLazyObject(lambda: institution_for(request)),
        "organisation": SimpleLazyObject(lambda: organisation_for(request)),
        "languages": LANGUAGES,
        "identity_provider": settings.OIDC_NAME if settings.OIDC_URL else "",
        "standing": permissions,
        "has_registers": SimpleLazyObject(lambda: Register.objects.exists()),
        "waiting_steps": SimpleLazyObject(lambda: _waiting(request)),
        "menu": SimpleLazyObject(lambda: menu_of(places_of(permissions, path=request.path))),
    }


def institution_for(request: HttpRequest) -> Institution | None:
    """Return the institution as it is today; read once a request."""
    if not hasattr(request, "_institution"):
        request._institution = institution_on()  # type: ignore[attr-defined]
    found: Institution | None = request._institution  # type: ignore[attr-defined]
    return found


def organisation_for(request: HttpRequest) -> str:
    found = institution_for(request)
    return found.name if found else settings.ORGANISATION_NAME or _("Registry office")


MOST_COUNTED = 99


def _waiting(request: HttpRequest) -> int:
    """Return how many visas and signatures wait for the person.

    At most MOST_COUNTED; read once.
    """
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return 0
    return count_waiting(user, permissions_for(request), most=MOST_COUNTED)


def permissions_for(request: HttpRequest) -> Permissions | None:
    """Return the permissions of the person, None for an anonymous one; read once a request."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return None
    known: Permissions | None = getattr(request, "_standing", None)
    if known is None:
        known = permissions_of(user)
        request._standing = known  # type: ignore[attr-defined]
    return known


def places_of(permissions: Any, *, path: str) -> list[Place]:
    """Return the menu of a person, in the order of a day's work."""
    if not permissions:
        return []
    office_only, reads = permissions.is_office, permissions.reads_all
    works = reads or bool(permissions.departments)
    handles, runs = permissions.duty not in NO_PAPERS and works, permissions.duty == ADMINISTRATOR
    leads = reads or "head" in permissions.departments.values()
    outgoing = "/outgoing/" if office_only else "/outgoing/back/"
    rows = [
        (office_only, "/deposit/", "deposit", _("Deposit"), "g d"),
        (office_only or permissions.duty == User.Duty.DIRECTOR, "/tray/", "tray", _("Tray"), "g t"),
        (office_only, "/check/", "check", _("Check"), "g c"),
        (office_only, "/mailbox/", "send", _("Mailbox"), "g b"),
        (bool(permissions.departments), "/inbox/", "inbox", _("Inbox"), "g i"),
        (works, "/drafts/", "pen", _("Drafts"), "g l"),
        (works, outgoing, "forward", _("Outgoing"), "g e"),
        (works, "/reminders/", "bell", _("Reminders"), "g w"),
        (handles, "/custody/", "pages", _("Papers"), "g h"),
        (works, "/search/", "search", _("Search"), "g s"),
        (works, "/lists/", "lists", _("Work"), "g v"),
        (leads, "/figures/", "chart", _("Figures"), "g n"),
        (reads_directory(permissions), "/contacts/", "contacts", _("Contacts"), "g a"),
        (reads, "/register/", "book", _("Register"), "g r"),
        (permissions.may_watch_jobs, "/office/", "office", _("Office"), "g o"),
        (runs, "/administration/", "stamp", _("Administration"), "g z"),
        (runs, "/partners/", "lock", _("Partners"), "g p"),
        (runs, "/templates/", "print", _("Templates"), "g y"),
        (runs, "/distribution/", "forward", _("Distribution lists"), "g j"),
        (permissions.duty in RULE_READERS, "/rules/", "rules", _("Rules"), "g u"),
        (permissions.duty in RULE_READERS, "/deadlines/", "stamp", _("Terms"), "g f"),
        (permissions.duty in RULE_READERS, "/calendar/", "clock", _("Calendar"), "g k"),
        (permissions.may_watch_models, "/models/", "history", _("Learning"), "g m"),
        (permissions.may_watch_models, "/security/", "shield", _("Security"), "g q"),
    ]
    return [
        Place(url=url, icon=icon, label=label, keys=keys, here=path.startswith(url))
        for allowed, url, icon, label, keys in rows
        if allowed
    ]
