"""Every piece of a letter that may name the person who writes, and the marks to judge it by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from language.fold import fold
from language.towns import is_town
from understanding.facts.letterhead_words import ORGANISATION, STREET
from understanding.facts.line_places import Placed
from understanding.facts.name_pieces import LONGEST, PIECE, Piece
from understanding.facts.no_names import NO_NAME
from understanding.facts.persons import DESCENT, Person, find_person, has_given_name, is_role

_RUN: Final = re.compile(
    r"(?<![\w'’])(?!(?:I['’]m|C['’]est)\s)"
    r"(?:(?:M\.|Mme|Mlle|Mr\.?|Dr|Me|Maître)\s)?[A-ZÀ-Þ][\w’'\-]*\.?"
    r"(?:\s(?:(?:el|al|ben|bent|ait|ould|de|ou|van)\s)?[A-ZÀ-Þ][\w’'\-]*){1,3}"
)
_SPOKEN: Final = re.compile(
    r"(?:soussigne\w*(?:\(e\))?|the undersigned|موقعه? (?:اسفله|ادناه)|(?<![^\W_])(?:انا|اني"
    r"|سميتي|اسمي|معكم|معاكم|ana|smiti|je suis"
    r"|mon nom[^.:]{0,30}|moi|هو|هي|m'appelle|c'est|i am|i'm|name is))(?:\W+(?:\w+\W+)?)?$"
)
_OTHER: Final = re.compile(
    r"(?:السيده?|(?<![^\W_])(?:m\.|mme|mr|monsieur|madame|voisin\w*|mon|ma|son|جاري|زوجي|ابني"
    r"|المرحوم|feu|ابن|زوجتي|ولدي"
    r"|par|avec|chez|a|الي|مع|حي|شارع|دوار|زنقه|rue|avenue|hay))\W*$"
)
_HANDLES: Final = re.compile(
    r"suivie? par|interlocut|(?:notre|votre) correspondante?|gestionnaire|charge\w* du dossier"
    r"|المكلفه? بالملف|المخاطبه? "
)
# Words before a name that make it another's, or none: heirs, kin, citizens, supervision.
_KIN: Final = re.compile(
    r"^(?:ورثه|ولد[هكي]?م?|ابن(?:ه|ها|ته|تها)|بنت[هيك]|زوج(?:ه|ته|ها)|ارمله|(?:ال)?مواطنه?|(?:ال)?مرحومه?"
    r"|باشراف|بحضور|لفايده|heritiers|consorts|feue?|veuve)\s"
)
_TITLED_OFFICE: Final = re.compile(r"^(?:m|mr|mme|monsieur|madame)\W+(?:l[ea]\s|l['’])")
_DATED: Final = re.compile(r"\W{1,4}(?:le\s|في\s|بتاريخ\s)?\W{0,2}[\d٠-٩]{1,2}\W{1,3}\w")
_PLACE: Final = (
    r"(?:دوار|جماعه|حي|زنقه|شارع|قياده|مدينه|سوق|موسم|douar|commune|quartier|rue|avenue|bd|boulevard"
    r"|place|ville|agence|hay|lycee|ecole|ثانويه|مدرسه|مستشفي|hopital)(?: (?:d[eu]s?|d'|l'))?\s?"
)
_SIGNS: Final = '.,،:؛()!؟«»" '
_OPENING: Final = 8  # lines in which a writer may say who they are
_BEGINNING, _ENDING = 260, 160  # characters of a line that are looked at


@dataclass(frozen=True, slots=True)
class Named:
    """A piece that may be a person's name, and whether a title or a given name proves it."""

    piece: Piece
    sure: bool


# Names of streets and schools, and one of which the second half is cut off.
_NOBODY: Final = re.compile(
    r"(?:mohamm?ed|hassan) (?:v|vi|ii|2)$|(?:محمد (?:ال)?(?:خامس|سادس)|(?:ال)?حسن (?:ال)?ثاني)$"
    r"|.*عبد$"
)


def person_candidates(lines: Sequence[tuple[Placed, list[Piece]]]) -> Iterator[Named]:
    """Yield what may name the person who writes."""
    return (named for named in _named(lines) if not _NOBODY.match(fold(named.piece.text)))


def _named(lines: Sequence[tuple[Placed, list[Piece]]]) -> Iterator[Named]:
    for one, pieces in lines:
        if one.kind != "text" and len(one.line.text) < LONGEST:
            for piece in pieces:
                for how, who in (
                    (piece.how, find_person(piece.text)),
                    ("behind_role", _behind_first(piece.text)),
                ):
                    if who:
                        yield Named(Piece(one, who.name, how, piece.label), who.sure)
                        if shorter := _from_given(who.name):
                            yield Named(Piece(one, shorter, "from_given", piece.label), who.sure)
                if single := _single(piece):
                    yield Named(Piece(one, single, "single", piece.label), has_given_name([single]))
        yield from _in_text(one)


def _single(piece: Piece) -> str:
    """Return the one word of a piece that may be a first name or surname alone: "Tom"."""
    word = piece.text.strip(" .*'\"«»_,،!")
    fits = _ONE.fullmatch(word) and fold(word) not in NO_NAME and not is_role(word)
    return word if fits and not is_town(word) else ""


_ONE: Final = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ’'\-]{2,}(?:-[A-ZÀ-Þ][\w’']+)?|[A-ZÀ-Þ\-]{4,}|[ء-ي]{3,9}")


def _behind_first(text: str) -> Person | None:
    """Return the person behind a line's first word, where it is an office or what one is."""
    first, _, rest = text.strip().partition(" ")
    return find_person(rest) if rest and is_role(first) and len(rest.split()) < 5 else None


def _given_at(words: list[str]) -> int | None:
    """Return which word is the first listed given name; None where none is."""
    places = (place for place, word in enumerate(words) if has_given_name([word]))
    return next(places, None)


def _from_given(name: str) -> str:
    """Return an Arabic name from its given name on, where words of kin or rank stand before it."""
    words = name.split()
    place = _given_at(words) if _ARABIC.search(name) else None
    if place and fold(words[place - 1]) in DESCENT:
        return ""
    return " ".join(words[place:]) if place and len(words) - place > 1 else ""


def _in_text(one: Placed) -> Iterator[Named]:
    """Yield names within running text, where a given name begins one or somebody says it."""
    text = one.line.text
    if len(text) < 20:
        return
    for shown in _searched_parts(text, begins=one.number < _OPENING):
        for match in _RUN.finditer(shown):
            person = find_person(match[0])
            said = _spoken(shown[: match.start()])
            if person and (person.sure or said == "text:said") and len(match[0]) < 0.9 * len(text):
                yield Named(Piece(one, person.name, said), person.sure)
        yield from _small_in(one, shown)
        if _ARABIC.search(shown):
            yield from _arabic_in(one, shown.split())


_SMALL: Final = re.compile(
    r"(?<![\w'’])(?:(?P<title>mme|mr|mlle|dr|si) )?"
    r"(?P<first>[a-zà-ÿ'’\-]{3,}) (?P<last>[a-zà-ÿ'’\-]{3,})"
)


def _small_in(one: Placed, shown: str) -> Iterator[Named]:
    """Yield names without capitals, as messages have them: "c mme hafsa dinia"."""
    for match in _SMALL.finditer(shown) if len(shown) < _BEGINNING + _ENDING else ():
        first, last = match["first"], match["last"]
        if has_given_name([first]) and fold(last) not in NO_NAME and fold(first) not in NO_NAME:
            said = "title" if match["title"] else _spoken(shown[: match.start()])
            yield Named(Piece(one, f"{first} {last}", f"small:{said}"), True)


def _searched_parts(text: str, *, begins: bool) -> list[str]:
    """Return the beginning of a line, where the letter begins, and its end, in whole words."""
    if begins and len(text) <= _BEGINNING + _ENDING:
        return [text]
    head = text[:_BEGINNING].rpartition(" ")[0] if begins else ""
    tail = text if len(text) <= _ENDING else text[-_ENDING:].partition(" ")[2]
    return [part for part in (head, tail) if part]


_ARABIC: Final = re.compile("[\u0621-\u064a]")
_ARABIC_WORD: Final = re.compile("[\u0621-\u0652]{3,}")


def _arabic_in(one: Placed, words: list[str]) -> Iterator[Named]:
    for number, word in enumerate(words):
        bare = word.strip(_SIGNS)
        spoken = f"ا{bare}" if bare.startswith("ل") else bare  # "لعربي" for "العربي"
        if not _ARABIC_WORD.fullmatch(bare) or not has_given_name([bare, spoken]):
            continue
        if number and (has_given_name([words[number - 1]]) or fold(words[number - 1]) in DESCENT):
            continue
        before = _spoken(" ".join(words[max(0, number - 5) : number]))
        for count in (3, 2, 1):
            run = words[number : number + count]
            if len(run) < count or any(part[-1] in ".,،:؛()!؟" for part in run[:-1]):
                continue
            name = " ".join(run).strip(_SIGNS)
            if count == 1 or find_person(name):
                yield Named(Piece(one, name, f"{before}:{count}"), True)


def _spoken(before: str) -> str:
    folded = fold(before)[-60:]
    if _SPOKEN.search(folded):
        return "text:said"
    return "text:other" if _OTHER.search(folded) else "text"


def person_marks(named: Named, folded_text: str) -> frozenset[str]:
    """Return the marks of a piece as a person's name."""
    piece, one = named.piece, named.piece.line
    words = piece.text.split()
    proof = _proof(piece.text, words, named.sure)
    marks = [
        f"how:{piece.how}", f"label:{piece.label}", f"proof:{proof}", f"{one.zone}+{proof}",
        f"{one.kind}+{proof}", f"words:{min(len(words), 5)}", *one.marks,
        f"{one.zone}+{piece.how}", f"label:{piece.label}+{one.zone}",
    ]  # fmt: skip
    place = _given_at(words)
    script = "ar" if _ARABIC.search(piece.text) else "la"
    marks += [f"given_at:{place}", f"given_at:{place}+{script}", f"{script}+{one.zone}"]
    for name, holds in _tests(piece, words, folded_text):
        if holds:
            marks += [name, f"{name}+{one.zone}"]
    return frozenset(marks)


def _tests(piece: Piece, words: list[str], folded_text: str) -> tuple[tuple[str, bool], ...]:
    line, name, surname = piece.line.line, piece.text, fold(words[-1])
    rest = line.text.replace(name, "", 1)
    beside = not piece.how.startswith("text") and any(
        is_role(part) for part in PIECE.split(rest) if part.strip()
    )
    mail = rf"{re.escape(surname)}\S{{0,30}}@"
    return (
        ("whole", len(name) >= 0.8 * len(line.text)),
        ("role_beside", beside),
        ("again", len(surname) > 3 and folded_text.count(surname) > 1),
        ("in_mail", len(surname) > 3 and "@" in folded_text and bool(re.search(mail, folded_text))),
        ("organisation", bool(ORGANISATION.search(fold(name)))),
        ("full_stop", line.text.rstrip().endswith((".", "؟", "!"))),
        ("capital", name.isupper()),
        ("digits_beside", bool(re.search(r"\d", rest))),
        ("street", bool(STREET.search(line.folded))),
        ("office", is_role(name) or bool(_TITLED_OFFICE.match(fold(name)))),
        ("small", name[:1].islower()),
        ("dated", bool(_DATED.match(line.text.partition(name)[2]))),
        ("place", bool(re.search(rf"{_PLACE}{re.escape(fold(name))}", folded_text))),
        ("columns", len([1 for column in piece.line.columns if column in name]) > 1),
        ("handles", bool(_HANDLES.search(line.folded))),
        ("kin", bool(_KIN.match(fold(name)))),
    )


def _proof(name: str, words: list[str], sure: bool) -> str:
    if re.match(r"^(?:m|mr|mme|mlle|dr|me|السيده?|سيدي)\b", fold(name)):
        return "title"
    if has_given_name(words):
        return "given"
    return "sure" if sure else "shape"


def no_person_marks(found: Sequence[frozenset[str]]) -> list[str]:
    """Return the marks of "nobody is named", by what proofs stand where."""
    seen: frozenset[str] = frozenset().union(*found)
    return [
        f"none:no {zone} {proof}"
        for proof in ("given", "title")
        for zone in ("foot", "head", "text")
        if f"{zone}+{proof}" not in seen
    ]
