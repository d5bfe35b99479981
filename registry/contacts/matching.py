"""Matching with the directory: by e-mail, phone, number and name, with score and reasons.

Only a contact that agrees in an identifier and in the name may be linked without a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from language.names import SAME, name_likeness, neighbour_keys
from language.reach import email_key, number_key, phone_keys, town_of
from registry.contacts.keys import contacts_with, strong_keys, town_keys
from registry.models.contacts import Contact, ContactPoint

# What agreeing in one identifier alone is worth; a phone may be a family's or an office's.
WORTH: Final = {"customer": 0.75, "email": 0.75, "phone": 0.65}
BOTH: Final = 0.97  # an identifier and the name
SURE_NAME: Final = 0.9
CLASH: Final = 0.5  # below this likeness two names contradict each other
COMMON: Final = 8  # so many of one name, and the name alone tells little
READ: Final = 100  # contacts read for a key
LEAST: Final = 0.4
SHOWN: Final = 20  # matches answered at most


@dataclass(frozen=True, slots=True)
class ContactMatch:
    """A contact that a person or organisation may be.

    `score` 0..1; `reasons` are codes: customer, email, phone, name, name_near, town, name_common,
    name_differs, shared; `automatic` where no person is needed.
    """

    contact: Contact
    score: float
    reasons: tuple[str, ...]
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Sought:
    """What is known of a person or organisation, as it was written."""

    name: str = ""
    organisation: str = ""
    email: str = ""
    phone: str = ""
    customer_number: str = ""
    address: str = ""

    def identifiers(self) -> list[tuple[str, str]]:
        """Return (kind, compared spelling) of each identifier."""
        found = [("email", email_key(self.email)), ("customer", number_key(self.customer_number))]
        found += [("phone", key) for key in phone_keys(self.phone)[:4]]
        return [pair for pair in found if pair[1]]

    def names(self) -> list[tuple[str, str]]:
        """Return (kind of contact, name) of each name."""
        found = [("organisation", self.organisation.strip()), ("person", self.name.strip())]
        return [pair for pair in found if pair[1]]


@dataclass(slots=True)
class _Candidate:
    pk: int
    kind: str
    names: list[str]
    hits: set[str] = field(default_factory=set)
    likeness: float = 0.0
    town: bool = False


@dataclass(frozen=True, slots=True)
class _Judged:
    pk: int
    score: float
    reasons: tuple[str, ...]
    automatic: bool


def propose_contacts(
    *,
    name: str = "",
    organisation: str = "",
    email: str = "",
    phone: str = "",
    customer_number: str = "",
    address: str = "",
    limit: int = 5,
) -> list[ContactMatch]:
    """Return the contacts that this may be, the likeliest first; none where nothing is known.

    Every argument is text as written, in any script and digits. A fixed number of queries by index.
    A merged contact is returned as the one that it was merged into.
    """
    sought = Sought(name, organisation, email, phone, customer_number, address)
    return matches_for(sought)[:limit]


def matches_for(sought: Sought, *, apart_from: int = 0) -> list[ContactMatch]:
    """Return all matches worth showing, best first, without the contact `apart_from`."""
    hits = _by_identifiers(sought.identifiers())
    town = town_of(sought.address)
    in_town: set[int] = set()
    ids: dict[int, None] = dict.fromkeys(hits)
    for _kind, name in sought.names():
        if town:
            in_town |= set(contacts_with(town_keys(name, town), limit=READ, most=READ // 2))
        ids |= dict.fromkeys(in_town)
        ids |= dict.fromkeys(contacts_with(strong_keys(name), limit=READ, most=READ))
    found = _candidates(ids, hits, in_town)
    _compare(found.values(), sought)
    if not any(one.likeness >= SAME for one in found.values()):
        near = sorted({key for _kind, name in sought.names() for key in neighbour_keys(name)})
        further = contacts_with(near[:12], limit=READ, most=READ)
        more = _candidates([pk for pk in further if pk not in ids], {}, set())
        _compare(more.values(), sought)
        found = {**more, **found}
    found.pop(apart_from, None)
    return _judged(list(found.values()), sought)


def _by_identifiers(identifiers: Iterable[tuple[str, str]]) -> dict[int, set[str]]:
    """Return contact id → kinds of identifiers that it shares; at most some of each."""
    hits: dict[int, set[str]] = {}
    for kind, compared in identifiers:
        rows = ContactPoint.objects.filter(kind=kind, compared=compared).order_by("contact_id")
        for pk in rows.values_list("contact_id", flat=True)[: READ // 4]:
            hits.setdefault(pk, set()).add(kind)
    return hits


def _candidates(
    ids: Iterable[int], hits: dict[int, set[str]], in_town: set[int]
) -> dict[int, _Candidate]:
    """Return the standing contacts of the ids, each with its own name and those merged into it."""
    found: dict[int, _Candidate] = {}
    rows = Contact.objects.filter(pk__in=list(ids)).order_by("pk")
    columns = ("pk", "kind", "name", "root_id", "root__kind", "root__name")
    for pk, kind, name, root, root_kind, root_name in rows.values_list(*columns):
        standing = root or pk
        one = found.get(standing) or _Candidate(standing, root_kind or kind, [root_name or name])
        found[standing] = one
        one.names.append(name)
        one.hits |= hits.get(pk, set())
        one.town |= pk in in_town
    return found


def _compare(candidates: Iterable[_Candidate], sought: Sought) -> None:
    for one in candidates:
        one.likeness = max(
            (
                name_likeness(name, known) - (0.0 if one.kind == kind else 0.08)
                for kind, name in sought.names()
                for known in dict.fromkeys(one.names)
            ),
            default=0.0,
        )


def _judged(candidates: list[_Candidate], sought: Sought) -> list[ContactMatch]:
    named = bool(sought.names())
    same_named = sum(one.likeness >= SURE_NAME for one in candidates)
    owners = sum(bool(one.hits) for one in candidates)
    found = [
        _match(one, named=named, common=same_named >= COMMON, shared=owners > 3)
        for one in candidates
        if one.hits or one.likeness >= SAME - 0.1
    ]
    best = sorted((m for m in found if m.score >= LEAST), key=lambda m: (-m.score, m.pk))[:SHOWN]
    alone = sum(match.automatic for match in best) == 1  # of two sure ones a person chooses
    contacts = Contact.objects.in_bulk([match.pk for match in best])
    return [
        ContactMatch(contacts[m.pk], m.score, m.reasons, automatic=m.automatic and alone)
        for m in best
        if m.pk in contacts
    ]


def _match(one: _Candidate, *, named: bool, common: bool, shared: bool) -> _Judged:
    reasons = [kind for kind in WORTH if kind in one.hits]
    known = 1.0
    for kind in reasons:
        known *= 1.0 - WORTH[kind]
    known = (1.0 - known) * (0.7 if shared else 1.0)
    agrees = one.likeness >= SAME
    score = known
    if named and agrees:
        reasons.append("name" if one.likeness >= SURE_NAME else "name_near")
        alone = 0.5 + 0.3 * (one.likeness - SAME) / (1.0 - SAME)
        alone += 0.1 * one.town - 0.15 * (common and not one.town)
        score = max(BOTH + 0.03 * (one.likeness - SAME), known) if one.hits else alone
    elif named and one.likeness >= SAME - 0.1:
        reasons.append("name_near")
        score = max(known, 0.42) + 0.03
    elif named and one.likeness < CLASH:
        reasons.append("name_differs")
        score = known - 0.25
    reasons += ["town"] * one.town + ["shared"] * (shared and bool(one.hits))
    reasons += ["name_common"] * (common and agrees and not one.hits)
    return _Judged(
        one.pk,
        round(max(0.0, min(score, 1.0)), 3),
        tuple(reasons),
        automatic=bool(one.hits) and one.likeness >= SURE_NAME and not shared,
    )
