"""Where people reach the office: citizens at PUBLIC_URL, staff there too or at STAFF_URL."""

from urllib.parse import urlsplit

from django.conf import settings


def staff_address() -> str:
    """Return the address of the desk, for links that staff get."""
    return str(settings.STAFF_URL or settings.PUBLIC_URL)


def has_desk(host: str) -> bool:
    """Return whether the desk is answered at a host: everywhere where none is its own."""
    return not settings.STAFF_URL or is_staffs(host)


def is_staffs(host: str) -> bool:
    """Return whether a host, as a request names it, is that of the desk alone."""
    wanted = _name_in(settings.STAFF_URL)
    return bool(wanted) and _name_in(f"//{host}") == wanted


def _name_in(address: str) -> str:
    """Return the host of an address in one spelling: small letters, without the last dot."""
    return (urlsplit(address).hostname or "").rstrip(".")
