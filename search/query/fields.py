"""Fields in a query, in three languages: what `de:`, `kind:` or "قبل:" means, and their values."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from language.fold import fold
from language.stems import indexed_forms
from language.tokens import tokenize
from search.analysis.document_terms import plain_words
from search.analysis.references import query_number, reference_key, typed_reference
from search.query.dates import read_span
from search.query.persons import party_words, words_of_party
from search.query.words import Clause, Codes, Days, Limit, Number, Party, Reference, Word

FieldName = Literal["from", "to", "ref", "kind", "dept", "before", "after", "no"]
# Facet → what a value may be called, folded → its code.
Names = Mapping[str, Mapping[str, str]]

_SPELT: Final[Mapping[FieldName, str]] = {
    "from": "from sender de exp expediteur expeditrice emetteur من المرسل مرسل",
    "to": "to recipient a dest destinataire pour الي المرسل~اليه مرسل~اليه",
    "ref": "ref reference مرجع المرجع",
    "kind": "kind type nature categorie نوع النوع طبيعه",
    "dept": "dept department unit service departement entite مصلحه المصلحه قسم القسم",
    "before": "before avant until قبل",
    "after": "after apres since depuis بعد منذ",
    "no": "no n num nr number numero n° nº رقم الرقم عدد",
}
_FIELDS: Final[Mapping[str, FieldName]] = {
    spelt.replace("~", " "): name for name, line in _SPELT.items() for spelt in line.split()
} | {"no": "no"}
_FACETS: Final = {"kind": "kind", "dept": "department"}
# "المرسل إليه:" has two words; "N°:" a sign.
_HEAD: Final = re.compile(
    r"(?P<name>(?:مرسل|المرسل)\s+[إا]ليه|[^\s\d:：\"«“]{1,15})\s{0,2}[:：][ \t]*(?=\S)"
)
_QUOTED: Final = re.compile(r'"([^"]*)"|«([^»]*)»|“([^”"]*)[”"]')
_PLAIN: Final = re.compile(r'[^\s"«“]+')
# So many words may make up a value that has no quotes: "après: 12 mars 2026".
_MOST_WORDS: Final[Mapping[FieldName, int]] = {
    "from": 6, "to": 6, "before": 4, "after": 4, "dept": 6, "kind": 4, "ref": 5, "no": 3,
}  # fmt: skip
_WRITTEN: Final = 5  # digits: so long a number may be another's than the register's
_PARTIES: Final = ("from", "to")
_DAWN: Final = datetime.date(1, 1, 1)
_DUSK: Final = datetime.date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class ReadField:
    """A field that was recognised.

    `name` in English, `value` (codes, an ISO day, words), `text` as typed, `excluded` when a minus
    stands before it.
    """

    name: str
    value: str
    text: str
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """A recognised field with its meaning, and where its text ends."""

    field: ReadField
    asks: Clause | Limit
    end: int


def read_field(
    typed: str, start: int, *, names: Names, today: datetime.date | None
) -> Understood | None:
    """Return the field that begins at `start`, or None without one or a readable value."""
    head = _HEAD.match(typed, start)
    name = _FIELDS.get(fold(head["name"]).strip(".")) if head else None
    if head is None or name is None:
        return None
    values = _values(typed, head.end(), _MOST_WORDS[name])
    for value, end in values if name not in _PARTIES else _one_name(values):
        asked = _meaning_of(name, value, names, today)
        if asked:
            told, asks = asked
            return Understood(ReadField(name, told, typed[start:end]), asks, end)
    return None


def _values(typed: str, start: int, most: int) -> list[tuple[str, int]]:
    """Return what the value may be, the longest first, with its end."""
    quoted = _QUOTED.match(typed, start)
    if quoted:
        return [(next(filter(None, quoted.groups()), ""), quoted.end())]
    ends: list[int] = []
    place = start
    while len(ends) < most and (word := _PLAIN.match(typed, place)):
        if ends and (_HEAD.match(typed, place) or typed[place] in "-−–"):
            break
        ends.append(word.end())
        space = re.compile(r"\s*").match(typed, word.end())
        place = space.end() if space else word.end()
    return [(typed[start:end], end) for end in reversed(ends)]


def _one_name(values: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the value that is one name: Mme Cherkaoui, Ben Kirane, عبد الحق.

    `values` come from the longest on.
    """
    length = words_of_party(_words(values[0][0])) if values else 0
    return [pair for pair in reversed(values) if len(_words(pair[0])) >= length][:1]


def _meaning_of(
    name: FieldName, value: str, names: Names, today: datetime.date | None
) -> tuple[str, Clause | Limit] | None:
    words = _words(value)
    if not words:
        return None
    match name:
        case "from":
            return " ".join(words), Party("sender", party_words(tuple(map(Word, words))))
        case "to":
            return " ".join(words), Party("recipient", party_words(tuple(map(Word, words))))
        case "before" | "after":
            return _bound(name, value, today)
        case "kind" | "dept":
            codes = _codes(words, names.get(_FACETS[name], {}))
            return (",".join(codes), Codes(_FACETS[name], codes)) if codes else None
        case "no":
            key = query_number(value)
            whole = reference_key(value) if key.count("_") == 2 else ""
            written = key if len(key) >= _WRITTEN and key.isdecimal() else ""
            return (value.strip(), Number(key, whole, written)) if key else None
        case "ref":
            several = len(value.split()) > 1
            key = typed_reference(value) if several else reference_key(value)
            return None if several and not key else (value.strip(), Reference(key, words, own=True))


def _bound(name: str, value: str, today: datetime.date | None) -> tuple[str, Limit] | None:
    span = read_span(value, today=today)
    if span is None:
        return None
    first = span[0]
    days = Days(_DAWN, first) if name == "before" else Days(first, _DUSK)
    return first.isoformat(), days


def _codes(words: tuple[str, ...], table: Mapping[str, str]) -> tuple[str, ...]:
    """Return codes of that name, or of every name that has all these words, in any form."""
    exact = table.get(" ".join(words))
    if exact:
        return (exact,)
    wanted = [set(indexed_forms(word)) for word in words]
    found = {
        code
        for name, code in table.items()
        if all(any(stems & set(indexed_forms(word)) for word in name.split()) for stems in wanted)
    }
    return tuple(sorted(found))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for token in tokenize(text) if not token.whole for word in plain_words(token))
