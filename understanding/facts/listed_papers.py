"""Numbers in a row behind one noun, and delivery notes: papers that a letter is about, so cited.

"les factures 2026-211 et 2026-248", "الفاتورتين رقم 31 ورقم 37", "nos BL : 7731, 7740 et 7752".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from understanding.facts.lines import Line

_N: Final = (
    r"(?:n\s?[°ºo˚](?:\s?s(?![^\W_]))?|n[°ºo]?s\.?(?![^\W_])|nos?\.|numeros?|numbers?"
    r"|(?:ال)?(?:رقم|عدد|ارقام)(?:ها|هما)?)"
)
# Two or more papers of one sort; contracts, meters, permits and titles of land are none.
_PAPERS: Final = (
    r"(?:factures|invoices|quittances|relances|rappels|rapports|tickets|cautions|dossiers"
    r"|affaires|offres|lettres|courriers|letters|reclamations|complaints|jugements|arrets"
    r"|ordonnances|bordereaux|reports"
    r"|(?:ال|لل|ب|و)*(?:فواتير|فاتورت[اي]ن?|رسالت[اي]ن?|رسائل|مراسلت[اي]ن?|مراسلات|كتابين|كتب"
    r"|قرارين|قرارات|حكمين|احكام|ملفين|ملفات|شكايت[اي]ن?|شكايات|تقريرين|تقارير"
    r"|انذارين|انذارات|اوامر)(?:نا|كم|ي)?)"
)
_DELIVERED: Final = (
    r"(?:bons? de livraison|bordereaux? de livraison|b\.?l\.?|delivery notes?"
    r"|(?:ال|ب|ل|و)*(?:سند|سندات|وصل|وصول|وصولات|بون) (?:ال)?تسليم)"
)
# One number of such a row: figures, with letters and strokes, or their spaced thousands.
_NUMBER: Final = r"(?:bl )?(?=[^\s]{0,12}\d)[^\W_]{1,12}(?:[/.\-][^\W_]{1,12}){0,5}"
_DATED: Final = (
    r"(?: (?:du|of|dated|بتاريخ|المورخه? في) \d[^\s,;()]{0,10}(?: [^\W\d_]{3,9} \d{4})?)?"
)
_AND: Final = rf"\s?(?:,|;|،|\bet\b|\band\b|\bو\b|و(?=[\dرعا]))\s?(?:{_N}\s?)?"
_ITEM: Final = re.compile(rf"({_NUMBER}){_DATED}")
_NEXT: Final = re.compile(rf"{_AND}(?={_NUMBER})")
_NO_PAPERS: Final = (
    r"contra[ct]|compteur|meter|polic|client|abonne|account|customer"
    r"|(?:ال|ل|ب)*(?:عقد|عقود|عداد|مشترك|زب)"
)
_LISTED: Final = re.compile(
    rf"(?<![^\W_]){_PAPERS}(?: (?!{_NO_PAPERS})(?:d['’])?[^\W\d_]{{1,14}}){{0,2}}?[،,]?"
    rf"(?: ذات)?\s?(?:{_N})?\s?[:：]?\s?"
    rf"(?={_NUMBER})"
)
# Three figures at least: "bl 12" is a block of houses.
_NOTE: Final = re.compile(
    rf"(?<![^\W_]){_DELIVERED}\s?(?:{_N})?\s?[:：]?\s?"
    r"(?=(?:bl\W?)?[^\W_]{0,4}[/\-]?(?:\d{3}|\d\d?[/\-]\d\d))"
)
# What this very letter brings is its own.
_BROUGHT: Final = re.compile(r"ci-joint|veuillez trouver|sous ce pli|please find|طيه|رفقته|تجدون")
_SUM: Final = re.compile(
    r"\s?(?:dhs?|mad|dirhams?|درهم|%|m3|kwh|mois|jours|exemplaires|شهر|اشهر|ايام)(?![^\W_])"
)
_NEAR: Final = 80  # characters from there to the papers
# A ruling that the phrase speaks of; one that begins its line may be the letter itself.
_RULED: Final = re.compile(
    rf"(?<=[^\W\d_] )(?:jugement|arret|ordonnance|judgment|ruling|(?:ال|ل|ب)*حكم) (?:{_N})\s?"
    rf"(?={_NUMBER})"
    r"|(?<![^\W_])(?:jugement|arret|ordonnance|decision)"
    r" (?:attaquee?|entreprise?|deferee?|dont appel)"
    rf"\s?:?\s?(?:{_N})\s?(?={_NUMBER})"
)
_BILL: Final = r"(?:facture|invoice|bill|(?:ال|ل|ب|و)*فاتور(?:ه|تكم|ت[يه]))"
# A bill that the phrase says was paid or has to be; one named twice in a line is a row too.
_PAID: Final = re.compile(
    r"(?<![^\W_])(?:paiement|reglement|remboursement|rectification|annulation|paye|paie|regle"
    r"|acquitte|conteste|payment of|paid|settled|dispute"
    r"|(?:ال|ل|ب|و)*(?:اداء|سداد|تسديد|الغاء|تصحيح|مراجعه)|(?:اد|سدد|دفع|خلص)(?:يت|ينا|ت|نا))"
    r"(?:er|es?|s|ons)?(?: (?:de|d['’]|hier|deja|مبلغ|ثمن|قيمه|واجب))?"
    r"(?: (?:la|ma|cette|votre|notre|the|your|our|my))?"
    rf" {_BILL}\s?(?:{_N})?\s?[:：]?\s?(?={_NUMBER})"
)
_ONE_BILL: Final = re.compile(rf"(?<![^\W_]){_BILL}\s?(?:{_N})?\s?(?={_NUMBER})")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_MOST: Final = 20  # numbers of one row


def listed_papers(line: Line) -> Iterator[int]:
    """Yield where each number of a row of papers begins, and that of a delivery note."""
    text = line.folded
    for match in _NOTE.finditer(text):
        heads = re.search(r"[^\W_]", text[: match.start()]) is None
        yield from _row(text, match.end(), least=2 if heads else 1)
    for match in _LISTED.finditer(text):
        if not _BROUGHT.search(text, max(0, match.start() - _NEAR), match.start()):
            yield from _row(text, match.end(), least=2)
    yield from _bills(text)
    for match in _RULED.finditer(text):
        yield from _row(text, match.end(), least=1)


def _bills(text: str) -> list[int]:
    """Return where the numbers of bills begin: named one by one, or to be paid."""
    if _BROUGHT.search(text):
        return []
    paid = [match.end() for match in _PAID.finditer(text)]
    named = [match.end() for match in _ONE_BILL.finditer(text)]
    begins = named if len(named) >= _LEAST_NAMED else paid
    return [start for each in begins for start in _row(text, each, least=1)]


_LEAST_NAMED: Final = 2


def _row(text: str, start: int, *, least: int) -> list[int]:
    """Return where the numbers of the row begin, or none where they are too few."""
    starts: list[int] = []
    while len(starts) < _MOST and (item := _ITEM.match(text, start)):
        if _SUM.match(text, item.end()) or _YEAR.fullmatch(item[1]):
            break
        starts.append(item.start())
        more = _NEXT.match(text, item.end())
        if more is None:
            break
        start = more.end()
    return starts if len(starts) >= least else []
