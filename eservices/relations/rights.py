"""Who of the staff sees work in the field: orders of teams, and alarms of danger."""

from org.people import Permissions


def sees_all_work(permissions: Permissions) -> bool:
    """Return whether they see every order and alarm: the office, the director, auditors.

    An order names a customer, the address and a telephone: an archivist's duty for letters does not
    open it.
    """
    return permissions.oversees or permissions.is_office


def sees_work(permissions: Permissions) -> bool:
    """Return whether they see any: those who see all, and members of departments theirs."""
    return sees_all_work(permissions) or bool(permissions.departments)
