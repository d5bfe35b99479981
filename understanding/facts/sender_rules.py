"""Who wrote the letter: a mail's header, a label, a declaration, the head, or the signature."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from language.fold import fold
from language.given_names import is_given_name
from understanding.facts.bodies import body_of_office, declared_body, footer_body, names_body
from understanding.facts.letterhead import Head, read_head
from understanding.facts.lines import Line, text_lines
from understanding.facts.persons import find_person, is_role, pieces_of
from understanding.facts.quoted_mail import without_quoted
from understanding.facts.sender_labels import below_header, labelled_sender, mail_header, name_in
from understanding.facts.signatories import first_signatory
from understanding.facts.signature import Foot, read_foot
from understanding.facts.subject_dates import Fact
from understanding.facts.unlisted_bodies import unlisted_body

_DECLARES: Final = re.compile(
    r"(?:(?:نحن )?(?:ال)?موقع(?:ون|ين|ات) (?:اسفله|ادناه)(?= (?:ورثه|سكان|ساكنه))"
    r"|je soussigne\w*(?:\(e\))?|nous soussignes?|i,? the undersigned"
    r"|(?:انا )?(?:ال)?موقعه? (?:اسفله|ادناه))\s*[,،:]?\s*(?P<value>[^:\n]{4,80})"
)
_DECLARED_END: Final = re.compile(
    r"[,،.:;]|\s(?=(?:demeurant|demande|sollicite|titulaire|domicilie\w*|ne le|cin|matricule"
    r"|agissant"
    r"|declare|atteste|اطلب|التمس|الساكنه?|نحن|القاطنه?|الحامله?|المزداده?|بصفتي|اصرح"
    r"|صاحبه?)(?![^\W_]))"
)
# Plain words, in dialect too, at the opening of a letter: "أنا X الساكن بـ", "سميتي X", "I am X".
_SAYS_NAME: Final = re.compile(
    r"(?:^|[\s،,.])(?:انا (?:هو |هي )?|راني |راه انا |سميتي |اسمي |معا?كم |معا?ك |خوكم |اختكم "
    r"|m3ak\w{0,3} |ana (?:howa |hiya )?"
    r"|smiti |(?<=bonjour, )c'est |je suis |je m['’]appelle |my name is "
    r"|i am |i['’]m |(?:ال)?اسم (?:ال)?كامل |المسم(?:ي|اه) )(?P<value>[^،,.:;\n]{4,60})"
)
_NAME_ENDS: Final = re.compile(
    r"\s(?:(?:ال)?(?:ساكنه?|قاطنه?|عايشه?|تاجره?|زبونه?|صاحبه?|خدامه?|حامله?)|ف|من|مول|مولات"
    r"|عندي|كنسكن|باغيه?|بغيت|و|في|ديال|mn|men|dyal|sakn\w*|de|d'|from|habit\w*|client\w*|locataire"
    r"|propri\w*|et|and|of|the|le|la|un|une|a)(?![^\W_])"
)
_OPENING: Final = 8  # lines in which a writer says who they are


@dataclass(frozen=True, slots=True)
class Sender:
    """What the letter says of its writer; None for what it does not say."""

    organisation: Fact | None = None
    person: Fact | None = None
    role: Fact | None = None
    main: Fact | None = None


def read_by_rules(text: str) -> Sender:
    """Return body, person and office of the letter's writer."""
    lines = text_lines(without_quoted(text))
    if not lines:
        return Sender()
    labelled = mail_header(lines) or labelled_sender(lines)
    lines = below_header(lines)
    head = read_head(lines)
    foot = read_foot(lines, head=min(head.lines, len(lines) - 7))
    declared, declared_role = _declared(lines)
    declared = declared or _named_in_words(lines) or _named_last(lines) or first_signatory(lines)
    from_body = labelled if labelled and _is_body(labelled) else None
    says = None if from_body or _of_a_field(labelled, head, foot) else labelled
    if declared and foot.person and _INHABITANTS.match(fold(declared.value)):
        declared = None  # who signs for them
    if head.person and labelled and not says and head.person.value == labelled.value:
        head = replace(head, person=None, person_first=False)
    headed, unsure = _named_above(head, foot)
    persons = [fact for fact in (says, None if unsure else head.person, declared, foot.person)
               if fact]  # fmt: skip
    person = _fuller(max(persons, key=lambda fact: fact.score, default=None), foot.person)
    sends = from_body if from_body and "body_label" in from_body.reasons else None
    organisation = sends or _beside(says, headed) or _beside(says, foot.organisation)
    organisation = organisation or from_body or _phrased(lines, declared_role) or footer_body(lines)
    organisation = organisation or unlisted_body(lines, person)
    role = _role(head.role, foot.role or declared_role, foot.person)
    writes = organisation and not (head.person_first and head.person and not unsure)
    if organisation and person and _of_office(organisation):
        writes = None  # the office's holder does
    main = (organisation if writes else None) or person or organisation
    if labelled and labelled.reasons == ("mail_header",):
        main = labelled
    return Sender(organisation, person, role, main)


def _is_body(labelled: Fact) -> bool:
    """Return whether what a label names is a body: by its words, or by the office that heads it."""
    value = labelled.value
    return names_body(value) or ("body_label" in labelled.reasons and bool(body_of_office(value)))


def _of_a_field(labelled: Fact | None, head: Head, foot: Foot) -> bool:
    """Return whether a label is a field of a body's form about somebody: who signs it writes."""
    field = labelled and labelled.reasons == ("sender_label",) and not _FROM.match(labelled.words)
    signs = foot.person and foot.role and foot.person.value != (labelled and labelled.value)
    return bool(field and signs and head.organisation and head.organisation.score >= 0.7)


_INHABITANTS: Final = re.compile(r"^(?:ال)?(?:سكان|ساكنه|جيران)(?![^\W_])|^(?:les )?habitants")
_FROM: Final = re.compile(r"(?i)^\W*(?:من|de|from|le soussign|r[ée]dact)")


def _named_above(head: Head, foot: Foot) -> tuple[Fact | None, bool]:
    """Return the body of the head, and whether what looks like a person there is this body.

    A name without a given name or title, over a letter that somebody else signs, is a body's.
    """
    above, signs = head.person, foot.person
    if head.organisation or not (above and signs) or above.score >= 0.7:
        return head.organisation, False
    other = not set(fold(above.value).split()) & set(fold(signs.value).split())
    if other and signs.score >= 0.5 and head.person_first:
        return Fact(above.value, 0.6, ("letterhead",), above.words), True
    return None, False


def _beside(says: Fact | None, organisation: Fact | None) -> Fact | None:
    """Return the body, where it is no guess against a label that says who sends the letter."""
    guessed = organisation and "letterhead" in organisation.reasons and organisation.score < 0.7
    same = says and organisation and organisation.words == says.words
    if says and organisation and (guessed or (same and says.value in organisation.value)):
        return None
    return organisation


def _of_office(organisation: Fact) -> bool:
    """Return whether a body is known by the office that somebody holds in it alone."""
    return any(map(body_of_office, [organisation.words, *pieces_of(organisation.words)]))


def _phrased(lines: list[Line], office: Fact | None) -> Fact | None:
    """Return the body named by the letter's phrases: of a declared office, or in its name."""
    body = body_of_office(office.value) if office else ""
    if office and body:
        return Fact(body, 0.6, ("declaration",), office.words)
    return declared_body(lines)


def _fuller(person: Fact | None, signs: Fact | None) -> Fact | None:
    """Return the name under the letter where its head has the surname alone: "Mme Lazrak"."""
    if not person or not signs or len(person.value.split()) > 2:
        return person
    surname = fold(person.value).split()[-1]
    longer = len(signs.value.split()) > 1 and surname in fold(signs.value).split()
    return signs if longer and _TITLED.match(fold(person.value)) else person


_TITLED: Final = re.compile(r"^(?:m|mr|mme|mlle|mrs|ms|السيده?)\W")


def _role(in_head: Fact | None, at_foot: Fact | None, signs: Fact | None) -> Fact | None:
    """Return the office of the signatory; where nobody signs, the unit of the head."""
    return (at_foot or in_head) if signs else (in_head or at_foot)


def _declared(lines: list[Line]) -> tuple[Fact | None, Fact | None]:
    """Return who declares, and their office: "Je soussigné X, agent", "أنا الموقع أسفله X"."""
    for number, line in enumerate(lines):
        following = f" {lines[number + 1].text}" if number + 1 < len(lines) else ""
        both = Line.of(_TITLE_POINT.sub(r"\1 ", line.text[:400] + following[:200]))
        match = _DECLARES.search(both.folded)
        if match and match.start() <= len(line.folded):
            declared = Line.of(both.written(*match.span("value")))
            end = _DECLARED_END.search(declared.folded)
            value = name_in(declared.written(0, end.start() if end else None))
            value = re.sub(r"^(?:السيد[ةه]?|M\.|Mme|Mlle)\s+", "", value)
            if value and 1 < len(value.split()) <= 6 and not _group(value):
                rest = pieces_of(declared.text)[1:4]
                office = next((part for part in rest if is_role(part)), None)
                role = (
                    Fact(office.strip(" .،,"), 0.6, ("declaration",), line.text) if office else None
                )
                return Fact(value, 0.72, ("declaration",), line.text), role
    return None, None


_TITLE_POINT: Final = re.compile(r"(?<!\w)(Pr|Dr|Me|Mr|Ing)\.\s*")


def _group(value: str) -> bool:
    """Return whether these are several, by what they are: "membres de la commission"."""
    person = find_person(value)
    return is_role(value) and not (person and person.sure)


def _named_in_words(lines: list[Line]) -> Fact | None:
    """Return the person who states their name in plain words, where a given name proves it."""
    for line in lines[:_OPENING]:
        for match in _SAYS_NAME.finditer(line.folded):
            said = Line.of(line.written(*match.span("value")))
            end = _NAME_ENDS.search(said.folded)
            name = _by_given_name(said.written(0, end.start() if end else None))
            if name:
                return Fact(name, 0.62, ("declaration",), line.text)
    return None


def _named_last(lines: list[Line]) -> Fact | None:
    """Return the name behind the last words of a note: "شكرا. سناء 0620114587", "حسن من الدوار"."""
    kept = [line for line in lines[-3:] if not _ASIDE.match(line.folded)]
    if not kept:
        return None
    line = kept[-1]
    parts = _LAST_WORDS.split(_PHONE.sub("", line.text).strip(" .،,-–—"))
    last = parts[-1]
    for part in [one.strip(" -–—") for one in parts[-_ASIDES:]][
        :-1
    ]:  # a name, and its office or the date behind it
        behind = line.text[line.text.rfind(part) + len(part) :]
        few = all(len(other.split()) <= 5 for other in _LAST_WORDS.split(behind))
        aside = few and len(line.text) > _ROW
        if aside and 1 < len(part.split()) <= 4 and _by_given_name(part) == part:
            return Fact(part, 0.55, ("signature",), line.text)
    said = Line.of(last)
    end = _NAME_ENDS.search(said.folded)
    name = _by_given_name(said.written(0, end.start() if end else None))
    whole = len(last.split()) <= 4 or end is not None
    return Fact(name, 0.55, ("signature",), line.text) if name and whole else None


_ASIDES: Final = 4
_ROW: Final = 60  # characters: a shorter line may be the row of a list
_ASIDE: Final = re.compile(r"^[\W\d]*$|^\W*(?:tel|gsm|هاتف|الهاتف|تيليفون)\W[\W\d]*$")
_PHONE: Final = re.compile(r"\+?[\d\u0660-\u0669][\d\u0660-\u0669\s.\-]{7,}$")
_LAST_WORDS: Final = re.compile(r"[.!؟?،,:]\s+|\s[-–—]$|\s[-–—]\s")


def _by_given_name(words: str) -> str:
    """Return the name that these words open with, where a given name proves it; else nothing."""
    some = words.split()[:4]
    for count in range(len(some), 0, -1):
        person = find_person(" ".join(some[:count]))
        if person and person.sure:
            return person.name
    small = all(re.fullmatch(r"[a-zà-ÿ'’\-]+", word) for word in some)
    if small and 1 < len(words.split()) <= 4 and is_given_name(some[0]):
        capital = find_person(" ".join(some).title())
        if capital and capital.sure:
            return " ".join(some)
    two = [word for word in some[:2] if re.fullmatch(r"[a-zà-ÿ'’\-]{3,}", word)]
    if len(some) > 2 and len(two) == 2 and is_given_name(two[0]):
        capital = find_person(" ".join(two).title())
        return " ".join(two) if capital and capital.sure else ""
    return some[0] if some and len(some) == 1 and is_given_name(some[0]) else ""
