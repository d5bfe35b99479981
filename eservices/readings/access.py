"""Which staff see readings, enter them, and decide on them."""

from django.db.models import QuerySet

from eservices.readings.deciding import decides
from eservices.readings.models import Reading
from eservices.requests.access import centre_among
from org.models import User
from org.people import Permissions, permissions_of


def reads(permissions: Permissions) -> bool:
    """Return whether a person sees readings: who decides, office, centre, director, auditors."""
    if permissions.oversees or permissions.is_office:
        return True
    return decides(permissions) or centre_among(permissions)


def enters(permissions: Permissions) -> bool:
    """Return whether a person writes readings down for others: who sees them, but for auditors."""
    watching = (User.Duty.AUDITOR, User.Duty.ADMINISTRATOR)
    return permissions.duty not in watching and reads(permissions)


def seen_by(viewer: User) -> "QuerySet[Reading]":
    """Return the readings that a person sees: all, or none."""
    return Reading.objects.all() if reads(permissions_of(viewer)) else Reading.objects.none()


def listed(
    *, state: str = "", period: str = "", sector: str = "", verdict: str = ""
) -> "QuerySet[Reading]":
    """Return the readings of a list, narrowed."""
    rows = Reading.objects.all()
    if state:
        rows = rows.filter(state=state)
    if period:
        rows = rows.filter(period=period)
    if verdict:
        rows = rows.filter(verdict=verdict)
    if sector:
        rows = rows.filter(contract__sector=sector)
    return rows
