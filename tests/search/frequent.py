"""Letters of some frequent words, which few have in their subjects."""

import random
from typing import Final

from search.contract import SearchDocument
from tests.search.letters import OFFICE, letter

FREQUENT: Final = ("facture", "الفاتورة", "compteurs", "وعداد")
_FILLING: Final = [
    *("le", "service", "de", "la", "commune", "a", "reçu", "votre", "dossier", "hier"),
    *("مصلحة", "الجماعة", "توصلت", "بملفكم"),
]


def letters_of_frequent_words() -> list[SearchDocument]:
    """Return 1,200 letters of several years, some of them of other readers."""
    drawn = random.Random(7)
    letters = []
    for serial in range(1, 1201):
        text = drawn.choices(_FILLING, k=drawn.randint(3, 40))
        subject = drawn.choices(_FILLING, k=drawn.randint(2, 6))
        for word in FREQUENT:
            forms = [word, word.removeprefix("ال"), f"{word}s"]
            if drawn.random() < 0.7:
                text += drawn.choices(forms, k=drawn.randint(1, 4))
            if drawn.random() < 0.04:
                subject.append(drawn.choice(forms))
        readers = OFFICE if drawn.random() < 0.9 else ("others",)
        letters.append(
            letter(
                serial,
                text=" ".join(text),
                subject=" ".join(subject),
                parties="Société Compteurs" if drawn.random() < 0.2 else "",
                reader_tokens=readers,
                kind=("invoice", "complaint", "request")[serial % 3],
                department=f"D{serial % 7}",
                channel=f"c{serial % 5}",
            )
        )
    return letters
