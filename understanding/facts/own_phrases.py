"""Words that call a number the writer's own, whatever stands before them: registers, requests.

A house names the book in which it keeps what it sends ("Chrono départ : 00618", "صادر تحت: 39"),
asks for the number in the answer ("à rappeler", "يذكر في كل جواب"), or says it in a phrase ("notre
lettre porte le numéro 9", "وعندنا في المكتب").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from understanding.facts.lines import Line

_MOST: Final = 110  # characters of a line of head or foot
_N: Final = (
    r"(?:(?:sous |tel )?(?:le |la )?(?:n\s?[°ºo˚]|n|no|nos|num|numero|number)\b[.:]?"
    r"|(?:تحت |ب|ذات )?(?:ال)?(?:رقم|عدد)|تحت)"
)
# A line, or a part of it behind a dash, a gap or a bracket, begins with the book's name.
_BEGINS: Final = r"(?:^\W*|(?:\s[–—\-|]|[(\[]|[.;،])\s?)"
_BEHIND: Final = rf"\s*(?:{_N}\s*)?[:：/.]?\s*(?=[^\s:]*\d|[^\W_]{{1,3}}[./])"
_REGISTER: Final = re.compile(
    rf"{_BEGINS}(?:{_N}\s*(?:de |du |d['’]|des )?)?"
    r"(?:(?:courriers?|registre|bureau|cahier|chrono)\s(?:de |des |du |d['’])?)?(?:au )?"
    rf"(?:departs?|chrono(?:logique)?|sortie|expedition|outgoing(?: (?:mail|letter))?"
    rf"|dispatch){_BEHIND}"
    rf"|{_BEGINS}(?:(?:سجل|رقم|عدد|مكتب|كناش|دفتر)\s)?(?:ال)?صادر(?:ه|ات)?{_BEHIND}"
    r"|(?:^\W*|\s[–—\-|]\s?)(?:ال)?(?:رقم|عدد) (?:ال)?(?:ترتيبي|تسلسلي)(?: (?:لل"
    r"|ال)[^\W\d_]+)?\s*[:：]?\s*(?=\d)"
)
_RECALL: Final = re.compile(
    r"(?<![^\W_])(?:a|de) (?:nous )?rappeler(?! que)[^\d:]{0,40}?[):：.\s]+(?=[^\s:]*\d)"
    r"|(?<![^\W_])(?:merci de|priere de|veuillez) (?:rappeler|indiquer|mentionner|citer) (?:la "
    r"|cette |notre )?ref\w*"
    r"[^\d:]{0,40}?[:：]?\s*(?=[^\s:]*\d)"
    r"|(?<![^\W_])(?:please )?quot(?:e|ing)(?: (?:our|this|the|in|on|reply|ref\w*|number|no|all"
    r"|any|when|replying|replies"
    r"|correspondence|answer))*\s?[:：.]?\s*(?=[^\s:]*\d)"
    r"|(?:يذكر|تذكر|ذكر|(?:ال)?تذكير ب|الاشاره الي)(?:ه)?(?: هذا| (?:ال)?(?:رقم|مرجع))?(?: في| عند"
    r"| مع)?(?: كل| اي)?"
    r" (?:ال)?(?:جواب|رد|مراسله|اجابه|مراسلات)(?:كم)?\s?[:：]\s*(?=[^:]{0,16}\d)"
    r"|(?:ال)?(?:اشاره|تذكير|احاله) (?:في|عند) (?:كل )?(?:ال)?(?:جواب|رد|مراسلت|اجابت)(?:كم)?"
    r" (?:الي|ب)(?: (?:ال)?(?:مرجع|رقم|عدد))?\s?[:：]\s*(?=[^:]{0,16}\d)"
)
_NAMED_SO: Final = re.compile(
    r"(?<![^\W_])(?:(?:la|le) presente?|cette (?:lettre|note)|ce (?:courrier|message)|(?:notre|ma"
    r"|mon) (?:lettre|courrier)"
    r"|this letter|our letter)(?: (?:lettre|note|demande|[^\W\d_]+ement))?,?"
    r" (?:porte|est (?:numerotee?|enregistree?|inscrite?)|bears|carries|is numbered)"
    rf"(?: (?:la|le|the|sous|ref\w*))*\s?(?:{_N})?\s*(?=[^\s:]*\d)"
    r"|(?:(?:رسالتنا|كتابنا|مراسلتنا|رسالتي) )?هذ[اه] (?:(?:التي|الذي) )?(?:تحمل|يحمل"
    r"|مسجله?)(?: (?:ال)?(?:ترتيب|رقم|عدد|مرجع))?\s"
    r"(?=[^\W_]{1,3}(?:[./\s][^\W\d_]{1,3})*\s?/\s?\d|[^\s:]*\d)"
    r"|(?:كتاب|رساله|مراسله)(?:نا|تنا)?\s(?:هذ[اه] )?(?:ال)?مسجله? (?:عندنا|لدينا)"
    r" تحت(?: (?:رقم|عدد))?\s(?=\d)|هذا الكتاب (?:ال)?مسجل (?:عندنا|لدينا)"
    r" تحت(?: (?:رقم|عدد))?\s(?=\d)"
)
_AT_OURS: Final = re.compile(
    r"(?<![^\W_])(?:chez nous|(?:de|a) notre (?:cote|etude|cabinet|bureau|agence)"
    r"|dans nos (?:livres|registres|archives)"
    r"|(?:on|at) our (?:side|end|office)"
    r"|(?:inscrite?|enregistree?|porte?e?|repertoriee?) (?:a|dans|sur|au) (?:notre|nos)"
    r" (?:registres?|repertoires?|minutes|livres)"
    r"|(?:مضمن|مسجل|مقيد)(?:ه|ا)? (?:ب|في )(?:سجل|سجلات|كناش|دفتر)(?:نا|ي)"
    r"|و?(?:عندنا|لدينا|من جهتنا))[^\d:;.،]{0,30}?\s?[\s:]\s?"
    r"(?=[^\W\d_]{1,5}[./\-][^\s]{0,12}\d|\d{1,6}[/\-][^\s]{0,6}[^\W\d_])"
)


def own_phrases(line: Line, *, edge: bool) -> Iterator[tuple[int, float, str]]:
    """Yield where a number begins that the words before it call the writer's own.

    `edge`: the line is of the head or the foot, where alone a register's name means this letter.
    """
    if edge and len(line.folded) <= _MOST:
        for match in (*_REGISTER.finditer(line.folded), *_RECALL.finditer(line.folded)):
            yield match.end(), 0.7, "reference_label"
    for pattern in (_NAMED_SO, _AT_OURS):
        for match in pattern.finditer(line.folded):
            yield match.end(), 0.65, "reference_label"
