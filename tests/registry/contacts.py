"""Contacts for tests, made through the front door."""

from registry.contacts.directory import ContactData, Point, create_contact
from registry.models.contacts import Contact
from tests.factories import person


def contact(
    name: str = "Mohamed Alaoui",
    *,
    kind: str = "person",
    email: str = "",
    phone: str = "",
    customer: str = "",
    address: str = "",
    language: str = "",
) -> Contact:
    """A contact made by Amina."""
    given = {"email": email, "phone": phone, "customer": customer, "address": address}
    points = [Point(kind, value) for kind, value in given.items() if value]
    data = ContactData(name, kind=kind, language=language, points=points)
    return create_contact(data, actor=person("amina"))
