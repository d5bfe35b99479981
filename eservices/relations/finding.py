"""Search of the console: one box for telephone, contract, number, mail and name in either script.

However many customers there are, a search takes a constant number of queries and bounded rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Count, Q

from eservices.people.models import ContactPoint as PersonPoint
from eservices.people.models import Person
from eservices.relations.contact_log import searched_keys
from eservices.relations.customers import readable
from eservices.relations.lookups import any_of, asked_by_email, asked_by_phone
from eservices.relations.models import CallerKey, ContactMoment
from eservices.requests.models import Request
from language.fold import fold
from language.names import name_keys, name_likeness
from language.numerals import ascii_digits, registry_number_key
from language.reach import email_key, number_key, phone_key
from org.columns import indexed
from org.models import User
from registry.contacts.directory import points_of_all
from registry.contacts.search import find_contacts
from registry.models.contacts import Contact
from registry.models.letters import Letter, Party

FOUND: Final = 12
_LOOKED: Final = 200
_LIKE: Final = 0.4  # two of five words of a name in common


@dataclass(slots=True)
class Candidate:
    """Somebody who may be meant: `kind` and `pk` name the customer (`customers.customer_of`)."""

    kind: str
    pk: str
    name: str
    phones: set[str] = field(default_factory=set)
    phone: str = ""
    contract: str = ""
    why: str = ""
    open: int = 0


@dataclass(frozen=True, slots=True)
class _Asked:
    words: str
    phone: str = ""
    number: str = ""
    email: str = ""
    letter: str = ""

    @property
    def by_name(self) -> bool:
        return not (self.phone or self.number or self.email or self.letter)


_SOURCES: Final[list[Callable[[str], list[Candidate]]]] = []


def add_source(source: Callable[[str], list[Candidate]]) -> None:
    """Register a source, in a room above, of people meant by words, after people and directory."""
    _SOURCES.append(source)


def find_customers(words: str, *, viewer: User) -> list[Candidate]:
    """Return who may be meant, people with a verified contact first, each once.

    A letter or request that the viewer may not see names nobody.
    """
    asked = _asked(words)
    if not asked.words:
        return []
    requests = [*_by_letter(asked, viewer), *_requests(asked, viewer)]
    found = [*_persons(asked, requests), *_contacts(asked), *_unknown(requests), *_callers(asked)]
    if not asked.letter:
        found += [one for source in _SOURCES for one in source(asked.words)]
    once = _once(found)
    if asked.by_name:
        once.sort(key=lambda one: -name_likeness(asked.words, one.name))
    shown = once[:FOUND]
    _count_open(shown)
    return shown


def _asked(words: str) -> _Asked:
    words = words.replace("\0", "").strip()[:200]
    if "@" in words:
        return _Asked(words, email=email_key(words))
    if key := registry_number_key(words):
        return _Asked(words, letter=key)
    if not any(sign.isdigit() for sign in ascii_digits(words)):
        return _Asked(words)
    return _Asked(words, phone=phone_key(words), number=number_key(words))


def _by_letter(asked: _Asked, viewer: User) -> list[Any]:
    """Return the request of the number, or the letter where it is none."""
    if not asked.letter:
        return []
    rows = Letter.objects.numbered(asked.letter).filter(readable("", viewer))
    letter = rows.select_related("request__person").first()
    if letter is None:
        return []
    return [getattr(letter, "request", None) or letter]


def _requests(asked: _Asked, viewer: User) -> list[Request]:
    wanted = []
    if asked.number:
        typed = ascii_digits(asked.words).strip()
        wanted.append(Q(contract_number__in={asked.number, typed, typed.upper()}))
    if asked.phone:
        wanted.append(asked_by_phone([asked.phone]))
    if asked.email:
        wanted.append(asked_by_email([asked.email]))
    rows = Request.objects.filter(readable("letter__", viewer), pk__in=any_of(Request, wanted))
    rows = rows.select_related("person").defer("answers")
    return list(rows.order_by("-opened_at", "-id")[:FOUND])


def _persons(asked: _Asked, requests: Iterable[Any]) -> list[Candidate]:
    ids = {row.person_id: row.contract_number for row in requests if isinstance(row, Request)}
    ids.pop(None, None)
    if asked.phone or asked.email:
        reach = Q(way="phone", key=asked.phone) if asked.phone else Q(way="email", key=asked.email)
        points = PersonPoint.objects.filter(reach).order_by("-verified_at", "pk")
        ids |= dict.fromkeys(points.values_list("person_id", flat=True)[:FOUND], "")
    if asked.by_name:
        ids |= dict.fromkeys(_named(asked.words), "")
    people = Person.objects.filter(pk__in=ids, closed_at=None).prefetch_related("contacts")
    rows = {row.pk: row for row in people}
    return [_person(rows[pk], contract=contract) for pk, contract in ids.items() if pk in rows]


def _person(row: Person, *, contract: str) -> Candidate:
    points = [point for point in row.contacts.all() if point.way == "phone"]
    keys = {point.key for point in points}
    phone = points[0].value if points else ""
    return Candidate("person", str(row.pk), row.name, keys, phone, contract, why="person")


def _named(words: str) -> list[Any]:
    """Return ids of the people whose name has the most words in common, in either script."""
    wanted = Q(pk=None)
    for key in sorted(name_keys(words))[:12] + fold(words).split()[:4]:
        wanted |= Q(name_key__contains=f" {key} ")
    rows = Person.objects.filter(wanted, closed_at=None).values_list("pk", "name")[:_LOOKED]
    alike = ((name_likeness(words, name), pk) for pk, name in rows)
    ranked = sorted(alike, key=lambda one: -one[0])
    return [pk for likeness, pk in ranked[:FOUND] if likeness >= _LIKE]


def _contacts(asked: _Asked) -> list[Candidate]:
    if asked.letter:
        return []
    rows = list(find_contacts(asked.words).order_by("sort_name", "pk")[:FOUND])
    return _with_points(rows)


def _with_points(rows: list[Contact]) -> list[Candidate]:
    found = {row.pk: Candidate("contact", str(row.pk), row.name, why="contact") for row in rows}
    for point in points_of_all(list(found)):
        one = found[point.contact_id]
        if point.kind == "phone":
            one.phones.add(point.compared)
            one.phone = one.phone or point.value
        elif point.kind == "customer":
            one.contract = one.contract or point.value
    return list(found.values())


def _unknown(requests: Iterable[Any]) -> list[Candidate]:
    """Return the senders of requests and letters that belong to no person."""
    loose = [row for row in requests if not getattr(row, "person_id", None)]
    letters = {row.pk if isinstance(row, Letter) else row.letter_id: row for row in loose}
    senders = Party.objects.filter(letter__in=letters, role=Party.Role.SENDER)
    found = []
    for party in senders:
        row = letters[party.letter_id]
        keys = {indexed(phone_key(party.phone))} - {""}
        if isinstance(row, Letter):
            if party.contact_id:
                name = party.shown_name
                pk = str(party.contact_id)
                found.append(Candidate("contact", pk, name, keys, party.phone, why="contact"))
            continue
        found.append(
            Candidate(
                "request", str(row.pk), party.shown_name, keys, party.phone,
                row.contract_number, why="request",
            )
        )  # fmt: skip
    return found


def _callers(asked: _Asked) -> list[Candidate]:
    """Return callers who are nobody yet: the latest contact of each."""
    wanted = []
    if asked.phone:
        wanted.append(Q(phone_key=asked.phone))
    if asked.number:
        wanted.append(Q(contract_number=asked.number))
    if asked.by_name:
        wanted += _called(asked.words)
    rows = ContactMoment.objects.filter(pk__in=any_of(ContactMoment, wanted))
    rows = rows.order_by("-at", "-id")[:_LOOKED]
    found: dict[str, Candidate] = {}
    for row in rows:
        caller = row.phone_key or row.contract_number or str(row.pk)
        if caller not in found and len(found) < FOUND:
            keys = {row.phone_key} - {""}
            found[caller] = Candidate(
                "call", str(row.pk), row.name, keys, row.phone, row.contract_number, why="call"
            )
    return list(found.values())


def _called(words: str) -> list[Q]:
    """Return which contacts were with callers of this name, those with most keys in common."""
    keys = searched_keys(words)[:12]
    rows = CallerKey.objects.filter(key__in=keys).values_list("caller", flat=True)[:_LOOKED]
    best = [caller for caller, _count in Counter(rows).most_common(FOUND)]
    parts: dict[str, list[str]] = {"phone": [], "contract": [], "call": []}
    for caller in best:
        kind, _, value = caller.partition(":")
        parts[kind].append(value)
    names = {"phone": "phone_key", "contract": "contract_number", "call": "pk"}
    return [Q(**{f"{names[kind]}__in": values}) for kind, values in parts.items() if values]


def _once(found: list[Candidate]) -> list[Candidate]:
    """Return each once: who has a telephone in common with one before is the same."""
    kept: list[Candidate] = []
    seen: set[str] = set()
    for one in found:
        keys = one.phones | {f"{one.kind}:{one.pk}"}
        if not keys & seen:
            kept.append(one)
        seen |= keys
    return kept


def _count_open(found: list[Candidate]) -> None:
    """Count the open requests of the people among them; one query."""
    ids = [one.pk for one in found if one.kind == "person"]
    rows = Request.objects.filter(person__in=ids, ended_at=None).order_by()
    counted = {str(pk): n for pk, n in rows.values_list("person").annotate(Count("pk"))}
    for one in found:
        one.open = counted.get(one.pk, 0)
