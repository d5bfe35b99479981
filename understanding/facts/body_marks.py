"""The marks by which a piece of a letter is judged as the name of the body that writes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from language.fold import fold
from language.towns import is_town
from understanding.facts.bodies import LEGAL_FORM, OPENS, OURS, is_company
from understanding.facts.body_candidates import PEOPLE
from understanding.facts.letterhead_words import (
    BRANCH,
    MINISTRY,
    OF_MASTER,
    ORGANISATION,
    STATE,
    STREET,
    TERRITORY,
    TRADE,
    UNIT,
)
from understanding.facts.line_places import Placed
from understanding.facts.name_pieces import Piece
from understanding.facts.office_nouns import nouns_of
from understanding.facts.persons import find_person, is_role


@dataclass(frozen=True, slots=True)
class Letter:
    """What of a whole letter is compared with a candidate."""

    folded: str
    sorts: dict[int, str]
    bodies: list[int]
    person_line: int
    mail: str
    codes: frozenset[str]
    headed: frozenset[str]
    nouns: tuple[re.Pattern[str], ...]
    voice: tuple[str, ...]


_MAIL: Final = re.compile(r"@\s?([\w.\-]+)|www\.([\w.\-]+)")
_CODED: Final = re.compile(
    r"[^\W\d_]{2,8}(?=[/.\-]\W?\d|[/.\-]\w+[/.\-]\W?\d)|(?<=\d[/.\-])[^\W\d_]{2,8}"
    r"|(?<=\d\s[/.\-]\s)[^\W\d_]{2,8}"
)
_VOICES: Final = (
    ("je", re.compile(
        r"(?<![^\W_])(?:je|j'ai|mon|ma|mes|انا|اني|انني|i|my|منزلي|داري|ديالي|عندي"
        r"|بغيت)(?![^\W_])")),
    ("nous", re.compile(r"(?<![^\W_])(?:nous|notre|nos|we|our|نحن|اننا)(?![^\W_])")),
    ("bill", re.compile(
        r"(?<![^\W_])(?:facture n|devis|invoice|quotation|pro ?forma|bon de livraison|honoraires"
        r"|releve|bordereau|net a payer|فاتوره رقم|بيان (?:ال)?اثمان|عرض (?:ال)?اثمان)(?![^\W_])")),
    ("tender", re.compile(
        r"(?<![^\W_])(?:appel d'offres|soumission\w*|marche n|tender|طلب (?:ال)?عروض|(?:ال)?صفقه)"
        r"(?![^\W_])")),
    ("decides", re.compile(
        r"(?<![^\W_])(?:circulaire|note de service|convocation|proces-verbal|ordonnance|arrete n"
        r"|دوريه|مذكره|استدعاء|محضر|بلاغ|قرار)(?![^\W_])")),
    ("asks", re.compile(
        r"(?<![^\W_])(?:reclamation|candidature|emploi|stage|cv|curriculum|شكايه|شكايتي|توظيف|عمل"
        r"|وظيفه)(?![^\W_])")),
    ("subscribes", re.compile(
        r"(?<![^\W_])(?:mon (?:compteur|contrat|abonnement)|ma facture|my (?:meter|bill|contract)"
        r"|(?:ال)?كونطور|فاتورتي|عدادي|اشتراكي|منزلي)(?![^\W_])")),
    ("tva", re.compile(r"(?<![^\W_])(?:tva|ice|rc|capital|patente)(?![^\W_])")),
    ("cin", re.compile(r"(?<![^\W_])(?:cin|cnie|c\.i\.n|(?:ال)?بطاقه|ب\.?ت\.?و)(?![^\W_])")),
)  # fmt: skip


def letter_of(text: str, placed: Sequence[Placed]) -> Letter:
    """Return what candidates of a letter are compared with, of its folded text and its lines."""
    sorts = _line_sorts(placed)
    mail = " ".join(one or other for one, other in _MAIL.findall(text))
    roles = [
        one.line.folded
        for one in placed
        if one.zone != "text" and _OFFICE_LINE.search(one.line.folded)
    ]
    headed = {_bare(word) for line in roles for word in re.findall(r"[^\W\d_]{4,}", line)}
    return Letter(
        text,
        sorts,
        [number for number, sort in sorts.items() if number < 16 and sort in _BODIES],
        next((one.number for one in placed[:3] if _is_person(one)), 99),
        re.sub(r"[^a-z ]", "", mail),
        frozenset(code.lower() for code in _CODED.findall(text)),
        frozenset(headed),
        _nouns(placed),
        tuple(name for name, pattern in _VOICES if pattern.search(text)),
    )


_OFFICE_LINE: Final = re.compile(
    r"^\W*(?:من |عن |le |la |l'|p/|p\.|pour (?:le |la |l')?)?(?:president|directeur|directrice"
    r"|chef|cheffe|gerant|responsable"
    r"|commandant|capitaine|secretaire|doyen|proviseur|gouverneur|adjudant\S* commandant"
    r"|commandant|head|director|manager|principal"
    r"|(?:ال)?(?:رييسه?|مديره?|قايد|عميد|عامل|والي|باشا|كاتبه?|مندوبه?|مسيره?|مسووله?|ممثله?"
    r"|امينه?))(?![^\W_])"
)


def _is_person(one: Placed) -> bool:
    person = find_person(one.line.text)
    return bool(person and person.sure and one.zone == "head")


def _nouns(placed: Sequence[Placed]) -> tuple[re.Pattern[str], ...]:
    """Return what a body is called that has the offices under the letter, of its last lines."""
    offices = [
        one.line.folded
        for one in placed
        if one.kind == "role" or (one.zone == "foot" and len(one.line.text) < _SHORT)
    ]
    return tuple(noun for office in offices[-6:] for noun in nouns_of(office))


_SHORT: Final = 90  # characters: a line that may name an office


def _bare(word: str) -> str:
    return re.sub(r"^(?:وال|بال|لل|ال)(?=\w{3})", "", word)


def _initials(value: str) -> str:
    words = re.findall(r"[^\W\d_]{2,}", value)
    return "".join(fold(word)[0] for word in words if word[0].isupper())


def _line_sorts(placed: Sequence[Placed]) -> dict[int, str]:
    """Return the sort of each short line by its number."""
    return {
        one.number: body_sort(one.line.text, one.line.folded) if one.kind != "text" else "text"
        for one in placed
    }


def body_marks(piece: Piece, letter: Letter, signs: str) -> frozenset[str]:
    """Return the marks of a piece as a body's name; `signs` is the person who signs."""
    one, value = piece.line, piece.text
    folded = fold(value)
    sort = body_sort(value, folded)
    marks = [
        f"how:{piece.how}", f"label:{piece.label}", f"sort:{sort}", f"{one.zone}+{sort}",
        f"{piece.how}+{sort}", f"{one.kind}+{sort}", f"words:{min(len(value.split()), 9)}",
        f"kind:{one.kind}", *one.marks, f"label:{piece.label}+{sort}", f"{one.zone}+{piece.how}",
    ]  # fmt: skip
    marks += [f"{voice}+{one.zone}" for voice in letter.voice]
    marks += _around(one, sort, letter)
    marks += _compared(one, value, folded, letter, signs)
    if person := find_person(value):
        marks.append(f"person:{'sure' if person.sure else 'maybe'}+{sort}")
    holds = [name for name, test in _tests(one, value, folded, letter) if test]
    marks += holds
    marks += [f"{name}+{one.zone}" for name in holds if name in _PLACED]
    return frozenset(marks)


def _around(one: Placed, sort: str, letter: Letter) -> Iterator[str]:
    """Yield what stands above and below, and the place among the bodies of the head."""
    for where, step in (("above", -1), ("below", 1)):
        other = letter.sorts.get(one.number + step, "end")
        yield f"{where}={other}"
        yield f"{where}={other}+{sort}"
    if one.zone != "head":
        return
    if one.number > letter.person_line:
        yield f"under_person+{sort}"
    if one.number in letter.bodies:
        yield f"head_body:{min(letter.bodies.index(one.number), 3)}"
        yield "head_last" if one.number == letter.bodies[-1] else "head_not_last"
    state = any(s in ("state", "ministry") for n, s in letter.sorts.items() if n < one.number)
    yield f"in_state:{state}+{sort}"


def _compared(one: Placed, value: str, folded: str, letter: Letter, signs: str) -> Iterator[str]:
    """Yield what a name has in common with offices, numbers, addresses and the signature."""
    content = re.findall(r"[^\W\d_]{4,}", folded)
    if letter.headed:
        headed = content and _bare(content[0]) in letter.headed
        yield "headed" if headed else "other_headed"
        yield f"{'headed' if headed else 'other_headed'}+{one.zone}"
    if letter.nouns:
        fits = any(noun.match(folded) for noun in letter.nouns)
        yield "fits" if fits else "fits_not"
        yield f"{'fits' if fits else 'fits_not'}+{one.zone}"
    initials = _initials(value)
    if len(initials) > 1 and any(
        initials[:3] in code or code == initials[:2] for code in letter.codes
    ):
        yield "initials"
    if letter.mail and any(len(word) > 4 and word in letter.mail for word in content):
        yield "in_mail"
    if signs and fold(signs).split()[-1] in folded.split():
        same = fold(signs) in folded or folded in fold(signs)
        yield "is_signer" if same else "signers_name"


def _tests(one: Placed, value: str, folded: str, letter: Letter) -> tuple[tuple[str, bool], ...]:
    return (
        ("digits", bool(re.search(r"\d", value))),
        ("capitals", value.isupper() and len(value) > 3),
        ("small", value[:1].islower()),
        ("office", is_role(value)),
        ("town", is_town(value)),
        ("street", bool(STREET.search(folded))),
        ("ours", bool(OURS.search(folded))),
        ("full_stop", one.line.text.rstrip().endswith((".", "؟", "!", ","))),
        ("again", letter.folded.count(folded) > 1),
        ("whole", len(value) >= 0.8 * len(one.line.text)),
        ("mail", "@" in value or "www" in folded),
        ("trade", bool(TRADE.search(folded))),
        ("master", bool(OF_MASTER.search(folded))),
        ("paper", bool(_PAPER.match(folded))),
        ("common", _is_common(value)),
        ("quoted", bool(re.search('[«»"“”]', value))),
        ("columns", len([1 for column in one.columns if column in value]) > 1),
    )


_BODIES: Final = ("ministry", "company", "form", "territory", "branch", "opens", "inside")
_PLACED: Final = ("capitals", "whole", "digits", "again", "trade", "common")
# What a body is by law, under its name: "Établissement public à caractère culturel".
_DESCRIBES: Final = re.compile(
    r"^\W*(?:(?:une? |a )?(?:etablissement (?:public|prive)"
    r"|societe (?:anonyme|a responsabilite|civile|d'assurances? mutuelle|par actions|en nom)"
    r"|association (?:loi|a but|reconnue|regie|sans but|d'utilite)|groupement momentane"
    r"|entreprise individuelle|auto-?entrepreneur|registered charity|limited liability)"
    r"|شركه (?:ذات|مساهمه|مجهوله)|جمعيه (?:غير|ذات|معترف)|موسسه (?:عموميه|خصوصيه|ذات)|مقاول ذاتي)"
)
# What a paper is, not who writes it.
_PAPER: Final = re.compile(
    r"^\W*(?:boite a|formulaire|registre|fiche|demande|petition|sms|message|bulletin|imprime|annexe"
    r"|صندوق (?:ال)?(?:اقتراحات|افكار|شكايات)|نموذج|استماره|سجل|عريضه|ملتمس)(?![^\W_])"
)


def _is_common(value: str) -> bool:
    """Return whether several Latin words have no capital but the first: no name, a description."""
    words = re.findall(r"[A-Za-zÀ-ÿ]{2,}", value)
    return len(words) > 1 and all(word.islower() for word in words[1:])


def body_sort(value: str, folded: str) -> str:
    """Return which words of bodies a piece has, the most distinctive first."""
    if STATE.search(folded):
        return "state"
    if MINISTRY.match(folded):
        return "ministry"
    if is_company(value) or _DESCRIBES.match(folded):
        return "legal" if _DESCRIBES.match(folded) else "company"
    if LEGAL_FORM.search(folded):
        return "form"
    if UNIT.match(folded):
        return "unit"
    if TERRITORY.match(folded):
        return "territory"
    if BRANCH.match(folded):
        return "branch"
    if PEOPLE.match(folded):
        return "people"
    if OPENS.match(folded):
        return "opens"
    return "inside" if ORGANISATION.search(folded) else "none"


_SORTS: Final = ("company", "form", "ministry", "opens", "inside", "branch", "territory")


def no_body_marks(found: Sequence[frozenset[str]]) -> list[str]:
    """Return the marks of "no body writes", by what sorts of pieces there are."""
    seen = frozenset().union(*found)
    return [f"none:no {sort}" for sort in _SORTS if f"sort:{sort}" not in seen]
