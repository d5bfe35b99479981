"""Search while the engine is away: the database finds numbers, references and the newest."""

import re
from collections.abc import Collection
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Upper

from language.numerals import registry_number_key
from org.models import User
from registry.models.letters import Letter, Party
from registry.models.querysets import LetterQuerySet
from search.answers.matching import Matcher
from search.contract import SearchQuery
from search.hits import FoundLetters, hits_of, texts_of
from search.query.parsing import read_query

_YEAR: Final = re.compile(r"[0-9]{4}")  # the column takes nothing else
_MONTH: Final = re.compile(r"[1-9][0-9]{3}-(?:0[1-9]|1[0-2])")
# Letters of one reference that are looked at, and letters that are counted.
_MOST_REFERRED: Final = 200
_COUNTED: Final = 1_000
_COLUMNS: Final = {
    "register": "register__code",
    "direction": "register__direction",
    "kind": "kind__code",
    "department": "department__code",
    "stage": "stage",
    "channel": "channel",
    "language": "language",
    "year": "year",
}


def from_database(viewer: User | AnonymousUser, query: SearchQuery) -> FoundLetters:
    """Return what the database finds of a query: a number, a reference, or the newest letters."""
    letters = Letter.objects.visible_to(viewer)
    parsed = read_query(query)
    if not parsed.blank:
        letters = _by_number(letters, query.words.strip())
    for name, values in query.filters.items():
        letters = letters.filter(_has_one_of(name, values))
    if query.after:
        letters = letters.filter(registered_at__gte=query.after)
    if query.before:
        letters = letters.filter(registered_at__lt=query.before)
    if query.due_before:
        letters = letters.filter(due_on__lt=query.due_before)
    newest = list(letters.for_lists().order_by("-registered_at", "-id")[: query.limit])
    hits = hits_of(newest, texts_of(newest), Matcher(parsed), {})
    total = letters[:_COUNTED].count()
    return FoundLetters(total, hits, engine_down=True, read=parsed.read)


def _has_one_of(name: str, values: Collection[str]) -> Q:
    if name == "month":
        months = [value.split("-") for value in values if _MONTH.fullmatch(value)]
        wanted = Q(pk__in=[])
        for year, month in months:
            wanted |= Q(registered_at__year=int(year), registered_at__month=int(month))
        return wanted
    if name == "sender_state":
        return _of_sender_state(values)
    known = [value for value in values if name != "year" or _YEAR.fullmatch(value)]
    return Q(**{f"{_COLUMNS[name]}__in": known})


def _by_number(letters: LetterQuerySet, words: str) -> LetterQuerySet:
    """Return those of the letters with that number or reference.

    Each way is a query of its own index: together, or beside rights and order, a database would
    rather go through all letters.
    """
    exact = words.replace("\x00", "")[:120]
    upper = exact.upper()
    referred = Letter.objects.alias(upper=Upper("external_reference"))
    ways: list[QuerySet[Letter]] = [
        Letter.objects.filter(number__in=[exact, upper]),
        Letter.objects.filter(external_reference=exact),
        referred.filter(upper=upper),
    ]
    key = registry_number_key(words)
    if key:
        ways.append(Letter.objects.numbered(key))
    found = {pk for way in ways for pk in way.values_list("pk", flat=True)[:_MOST_REFERRED]}
    return letters.filter(pk__in=found)


def _of_sender_state(values: Collection[str]) -> Q:
    """Return letters with a known sender, without one, or both: proposals are not considered."""
    named = Q(name__gt="") | Q(organisation__gt="") | ~Q(email="")
    roles = (Party.Role.SENDER, Party.Role.BEHALF)
    known = Exists(Party.objects.filter(named, letter=OuterRef("pk"), role__in=roles))
    wanted = Q(pk__in=[])
    if "confirmed" in values:
        wanted |= Q(known)
    if not {"proposed", "unknown"}.isdisjoint(values):
        wanted |= ~Q(known)
    return wanted
