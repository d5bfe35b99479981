"""Numbers of the writer's own earlier letters, which this one follows up, replaces or repeats."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from language.fold import fold
from language.number_formats import number_key
from understanding.facts.lines import Line
from understanding.facts.number_candidates import numbers_of
from understanding.facts.signature import ENCLOSED
from understanding.facts.subject_dates import Fact

_N: Final = (
    r"(?:n\s?[°ºo˚*'\"]|n\.|no\b\.?|num(?:ero)?|number|#"
    r"|رقم(?:ه|ها|ي)?|عدد(?:ه|ها)?|تحت عدد|تحت رقم)"
)
# A number that needs no word before it: letters and figures that strokes join.
_CODE: Final = (
    r"(?=[a-z]{1,6}(?:[/\-.][^\W_]{1,8}){0,3}[/\-.]\d"
    r"|[\u0621-\u064a]{1,3}(?:[./\s][\u0621-\u064a]{1,3}){0,4}\s?[/\-]\s?\d"
    r"|\d{1,6}\s?[/\-]\s?[^\W\d_]{1,6}(?:\s|[./\-]|$)"
    r"|\d{1,4}[./\-]\d{1,6}[./\-][^\W\d_]"
    r"|\d{1,6}\s[\u0621-\u064a]{1,2}\.[\u0621-\u064a])"
)
_SENT: Final = (
    r"(?:lettre|courrier|circulaire|envoi|correspondance|requete|reclamation|demande|relance"
    r"|message|e-?mail|mail"
    r"|courriel|fax|telecopie|telegramme|note|rappel|mise en demeure|signalement|saisine|rapport"
    r"|transmission"
    r"|letter|request|complaint|reminder|notice|memo)s?"
)
_BEFORE: Final = (
    r"(?:premiere?|deuxieme|seconde?|derniere?|precedente?s?|1ere|2e(?:me)?"
    r"|first|second|last|previous|earlier)"
)
_LINK: Final = (
    rf"(?:(?: [^\W\d_]+){{0,2}}? \W?(?:sous (?:le )?|تحت |ذات )?(?:ال)?{_N}\s*[:：.]?\s*"
    r"|(?: (?:du|le|of|dated|en date du) [^()\n;:]{4,25}?)?,?\s?\W?(?:sous "
    r"|ref\w*)\.?(?: ref\w*)?\s*[:：.]?\s*(?=[^\s]*\d)"
    r"|(?: (?:ال)?(?:اولي|ثانيه|ثالثه|سابقه?|اخيره?))?\s[(«\"]?(?:(?:courrier|lettre|note|message"
    r"|mail)\s)?" + _CODE + r")"
)
# "notre courrier n°", "ma relance du 3 mai (réf. …)", "برسالتنا الثانية ج.ت/14".
FOLLOWED: Final = re.compile(
    rf"(?<![^\W_])(?:(?:mon|ma|mes|notre|nos|my|our)(?: {_BEFORE})? {_SENT}"
    r"|(?:ل|ب|و)?(?:رسال|مراسل|ارسالي|مذكر|دوري|شكاي)(?:تنا|تي|تينا)"
    r"|(?:ل|ب)?(?:كتاب|طلب|تذكير|انذار)(?:نا|ي)"
    rf")(?: {_BEFORE})?{_LINK}"
)
# "nous vous avons écrit sous le n°", "راسلناكم تحت 27", "la précédente, n° 6", "la mienne n°".
_WRITTEN: Final = re.compile(
    r"(?<![^\W_])(?:(?:nous vous avons|je vous ai|vous avons|vous ai|we wrote to you"
    r"|i wrote to you)(?: [^\W\d_]+){0,3}? "
    rf"(?:sous|under)(?: le| the)? (?:{_N}|ref\w*\.?)\s*[:.]?\s*"
    rf"|(?:la|le) (?:{_BEFORE}|mienne?|notre),? (?:{_N})\s*"
    r"|(?:راسلنا|كاتبنا|اشعرنا|كتبنا ل)(?:كم|ك)(?: [^\W\d_]+){0,3}?"
    r"(?: بتاريخ [^()\n;:]{4,25}?)? (?:تحت(?: رقم| عدد)?|ب?رقم"
    r"|ب?عدد)\s)(?=[^\s]*\d)"
)
# "Par lettre n° 0288 du 4 mai", "réf. : V/L n° 12", "communiquée sous le n°": whosever it was.
_NAMED: Final = re.compile(
    rf"(?:(?<![^\W_])(?:par|by) (?:(?:notre|votre|ma|la|une|our|your|a) )?{_SENT}(?: (?:du|of|dated"
    rf"|recommandee?|datee?) [^()\n;:]{{4,25}}?)? {_N}\s*[:.]?\s*"
    rf"|(?<![^\W_])[nv]\s?/\s?l(?:ettre)?\.?\s?{_N}\s*[:.]?\s*"
    rf"|(?<![^\W_])(?:communique|transmis|adresse|notifie)e?s? sous (?:le |la )?(?:{_N}|ref\w*\.?)"
    r"\s*[:.]?\s*)(?=[^\s]*\d)"
)
# "annule et remplace la note n°", "(remplace NFM-D-260411-1)", "تلغي المذكرة".
_REPLACED: Final = re.compile(
    r"(?<![^\W_])(?:remplace|annule|replaces|cancels|supersedes|[يت](?:لغي|عوض))(?: et (?:remplace"
    r"|annule))?(?: [^\W\d_]+ment)?\s(?:(?:la|le|notre|celle|celui|the|our)\s)?"
    rf"(?:(?:ال)?(?:{_SENT}|devis|offre|facture|mienne?|note de service|مذكره|دوريه|رساله|مراسله"
    rf"|كتاب)\s)?\W?"
    rf"(?:{_N}\s*)?(?=[^\s]*\d[^\s]*[/\-.]|[^\s]*[/\-.][^\s]*\d)"
)


def followed(line: Line) -> Iterator[int]:
    """Yield where a phrase introduces the number of an earlier letter of the writer."""
    for pattern in (FOLLOWED, _WRITTEN, _NAMED, _REPLACED):
        for match in pattern.finditer(line.folded):
            if pattern is FOLLOWED and _heads(line, match):
                continue
            yield match.end()


def _heads(line: Line, match: re.Match[str]) -> bool:
    """Return whether the words begin their line and so head this very letter.

    No point of a list does, and no phrase that goes on: "Notre courrier 26-97 du 6 mai demandait …"
    """
    before = re.search(r"[^\W\d_]|[\-–—•*▪]\s", line.folded[: match.start()])
    goes_on = len(re.findall(r"(?<![^\W\d_])[^\W\d_]{2,}", line.folded[match.end() :])) >= _PHRASE
    return before is None and not goes_on and re.search(rf"\b{_BEFORE}\b", match[0]) is None


_PHRASE: Final = 6  # words behind a number that make a phrase of its line


def series(value: str) -> tuple[str, ...]:
    """Return the letters of a number, part by part, which its writer's other numbers share.

    Empty where they are too few: "A-2207" may be anybody's.
    """
    folded = fold(value)
    parts = re.findall(r"[^\W\d_]+", folded)
    strokes = len(re.findall(r"[/\-.]", value))
    years = len(re.findall(r"(?<!\d)[12]\d(?=[^\W\d_])|(?<=[^\W\d_])[12]\d(?!\d)", folded))
    return tuple(sorted(parts)) if parts and sum(map(len, parts)) + strokes + years >= 3 else ()


def earlier_by_date(found: Sequence[tuple[str, Fact]]) -> list[tuple[str, Fact]]:
    """Return the references; cited is an own one that a date follows, beside the letter's number.

    "N° 551/2026/DEL" heads the letter, "N. Réf. : 498/2026/DEL du 24.03.2026" is an earlier one.
    """
    heads = {
        letters: fact.value
        for whose, fact in found
        if whose == "own" and "head_number" in fact.reasons and (letters := series(fact.value))
    }
    out = []
    for whose, fact in found:
        head = heads.get(series(fact.value))
        _, _, behind = fact.words.partition(fact.value)
        if whose == "own" and head and head != fact.value and _DATED.match(behind):
            whose, fact = "their", Fact(fact.value, 0.7, ("earlier_letter",), fact.words)
        out.append((whose, fact))
    return out


_DATED: Final = re.compile(r"\s(?:du|of|dated|بتاريخ)\s\d")


def in_series(lines: Sequence[Line], own: Collection[str], known: Collection[str]) -> list[Fact]:
    """Return numbers built as the letter's own, with other figures: earlier letters of the writer.

    `known`: keys of numbers to leave out, the own ones among them.
    """
    wanted = {letters for one in own if (letters := series(one))}
    found: dict[str, Fact] = {}
    for line in lines:
        if ENCLOSED.match(line.folded) or _BILLED.search(line.folded):
            continue
        if not any(all(part in line.folded for part in letters) for letters in wanted):
            continue
        for value in numbers_of(line):
            key = number_key(value)
            of_own = any(value in one or one in value for one in own)
            if series(value) in wanted and key not in known and not of_own:
                found.setdefault(key, Fact(value, 0.6, ("earlier_letter",), line.text))
    return list(found.values())


# Bills of one series are what a reminder asks for, and each is a paper of its own.
_BILLED: Final = re.compile(
    r"(?<![^\W_])(?:factures?|invoices?|(?:ال|ل|ب)*ف(?:اتور|واتير)\w*)(?![^\W_])"
)
