"""Heads and closings around letters of the starting set, which are bare, as an office's post has.

Half of the letters are asked about so when the threshold of a sure answer is set. Nothing is learnt
from frames, and every person, street and number in them is invented by chance.
"""

from __future__ import annotations

import random
import re
import zlib
from typing import Final

from understanding.starting_set.examples import Example

_OFFICIAL: Final = frozenset(
    ("administrative", "legal_notice", "invoice", "quotation", "tender", "circular")
)
_ARABIC: Final = re.compile("[\u0621-\u064a]")
_NUMBER: Final = re.compile(r"#+")  # as many figures
_SOME: Final = {  # what stands for the words in braces: French, Arabic
    "name": (
        ("Ahmed Bennani", "Fatima Ouazzani", "Youssef Tazi", "Naima Chraibi", "Hassan Lahlou"),
        ("أحمد بناني", "فاطمة الوزاني", "يوسف التازي", "نعيمة الشرايبي", "حسن لحلو"),
    ),
    "town": (
        ("El Jadida", "Casablanca", "Safi", "Settat"),
        ("الجديدة", "الدار البيضاء", "آسفي", "سطات"),
    ),
    "street": (
        ("rue Ibn Khaldoun", "avenue Hassan II", "hay Essalam", "lotissement Al Amal"),
        ("زنقة ابن خلدون", "شارع الحسن الثاني", "حي السلام", "تجزئة الأمل"),
    ),
    "day": (
        ("12/03/2026", "3 juin 2025", "27 janvier 2026", "9 octobre 2025"),
        ("12/03/2026", "3 يونيو 2025", "27 يناير 2026", "9 أكتوبر 2025"),
    ),
}
_PERSON: Final = (
    (
        "{name}\n##, {street}, {town}\nTél. : 06 ## ## ## ##",
        "Nom et prénom : {name}\nCIN : M######\nAdresse : {street}, {town}",
        "{name}\n{street} – {town}\nclient.######@gmail.com",
        "",
    ),
    (
        "{name}\nالساكن ب{street} رقم ##، {town}\nالهاتف: 06########",
        "الاسم الكامل: {name}\nرقم البطاقة الوطنية: M######\nالعنوان: {street}، {town}",
        "من {name}\n{street}، {town}",
        "",
    ),
)
_BODY: Final = (
    (
        "{street}, {town} – Tél. 0523 ######\nRC ##### – IF ######## – ICE ###############",
        "N° ###/##\nTél. : 05######## – Fax : 05########",
    ),
    (
        "{street}، {town} – الهاتف 05########\nالسجل التجاري #####",
        "عدد: ###/##\nالهاتف: 05######## – الفاكس: 05########",
    ),
)
_BEFORE: Final = (  # French, Arabic: date, addressee, greeting
    (
        ("{town}, le {day}", "Fait à {town} le {day}", ""),
        (
            "À Monsieur le Directeur général de la Régie autonome de distribution d'eau et"
            " d'électricité",
            "À l'attention de Monsieur le Directeur",
            "",
        ),
        ("Monsieur le Directeur,", "Madame, Monsieur,", ""),
    ),
    (
        ("{town} في {day}", "{town}، بتاريخ {day}", ""),
        (
            "إلى السيد المدير العام للوكالة المستقلة لتوزيع الماء والكهرباء",
            "إلى السيد المدير المحترم",
            "",
        ),
        ("سلام تام بوجود مولانا الإمام، وبعد،", "تحية طيبة وبعد،", ""),
    ),
)
_BEHIND: Final = (  # closing, signature, what stands below
    (
        (
            "Veuillez agréer, Monsieur le Directeur, l'expression de mes salutations distinguées.",
            "Dans l'attente d'une suite favorable, je vous prie d'agréer mes sentiments"
            " respectueux.",
            "",
        ),
        ("{name}", "{name}", ""),
        ("P.J. : copie de la CIN", "N° de contrat : #######", "", ""),
    ),
    (
        (
            "وفي انتظار جوابكم تقبلوا سيدي فائق التقدير والاحترام.",
            "وتفضلوا بقبول خالص عبارات التقدير، والسلام.",
            "",
        ),
        ("{name}", "{name}", ""),
        ("المرفقات: نسخة من البطاقة الوطنية", "رقم العقدة: #######", "", ""),
    ),
)


def is_asked_framed(letter: Example) -> bool:
    """Return whether this letter is one of the half that is asked about within a frame."""
    bundled = not (letter.office or letter.phrase)
    return bundled and zlib.crc32(letter.ident.encode()) % 2 == 0


def framed(letter: Example) -> str:
    """Return the letter's text within a frame in its language, always the same one."""
    chance = random.Random(letter.ident)  # noqa: S311 - no secret: any spread will do
    text = letter.text
    arabic = 2 * len(_ARABIC.findall(text)) > sum(char.isalpha() for char in text)
    words = {key: chance.choice(some[arabic]) for key, some in _SOME.items()}
    sender = (_BODY if letter.kind in _OFFICIAL else _PERSON)[arabic]
    before = [chance.choice(some) for some in (sender, *_BEFORE[arabic])]
    behind = [chance.choice(some) for some in _BEHIND[arabic]]
    filled = [_figures(one.format(**words), chance) for one in before] + [text]
    filled += [_figures(one.format(**words), chance) for one in behind]
    return "\n".join(one for one in filled if one)


def _figures(text: str, chance: random.Random) -> str:
    return _NUMBER.sub(lambda found: "".join(chance.choices("0123456789", k=len(found[0]))), text)
