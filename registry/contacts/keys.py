"""The index by which contacts are found: keys of names, alone, in pairs, and with a town.

A search by keys reads a bounded number of rows however many contacts there are.
"""

from collections import Counter
from collections.abc import Iterable

from language.names import name_keys, neighbour_keys, pair_keys
from language.reach import town_of
from registry.models.contacts import Contact, ContactKey, ContactPoint

LENGTH = 60  # characters of a key
MOST_TOWNS = 3
MOST_KEYS = 80  # of one contact


def keys_of(name: str, *, addresses: Iterable[str] = ()) -> frozenset[str]:
    """Return all keys under which a contact of this name and these addresses is indexed."""
    whole = name_keys(name) | strong_keys(name) | neighbour_keys(name)
    for town in _towns(addresses):
        whole |= town_keys(name, town)
    return frozenset(sorted({key[:LENGTH] for key in whole})[:MOST_KEYS])


def strong_keys(name: str) -> frozenset[str]:
    """Return the keys that part a name from most others: of two words, or of its only one."""
    return pair_keys(name) or frozenset(f"{key}." for key in name_keys(name))


def town_keys(name: str, town: str) -> frozenset[str]:
    """Return the strong keys together with a town's."""
    return frozenset(
        f"{key}@{place}"[:LENGTH] for key in strong_keys(name) for place in name_keys(town)
    )


def _towns(addresses: Iterable[str]) -> list[str]:
    found = [town_of(address) for address in addresses]
    return [town for town in dict.fromkeys(found) if town][:MOST_TOWNS]


def write_keys(contact: Contact) -> None:
    """Update the contact's keys to its present name and addresses."""
    addresses = contact.points.filter(kind=ContactPoint.Kind.ADDRESS).order_by("pk")
    wanted = keys_of(contact.name, addresses=addresses.values_list("value", flat=True)[:20])
    present = set(ContactKey.objects.filter(contact=contact).values_list("key", flat=True))
    ContactKey.objects.filter(contact=contact, key__in=present - wanted).delete()
    ContactKey.objects.bulk_create(
        [ContactKey(key=key, contact=contact) for key in sorted(wanted - present)],
        ignore_conflicts=True,
    )


def contacts_with(keys: Iterable[str], *, limit: int, most: int) -> list[int]:
    """Return ids of contacts indexed under any of the keys, those under the most keys first.

    `limit` of each key and `most` in all.
    """
    found: Counter[int] = Counter()
    for key in sorted(keys):
        rows = ContactKey.objects.filter(key=key[:LENGTH]).order_by("contact_id")
        found.update(rows.values_list("contact_id", flat=True)[:limit])
    return [pk for pk, _count in found.most_common(most)]
