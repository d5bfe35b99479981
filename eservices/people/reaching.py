"""How a person is reached: the way that they chose, and their contact on it."""

from correspondence.dispatch.sender_messages import EMAIL, SMS, available_ways
from eservices.people.models import ContactPoint, Person


def notification_way(person: Person) -> str:
    """Return the way on which a person wants to be notified; by default their first contact's."""
    wanted = str(person.preferences.get("told_by", ""))
    found = verified_ways(person)
    return wanted if wanted == "none" or wanted in found else next(iter(found), "none")


def verified_ways(person: Person) -> list[str]:
    """Return the ways on which a person has verified contacts, that of the first contact first."""
    ways = person.contacts.filter(verified_at__isnull=False).order_by("pk")
    return [str(way) for way in ways.values_list("way", flat=True)]


def contact_of_person(person: Person) -> str:
    """Return the verified contact on which a person wants to be notified, "" for none."""
    way = notification_way(person)
    if not _is_open(way):
        return ""
    row = person.contacts.filter(way=way, verified_at__isnull=False).order_by("-pk").first()
    return row.value if row else ""


def contact_named(person: Person) -> str:
    """Return the contact by which somebody else named a person who has verified none, or ""."""
    return next((row.value for row in person.contacts.order_by("pk") if _is_open(row.way)), "")


def _is_open(way: str) -> bool:
    return (EMAIL if way == ContactPoint.Way.EMAIL else SMS) in available_ways()
