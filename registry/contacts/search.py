"""Search in the directory: by a name in any spelling, a phone, an e-mail or a number."""

from django.db.models import QuerySet

from language.fold import fold
from language.names import name_keys
from language.numerals import ascii_digits
from language.reach import email_key, number_key, phone_key
from registry.contacts.keys import LENGTH, strong_keys
from registry.models.contacts import NAME, Contact, ContactKey, ContactPoint

FOUND = 2000  # contacts that one search looks through
BEGUN = 200  # and those whose name begins so


def find_contacts(words: str) -> "QuerySet[Contact]":
    """Return the contacts that match these words, in no order; all of them without words.

    Bounded: of a very common name only the first FOUND are searched; two words are better.
    """
    permissions = Contact.objects.filter(merged_into=None)
    words = words.strip()
    if not words:
        return permissions
    points = _points(words)
    if points:
        ids = ContactPoint.objects.filter(kind__in=list(points), compared__in=points.values())
        found = list(ids.values_list("contact_id", flat=True)[:FOUND])
    else:
        found = _by_name(words)
    roots = Contact.objects.filter(pk__in=found, root__isnull=False)
    return permissions.filter(pk__in=[*found, *roots.values_list("root_id", flat=True)])


def _points(words: str) -> dict[str, str]:
    """Return the words as points, where they are no name: kind of point → compared spelling."""
    if "@" in words:
        return {"email": email_key(words)} if email_key(words) else {}
    if not any(sign.isdigit() for sign in ascii_digits(words)):
        return {}
    keys = {"phone": phone_key(words), "customer": number_key(words)}
    return {kind: key for kind, key in keys.items() if key}


def _by_name(words: str) -> list[int]:
    """Return ids found by the keys of the words, and by the beginning of the sort name."""
    several = len(words.split()) > 1
    keys = strong_keys(words) if several else name_keys(words)
    rows = ContactKey.objects.filter(key__in=[key[:LENGTH] for key in keys])
    found = list(rows.order_by("key", "contact_id").values_list("contact_id", flat=True)[:FOUND])
    begun = fold(words)[:NAME]
    names = Contact.objects.filter(merged_into=None, sort_name__gte=begun)
    names = names.filter(sort_name__lt=begun + "\uffff").order_by("sort_name", "pk")
    return [*found, *names.values_list("pk", flat=True)[:BEGUN]]
