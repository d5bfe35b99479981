"""The number that a body gives its own letter, by its place: in the head, or under the letter.

No list of labels tells it: whatever words stand before it, unless they say that the number is
another's, or that of a contract, a telephone, a law, a person or a company.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from language.dates import find_dates
from understanding.facts.letterhead_words import ADDRESS, ADDRESSEE, CONTACT
from understanding.facts.lines import Line

HEAD: Final = 14  # lines
FOOT: Final = 4
# A number alone in the head of an office's letter: "عدد: 123/ق ع/2026", "N° 45/DRH/2026".
_BARE: Final = re.compile(
    r"^\W*(?:(?:(?:ال)?(?:مراسله|ارساليه|رساله) )?(?:ال)?(?:عدد|رقم)|n\s?[°ºo.]|no\.)\s*[:：.]?\s*"
    r"(?=[^\n]{0,16}/|\d{4}-[a-z]|[a-z]{1,5}-?\d|\d{1,6} [\u0621-\u064a]{1,2}\.)"
)
# A line in the head that is nothing but a reference: "DRH/SOC/2026/118".
_ALONE: Final = re.compile(
    r"^(?!tel|fax|gsm)(?=[^/]*/[^/]*/)(?=.*[^\W\d_])(?=.*(?<!\d)(?:20)?[12]\d(?!\d))"
    r"(?:[^\W_]{1,8}[/.\-]){2,6}[^\W_]{1,8}(?:\s[–—-]\s\d{1,2}/\d{1,2}/(?:20)?\d\d)?$"
)
_BRACKETED: Final = re.compile(
    r"^\W*(?:subject|objet|re|الموضوع)\s*:[^\[\n]{0,20}\[#?(?=[a-z]{1,6}-?\d)"
)
# Initials, points and figures that strokes join: "ش.ت/ 26 / 8813", "D.P.E.E/EJ/SI/26 — 0917".
CODE: Final = re.compile(
    r"(?<![^\W_])[^\W_]{1,16}(?:(?:\s?[/\\]\s?|[\-–.]|\s[–—-]\s(?=\d+(?![\d/.\-])))[^\W_]{1,16}){0,8}"
)
NUMBER: Final = re.compile(
    r"(?<![^\W_])(?:n\s?[°ºo˚]|n|nos?|num|numero|number|(?:ال)?(?:رقم|عدد))(?![^\W_])"
)
_SMALL: Final = re.compile(r"[ب-ي\W]*\d{1,7}\W*$")
# What a number is that is none of the letter's own.
OTHERS: Final = re.compile(
    r"(?<![^\W_])(?:v\s?/\s?|(?:votres?|vos|your|suite|reponse|objet|subject|contrat|contract|police|polic"
    r"|compteurs?|meter|clients?|customer|abonnes?|abonnement|account|comptes?|affilie\w*|adherent"
    r"|ice|rc|if|cnss|tp|tva|vat|patente|rib|iban|swift|inpe|cin|cnie|passeport|passport|matricule"
    r"|agrement|capital|loi|law|dahir|decret|article|arrete|norme|iso|titre|t\.?f|lot|villa|appt"
    r"|commande|order|bc|po|marche|tender|consultation|offres|date|periode|exercice|annee|mois"
    r"|total|montant|net|prix|price|qte|poste|ext|page|pages|bp|b\.p|code|recu|quittance|receipt"
    r"|permis|accuse|carte|jugement|arret|bl|charity|registered|reg|fax|tel|telephone|gsm"
    r"|\S*(?<=\w\w)كم|جوابا|ردا|تبعا|الموضوع|(?:ال|لل|ب)?(?:عقد|عقده|عداد|زبون|زبناء|اشتراك|مشترك|حساب"
    r"|انخراط|منخرط|تامين"
    r"|بوليصه|هاتف|فاكس|بطاقه|قانون|ظهير|مرسوم|فصل|ماده|رسم|صفقه|عروض|سند|طلبيه|وصل|رخصه|حكم|قرار|امر"
    r"|تاريخ|مده|سنه|مبلغ|مجموع|ثمن|شقه|صندوق|سجل تجاري|ضريبه|ص\.ب|ت\.م\.م))(?![^\W_]))"
)
_BARS: Final = 2  # of a row of a table, which numbers other papers
_MOST_WORDS: Final = 6  # of a label
_FEW_WORDS: Final = 2  # of a label that neither a colon nor a word of numbers ends


def starts_in_head(line: Line) -> Iterator[tuple[int, float, str]]:
    """Yield where the sender's number may begin, by a word of numbers or its form."""
    bare = _BARE.match(line.folded)
    if bare and line.text.count("|") < _BARS:
        yield bare.end(), 0.7, "head_number"
    if _ALONE.match(line.folded):
        yield 0, 0.65, "head_number"
    if bracketed := _BRACKETED.match(line.folded):
        yield bracketed.end(), 0.65, "reference_label"


def placed_numbers(lines: Sequence[Line]) -> Iterator[tuple[Line, int]]:
    """Yield lines of the head and the foot whose number is the letter's by its place alone."""
    places = dict.fromkeys([*range(min(HEAD, len(lines))), *range(len(lines))[-FOOT:]])
    for place in places:
        line = lines[place]
        short = len(line.text) <= 100 and any(sign.isdigit() for sign in line.text)
        start = _placed(line) if short else None
        if start is not None:
            yield line, start


def _placed(line: Line) -> int | None:
    if ADDRESS.match(line.folded) or ADDRESSEE.match(line.folded) or "@" in line.text:
        return None
    label, dated = 0, [range(one.start, one.end) for one in find_dates(line.text)]
    for code in CODE.finditer(line.folded):
        if not any(sign.isdigit() for sign in code[0]):
            continue
        if any(one.start < line.places[code.start()] < one.stop for one in dated):
            label = code.end()
            continue
        rest = line.written(code.start())
        date = next(iter(find_dates(rest)), None)
        if date and date.start == 0:  # "Date : 24.12.2024 N° d'envoi : 1187/CAB"
            label = code.end()
            continue
        own = _is_own_number(line.folded[label : code.start()], code[0], rest)
        return code.start() if own else None
    return None


def _is_own_number(label: str, code: str, rest: str) -> bool:
    """Return whether a number behind this label, or without one, can be the letter's own."""
    words = re.findall(r"[^\W\d_]+", label)
    date = next(iter(find_dates(rest)), None)
    if len(words) > _MOST_WORDS or OTHERS.search(label) or (date and date.start == 0):
        return False
    if re.match(r"no?\.\d", code) or CONTACT.search(rest[:40]):
        return False
    joined = re.search(r"[/\\\-–—]", code) is not None
    letters = re.search(r"[^\W\d_]", code) is not None
    if re.search(r"[:：/]\s*$", label) or NUMBER.search(label):
        numbered = NUMBER.search(label)
        whole = len(rest.strip()) <= len(code) + 8 or date is not None
        if joined or (letters and re.search(r"\d{3}", code)):
            return bool(re.search(r"\d\d", code)) and not CONTACT.search(label)
        return bool(numbered and len(words) <= _FEW_WORDS + 1 and whole and _SMALL.match(rest)
                    and not _unit_number(label))  # fmt: skip
    if words and not re.match(r"[^\W\d_]{4}", words[-1]):
        return False
    alone = not words and (len(rest.strip()) <= len(code) + 2 or date is not None)
    return joined and letters and (alone or 0 < len(words) <= _FEW_WORDS)


def _unit_number(label: str) -> bool:
    """Return whether the word before "n°" has numbers of its own: "Brigade n° 2", "Annexe n° 1"."""
    return not re.match(r"^\W*(?:n\b|no\b|num|(?:ال)?(?:رقم|عدد)|سجل|enreg|devis|note)", label)
