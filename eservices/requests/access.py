"""Who sees which requests: staff by their letters, citizens by person and mandate."""

from typing import Final

from django.db.models import Q, QuerySet

from eservices.people.mandates import live
from eservices.people.models import Mandate, Person
from eservices.requests.models import Request
from org.models import Department, User
from org.people import Permissions, permissions_of
from org.units import heir_if_closed
from registry.access import reads_letter
from registry.models.readers import DepartmentReader
from routing.acting.situations import Viewer

CENTRE: Final = "CRC"
CENTRE_OTHERWISE: Final = "COM"  # where there has never been a department CRC


def requests_visible_to(viewer: Viewer) -> QuerySet[Request]:
    """Return the requests whose letters this member of the staff may read now."""
    permissions = permissions_of(viewer) if isinstance(viewer, User) else None
    if permissions is None:
        return Request.objects.none()
    rows = Request.objects.filter(reads_letter(viewer))
    if permissions.reads_all:
        return rows
    # A database begins with these few, and asks of them alone whether they may be read.
    return rows.filter(letter__in=_addressed_to(permissions).values("letter"))


def _addressed_to(permissions: Permissions) -> QuerySet[DepartmentReader]:
    """Return the rows by which anything is addressed to the person, at whatever level."""
    units = Q(department__in=permissions.ids.values()) | Q(person__in=permissions.asked_as)
    directing = Q(directors=True) if permissions.directors else Q(pk=None)
    return DepartmentReader.objects.filter(units | directing, active=True)


def requests_of(person: Person) -> QuerySet[Request]:
    """Return the requests of a person: their own, and those they may act on by a valid mandate.

    What they opened by a mandate that has ended since is not among them.
    """
    valid = Mandate.objects.filter(live(), agent=person)
    own = Q(person=person) & (Q(mandate=None) | Q(mandate__in=valid))
    allowed = own | Q(on_behalf_of=person)
    for mandate in valid.order_by("made_at")[:100]:
        theirs = Q(person=mandate.principal_id, on_behalf_of=None)
        theirs |= Q(on_behalf_of=mandate.principal_id)
        if mandate.services:
            theirs &= Q(service__code__in=mandate.services)
        if mandate.contracts:
            theirs &= Q(contract_number__in=mandate.contracts)
        allowed |= theirs
    return Request.objects.filter(allowed)


def is_citizen_of(person: Person, request: Request) -> bool:
    """Return whether the person may act on the request as its citizen."""
    return requests_of(person).filter(pk=request.pk).exists()


def is_centre(user: User) -> bool:
    """Return whether the person works in the customer-relations centre."""
    return centre_among(permissions_of(user))


def centre_among(permissions: Permissions) -> bool:
    """Return whether the centre is among these departments; a query only for those of COM."""
    held = permissions.departments  # an heir's people hold the codes of what it inherited
    if CENTRE in held:
        return True
    return CENTRE_OTHERWISE in held and not Department.objects.filter(code=CENTRE).exists()


def centre() -> Department | None:
    """Return the department that is the centre, the heir of one that is closed; None without."""
    found = Department.objects.select_related("heir").filter(code__in=(CENTRE, CENTRE_OTHERWISE))
    units = {unit.code: unit for unit in found}
    return heir_if_closed(units.get(CENTRE) or units.get(CENTRE_OTHERWISE))
