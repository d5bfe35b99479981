"""Who works with requests: people of the customer-relations centre."""

from typing import Final

from org.models import Department, User
from org.people import Permissions, permissions_of

CENTRE: Final = "CRC"
CENTRE_OTHERWISE: Final = "COM"  # where there is no department CRC


def is_centre(user: User) -> bool:
    """Return whether the person works in the customer-relations centre."""
    return centre_among(permissions_of(user))


def centre_among(permissions: Permissions) -> bool:
    """Return whether the centre is among these departments; a query only for those of COM."""
    held = permissions.departments
    if CENTRE in held:
        return True
    return CENTRE_OTHERWISE in held and centre_code() == CENTRE_OTHERWISE


def centre_code() -> str:
    """Return the code of the department that is the centre."""
    there = Department.objects.filter(code=CENTRE, active=True).exists()
    return CENTRE if there else CENTRE_OTHERWISE
