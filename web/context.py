"""Template context of every page: the office's name, the languages, the person and their menu."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from correspondence.acting.waiting_steps import count_waiting
from notices.reading import count_unread
from org.addresses import has_desk
from org.institution import institution_on
from org.models import Institution, User
from org.people import Permissions, permissions_of
from registry.models.registers import Register
from routing.inbox import reading as inbox_reading
from web.menu import SIGNING, Menu, menu_of, places_of

# Each language by its own name, so that the switch is found on a page one cannot read.
LANGUAGES = (("ar", "العربية", "ع"), ("fr", "Français", "Fr"), ("en", "English", "En"))


def office(request: HttpRequest) -> dict[str, Any]:
    """Provide the context of every page.

    Permissions are read once a request, only where a page uses them.
    """
    permissions = SimpleLazyObject(lambda: permissions_for(request))
    return {
        "institution": SimpleLazyObject(lambda: institution_for(request)),
        "organisation": SimpleLazyObject(lambda: organisation_for(request)),
        "languages": LANGUAGES,
        "has_desk": _has_desk(request),
        "identity_provider": settings.OIDC_NAME if settings.OIDC_URL else "",
        "permissions": permissions,
        "has_registers": SimpleLazyObject(lambda: Register.objects.exists()),
        "waiting_steps": SimpleLazyObject(lambda: _waiting(request)),
        "unread_notices": SimpleLazyObject(lambda: _unread(request)),
        "menu": SimpleLazyObject(lambda: _menu(request)),
    }


def _has_desk(request: HttpRequest) -> bool:
    try:
        return has_desk(request.get_host())
    except DisallowedHost:  # the page that says so
        return False


def institution_for(request: HttpRequest) -> Institution | None:
    """Return the institution as it is today; read once a request."""
    if not hasattr(request, "_institution"):
        request._institution = institution_on()  # type: ignore[attr-defined]
    found: Institution | None = request._institution  # type: ignore[attr-defined]
    return found


def organisation_for(request: HttpRequest) -> str:
    found = institution_for(request)
    return found.name if found else settings.ORGANISATION_NAME or _("Registry office")


MOST_COUNTED: Final = 99


def _menu(request: HttpRequest) -> Menu:
    """Return the person's menu, with what waits where they have something to do."""
    permissions = permissions_for(request)
    return menu_of(places_of(permissions, path=request.path, counts=_counts(request)))


def _counts(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """Return how to count what waits in a place, by its address; at most MOST_COUNTED each."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    return {
        "/tray/": lambda: _in_tray(request, user),
        "/inbox/": lambda: min(inbox_counts_for(request, user)["open"], MOST_COUNTED),
        SIGNING: lambda: _waiting(request),
    }


def _in_tray(request: HttpRequest, user: User) -> int:
    """Return how many letters wait in the tray; those that its page has counted already."""
    counted: int | None = getattr(request, "_in_tray", None)
    return inbox_reading.tray_count(user, most=MOST_COUNTED) if counted is None else counted


def set_tray_count(request: HttpRequest, count: int) -> None:
    """Pass the number of letters in the tray to the menu, which then need not count."""
    request._in_tray = min(count, MOST_COUNTED)  # type: ignore[attr-defined]


def inbox_counts_for(request: HttpRequest, user: User) -> dict[str, int]:
    """Return `inbox_counts` of the person; read once a request."""
    if not hasattr(request, "_inbox_counts"):
        request._inbox_counts = inbox_reading.inbox_counts(user)  # type: ignore[attr-defined]
    counts: dict[str, int] = request._inbox_counts  # type: ignore[attr-defined]
    return counts


def _unread(request: HttpRequest) -> int:
    """Return how many notifications the person has not read; read once."""
    user = getattr(request, "user", None)
    return count_unread(user) if isinstance(user, User) else 0


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
    known: Permissions | None = getattr(request, "_permissions", None)
    if known is None:
        known = permissions_of(user)
        request._permissions = known  # type: ignore[attr-defined]
    return known
