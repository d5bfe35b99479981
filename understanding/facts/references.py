"""References of a letter: the sender's own, those it answers, and papers named by number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from understanding.facts.doubted_numbers import lowered
from understanding.facts.earlier_letters import FOLLOWED, earlier_by_date, followed, series
from understanding.facts.followed_papers import by_courts, followed_papers
from understanding.facts.head_numbers import FOOT, HEAD, placed_numbers, starts_in_head
from understanding.facts.line_places import columns_of
from understanding.facts.lines import Line, text_lines
from understanding.facts.listed_papers import listed_papers
from understanding.facts.own_phrases import own_phrases
from understanding.facts.reference_values import NEVER_ITSELF, reference
from understanding.facts.rows_of_papers import by_rows
from understanding.facts.sender import read_sender
from understanding.facts.subject_dates import Fact

# Labels as offices write them and as scans give them back: Rét for Réf, I or l for the stroke,
# one letter of مرجعكم lost.
_REF: Final = r"r[eéo]\s?[f\u017ft](?:erences?|s)?"
_OWN_REF: Final = (
    rf"(?:(?P<ours>n\s?[/il|1\\.]\s?{_REF}|nos? {_REF}|notre {_REF}|our {_REF}|مرا?[جحخ]ع?ن[ا\w]?"
    r"|ملفنا|(?:ال)?مرجع (?:ال)?مكتب(?:نا)?(?=\s*[:：])|notre dossier|our file"
    r"|notre n\s?[°ºo]|our no\b"
    rf"|my {_REF}|ma {_REF}|n\s?/\s?r(?=\s*:))(?:\.? a rappeler(?=\s*:))?"
    r"|ref(?:erence)?s?\. (?:de |du )?(?:marche|commande|consultation)(?=\s*:)"
    rf"|ref(?:erence)?s?\b(?! [^\W\d_])(?!\. de )"
    rf"|ref(?:erence)?s?(?:\.(?! de | votre))?(?: [^\W\d_]+){{1,3}}(?=\s*:)"
    r"|(?:ال)?مرا?[جحخ]ع?(?=\s*[:：])|(?:ال)?مرجع(?=\s(?:\d|رقم|عدد|[\u0621-\u064a]{1,2}[./]))"
    r"|رقم (?:ال)?(?:مراسله|ارساليه|ارسال|رساله)(?=\s*[:：])|دوريه (?:عدد|رقم)|مذكره (?:عدد|رقم)"
    r"|ملف[^:\n]{0,20}(?:عدد|رقم)|رقم (?:ال)?ملف)"
)
_THEIR_REF: Final = (
    rf"(?:v\s?[/il|1\\.]\s?{_REF}|v\s?/\s?(?:lettre|courrier|envoi|demande|bordereau)(?=\s*:)"
    rf"|vos? {_REF}|votre {_REF}|your {_REF}|v\s?/\s?r(?=\s*:)"
    r"|مرا?[جحخ]ع?(?:كم|ج|كح|حم|م)(?![^\W_])|اشارتكم)"
)
_N: Final = (
    r"(?:n\s?[°ºo˚*'\"]|n\.|no\b\.?|num(?:ero)?|number|#|رقم(?:ه|ها)?|عدد(?:ه|ها)?|تحت عدد|تحت رقم)"
)
# Papers that carry a number of their own; meters, contracts, roads and laws are none.
_PAPER: Final = (
    r"(?:facture(?: pro[- ]?forma)?|proforma|devis|offre(?: de prix)?|dos\."
    r"|dossier(?: d'execution| judiciaire| technique)?"
    r"|ticket|fiche|permis(?: de construire)?|recu|quittance|bordereau(?: d'envoi)?|note"
    r"(?: de service)?|lettre|courrier|demande|requete|affaire|constat|intervention|proces-verbal"
    r"|p\.?v\.?|jugement|arret|ordonnance|convocation|decision|arrete"
    r"|bulletin(?: d'analyses?)?|reclamation|plainte|autorisation|bon de livraison|attestation"
    r"|certificat|rapport|sinistre"
    r"|titre foncier|t\.?f\.?|avis|mise en demeure|circulaire|requisition|accuse(?: de reception)?"
    r"|invoice|quotation|quote|case|claim|file|permit|receipt|report|notice"
    r"|فاتوره|الفاتوره|بفاتوره|للفاتوره|ملف|الملف|ملفي|وصل|الوصل|استدعاء|الاستدعاء|مذكره|دوريه|رخصه"
    r"|الرخصه|محضر|المحضر|تذكره|التذكره|اشعار|الاشعار|انذار|الانذار|حكم|الحكم|قرار|القرار|شهاده"
    r"|الشهاده|تقرير|حادثه|الرسم العقاري|رسم عقاري|بيان (?:ال)?اثمان|عرض (?:ال)?اثمان|منشور"
    r"|شكايه|شكايتي|الشكايه|رساله|مراسله"
    r"|كتاب|قضيه|القضيه|طلبي|الطلب|طلب(?! عروض| العروض| اثمان| الاثمان| السند))"
)
_LABELLED: Final = re.compile(
    rf"(?:^|(?<=[\s|(]))(?:(?P<their>{_THEIR_REF})|(?P<own>{_OWN_REF}))[.°º]*\s*"
    r"(?:(?:n\s?[°ºo]|رقم|عدد)(?![^\W_])\s*)?(?:\s?/\s|[:：°º;.]*)\s*"
)
_TITLED: Final = re.compile(
    rf"^\W*(?:[^\W\d_]+\s?/\s?)?(?:[^\W\d_]+ )?(?P<paper>{_PAPER})"
    rf"(?:\W{{0,3}}(?:{_N})?|(?: [^\W\d_]+|[ '’][^\W\d_]+){{1,3}} {_N})\W{{0,4}}(?=\w)"
)
_NAMED: Final = re.compile(
    rf"(?<![^\W_]){_PAPER}(?: [^\W\d_]+){{0,2}}? \W?(?:sous (?:le )?|تحت "
    rf"|ذات )?(?:ال)?{_N}\W{{0,4}}(?=\w)"
)
_IDENTIFIED: Final = re.compile(
    rf"(?<![^\W_])(?:(?:ticket|dossier|t\.?f\.?|titre foncier|case|file|reference)\s\W?"
    r"|(?:sous (?:la |votre |notre )?ref(?:erence)?|referencee?s?|portant (?:la )?ref(?:erence)?"
    r"|under (?:the )?ref(?:erence)?|تحت (?:ال)?مرجع|ذات (?:ال)?مرجع)\W{1,3}"
    rf"|{_N} ?(?:de |du |d'|ال)?{_PAPER}\s?\W{{0,3}})(?=\w*\d|[a-z]{{1,6}}[\-/.])"
    rf"|(?<![^\W_]){_PAPER} (?=[a-z]{{1,5}}[\-/][^\s]{{0,12}}\d)"
)
_SAID: Final = re.compile(r"^\W*(?:la|le|les|the)\s(?=[^\n]*\d\W?\s[^\W\d_])")  # no title, a phrase
_ANSWERED: Final = re.compile(
    r"(?:(?<![^\W_])(?:votre|vos|your)(?! ref)|رسالتكم|مراسلتكم|ارساليتكم|كتابكم|مذكرتكم|انذاركم"
    r"|طلبكم|اشعاركم|جوابكم|فاتورتكم|قراركم|رخصتكم|محضركم)"
    rf"(?: [^\W\d_]+){{0,4}}? (?:sous (?:le )?|تحت |ذات )?(?:ال)?(?:{_N}|ref\.?|مرجع)\s*[:：.]?\s*"
)
# Orders and consultations are ours: an invoice or an offer answers them.
_ORDERED: Final = re.compile(
    r"(?:(?<![^\W_])(?:votre|vos|your)(?: [^\W\d_]+){0,2}? "
    r"|^\W*(?:(?:objet|concerne|subject|re)\s?:\s*)?|ref\. de votre )"
    r"(?:bons? de commande|commande|consultation|a\.?o\.?o?\.?(?= ?n\W)|request for quotation"
    r"|[ei]nquiry"
    r"|demandes? de prix|appels? d'offres(?: ouvert| restreint| international)?"
    r"|(?:purchase )?order|rfq|(?:ال)?طلبيه"
    rf"|سند (?:ال)?طلب(?:يه)?|طلب (?:ال)?اثمان)\s*(?:{_N})?\s*[:：.]?\s*"
    r"(?=[a-z]{1,5}[ \-/]?\d|[a-z]{2,5}/\d|\d{1,6}\s?[/\-])"
)
_TENDERED: Final = re.compile(
    rf"(?<![^\W_])(?:marches?|tender|(?:ال|لل|ب)?صفقه)\s*(?:{_N})?\s*[:：]?\s*"
    r"(?=\d{1,5}\s?/\s?[\w.]+\s?/|[a-z]{2,6}[/\-]\d+[/\-])"
)
_ANSWERED_BARE: Final = re.compile(
    r"(?:رسالتكم|مراسلتكم|كتابكم|طلبكم|جوابكم|ارساليتكم|مذكرتكم)\s*(?=\d{1,6}\s?[/\-]"
    r"|[\u0621-\u064a]{1,3}[./])"
    r"|(?<![^\W_])(?:votre|vos|your)(?: [^\W\d_]+)? (?:lettre|courrier|avis|note|message|mail"
    r"|envoi|bordereau|reponse"
    r"|decision|mise en demeure|letter|notice|e-?mail|reply)s? \W?"
    r"(?=[a-z]{1,6}[/\-.][^\s]{0,12}\d|[a-z]{2} \d{4}|\d{1,6}\s?[/\-]\s?[a-z])"
)
_NOT_ANSWERED: Final = re.compile(
    r"contrat|compteur|police|agence|virement|client|abonn|appel d'offres|marche|عقد|عداد|صفقه"
    r"|العروض"
)
_ENCLOSED: Final = re.compile(
    r"^\W*(?:p\.?\s?j|pieces? jointes?|annexes?|encl|(?:ال)?مرفق|رفقته|-|•)"
)


def find_references(text: str) -> list[tuple[str, Fact]]:
    """Return references and whose: "own" of the sender (N/Réf, مرجعنا) or "their", answered.

    Own are also the numbers of papers that the letter names: invoices, files, tickets, judgements.
    Only values that hold a digit count; the surest come first where one occurs twice.
    """
    lines, columns = text_lines(text), columns_of(text)
    found: list[tuple[str, Fact]] = []
    for number, line in enumerate(lines):
        if not any(sign.isdigit() for sign in line.folded) or len(line.folded) > _LONGEST:
            continue
        edge = number < HEAD or number >= len(lines) - FOOT
        here = _on_line(line, number, edge=edge)
        for piece in columns.get(line.text, ())[1:]:
            if _NUMBER_FIRST.match(piece):
                continue  # its label stands in the column before
            beside = _on_line(Line.of(piece), number, edge=edge)
            here += [one for one in beside if all(one[1].value not in o.value for _, o in here)]
        found += here
    found = by_courts(by_rows(text, lines, earlier_by_date(found)))
    named = all(whose == "their" or "named_paper" in fact.reasons for whose, fact in found)
    return found + (_placed(text, lines, found) if named else [])


_NUMBER_FIRST: Final = re.compile(r"\W*[^\s]*\d")


def _on_line(line: Line, number: int, *, edge: bool) -> list[tuple[str, Fact]]:
    """Return the references of a line, or of a column of it."""
    taken: list[range] = []
    found: list[tuple[str, Fact]] = []
    for whose, start, score, reason in _starts(line, number, edge=edge):
        for value, begins, end in _listed(line, start, least=_least(line, score), whose=whose):
            if not any(begins in one or end - 1 in one for one in taken):
                taken.append(range(begins, end))
                found.append(
                    (
                        whose,
                        Fact(value, lowered(score, value, line.folded[end:]), (reason,), line.text),
                    )
                )
    return found


def _listed(line: Line, start: int, *, least: int, whose: str) -> Iterator[tuple[str, int, int]]:
    """Yield the number that begins here, and those of the same make that a list goes on with."""
    value, end = reference(line, start, least=least)
    while value:
        yield value, start, end
        more = _AND.match(line.folded, end) if whose == "their" else None
        start = more.end() if more else start
        other, end = reference(line, start, least=1) if more else ("", end)
        value = other if re.search(r"[/\-.]", other) and _make(other) == _make(value) else ""


def _make(value: str) -> tuple[str, ...]:
    """Return the letters of a number; without any, which of its parts is a whole year."""
    parts = re.split(r"[/\-.]", value)
    years = ("year" if _WHOLE_YEAR.fullmatch(part.strip()) else "" for part in parts)
    return series(value) or tuple(years)


_WHOLE_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_AND: Final = re.compile(rf"\s?(?:,|;|&|\bet\b|\band\b|و(?=\s?\d|\s))\s?(?:{_N}\s*)?(?=[^\s]*\d)")


def _least(line: Line, score: float) -> int:
    """Return how many digits make a reference: one behind a label, a phrase or in a title."""
    return 1 if score >= _PHRASE_SCORE or _LETTER_TITLE.match(line.folded) else 3


_PHRASE_SCORE: Final = 0.7
_LETTER_TITLE: Final = re.compile(
    r"^\W*(?:courrier|lettre|envoi|bordereau|note|devis|facture|(?:ال)?(?:كتاب|رساله|مراسله"
    r"|ارساليه))"
    r"(?: d['’]envoi| de service)? \W?(?:n\s?[°ºo]|عدد|رقم)"
)


def _placed(
    text: str, lines: Sequence[Line], found: Sequence[tuple[str, Fact]]
) -> list[tuple[str, Fact]]:
    """Return the number in a body's head or foot, where no label introduces one."""
    if not read_sender(text).organisation:
        return []
    for line, start in placed_numbers(lines):
        value, _ = reference(line, start, least=1)
        if value and not any(fact.value in value or value in fact.value for _, fact in found):
            return [("own", Fact(value, 0.6, ("reference_label",), line.text))]
    return []


_LONGEST: Final = 2000  # characters of one line: longer ones are no letter's


def _starts(line: Line, number: int, *, edge: bool) -> Iterator[tuple[str, int, float, str]]:
    """Yield where a reference may begin, whose, how surely, and why; the surest first."""
    yield from _followed_up(line)
    yield from _labelled(line)
    yield from _answered(line)
    for start, score, reason in own_phrases(line, edge=edge):
        yield "own", start, score, reason
    if number < HEAD:
        for start, score, reason in starts_in_head(line):
            yield "own", start, score, reason
    for begins in followed_papers(line):
        yield "their", begins, 0.6, "named_paper"
    if titled := _TITLED.match(line.folded):
        itself = (
            number < HEAD
            and not NEVER_ITSELF.match(titled["paper"])
            and not _SAID.match(line.folded)
        )
        yield "own", titled.end(), 0.65, "reference_label" if itself else "named_paper"
    if not _ENCLOSED.match(line.folded):
        for pattern in (_NAMED, _IDENTIFIED):
            for match in pattern.finditer(line.folded):
                yield "own", match.end(), 0.6, "named_paper"


def _followed_up(line: Line) -> Iterator[tuple[str, int, float, str]]:
    """Yield where the number of an earlier letter, or of a paper of a row, may begin."""
    for begins in followed(line):
        yield "their", begins, 0.7, "earlier_letter"
    for begins in listed_papers(line):
        yield "their", begins, 0.6, "named_paper"


def _answered(line: Line) -> Iterator[tuple[str, int, float, str]]:
    """Yield where the number of a letter or an order of ours may begin."""
    for pattern in (_ANSWERED, _ANSWERED_BARE):
        for match in pattern.finditer(line.folded):
            if not _NOT_ANSWERED.search(match[0]):
                yield "their", match.end(), 0.8, "reference_label"
    for pattern in (_ORDERED, _TENDERED):
        for match in pattern.finditer(line.folded):
            yield "their", match.end(), 0.75, "reference_label"


def _labelled(line: Line) -> Iterator[tuple[str, int, float, str]]:
    for match in _LABELLED.finditer(line.folded):
        rest = line.folded[match.end() : match.end() + 60]
        answered = match["their"] or (
            not match["ours"] and (_LETTER.match(rest) or _OF_ORDER.search(match[0]))
        )
        why = "own_label" if match["ours"] else "reference_label"
        why = "named_paper" if _EARLIER.match(rest) else why
        if FOLLOWED.match(rest.lstrip(" -")):
            continue
        written = _LETTER_NUMBER.match(rest) if answered and not match["their"] else None
        start = match.end() + (written.end() if written else 0)
        yield ("their" if answered else "own"), start, 0.9, why


# A label of what we ordered: "Réf. marché :", "Référence commande :".
_OF_ORDER: Final = re.compile(r"(?<![^\W_])(?:marche|commande|consultation|appel d)(?![^\W_])")
# Behind a bare label: the letter that is answered or followed up.
_LETTER: Final = re.compile(
    r"\W*(?:votre|vos|your|[\u0621-\u064a]{3,9}كم(?![^\W_])|(?:ال)?(?:ارساليه|رساله|مراسله|كتاب)(?![^\W_])"
    r"|(?:lettre|courrier|bordereau|letter|message|note|circulaire|arrete|convention|p\.?v\.?"
    r"|proces-verbal"
    r"|(?:ال)?(?:مذكره|دوريه|برقيه)"
    r"|تعليمات|محضر)(?![^\W_]))"
)

# Its number, behind who wrote it: "مراسلة المندوب الإقليمي للصحة عدد 660/26".
_LETTER_NUMBER: Final = re.compile(
    rf"(?:\W*[^\W\d_]+(?![^\W\d_])){{1,8}}?\W{{1,3}}{_N}\s*[:：.]?\s*(?=[^\s]*\d)"
)
# Behind a bare label: a letter of the sender's own that had no answer.
_EARLIER: Final = re.compile(
    r"\W*(?:notre|nos|our|my|ma|mon|كتابنا|رسالتنا|مراسلتنا|ارساليتنا|شكايتي|رسالتي|طلبي)(?![^\W_])"
)
