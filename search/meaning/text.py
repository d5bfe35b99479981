"""Which passages of a letter say what it is about; letterhead, greeting and close do not."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np

from language.vectors import sentence_vectors, vectors_version
from search.meaning_contract import MOST_VECTORS

READ: Final = 6000  # characters of a letter that are looked at: two or three dense pages
PASSAGE: Final = 200  # characters, about two sentences; measured by `./sijill bench meaning`
MOST_PASSAGES: Final = MOST_VECTORS - 1
_RULES: Final = "1"  # a change here, of sizes or of the sentences below asks for new vectors
_END: Final = re.compile(r"(?<=[.!?؟;؛])\s+|\n+")
_EMPTY: Final = 0.33  # likeness with the sentences below from which a passage tells nothing
_EMPTY_LOOK: Final = 0.3  # added to it where a passage looks like a letterhead
_SHORT_LINE: Final = 45  # characters
_MANY_DIGITS: Final = 0.08  # of all characters
# What every letter says. The passages least like these are the ones that tell.
_EMPTY_WORDS: Final = (
    "Ministère, Direction régionale, Division technique, Service administratif",
    "Avenue Hassan II, immeuble 4, boîte postale, téléphone, fax, adresse électronique",
    "À l'attention de Monsieur le Directeur de l'établissement",
    "Fait à Casablanca le 3 janvier",
    "Je soussigné, demeurant à, titulaire de la carte nationale",
    "J'ai l'honneur de soumettre à votre bienveillante attention la présente lettre",
    "Veuillez agréer, Monsieur, l'assurance de ma considération distinguée",
    "Dans l'espoir d'une réponse favorable, recevez mes remerciements anticipés",
    "Signature et cachet. Pièces jointes : copies. Copie pour information",
    "المملكة المغربية، الوزارة، المديرية الجهوية، القسم التقني",
    "شارع الحسن الثاني، عمارة 4، صندوق البريد، الهاتف، الفاكس، البريد الإلكتروني",
    "إلى السيد رئيس المصلحة المحترم",
    "حرر بالدار البيضاء في 3 يناير",
    "أنا الموقع أسفله الساكن بـ الحامل للبطاقة الوطنية",
    "يشرفني أن أتقدم إلى جنابكم بهذا الطلب ملتمسا منكم",
    "وتفضلوا بقبول أسمى عبارات التقدير والاحترام والسلام",
    "في انتظار ردكم الإيجابي تقبلوا جزيل الشكر",
    "التوقيع والخاتم، المرفقات: نسخ، نسخة للإخبار",
    "Dear Sir or Madam, I am writing to you",
    "Yours faithfully, thank you in advance, enclosures",
)


class Passage(NamedTuple):
    """A piece of the text, with its place there."""

    start: int
    end: int
    text: str


class LetterVectors(NamedTuple):
    """Vectors as rows of 512 signed bytes, and [start, end] of each; [] for the subject."""

    vectors: bytes
    places: list[list[int]]


def meaning_version() -> str:
    """Return which model and rules make the vectors; "" where there is no model."""
    version = vectors_version()
    return f"{version}/{_RULES}" if version else ""


def passages(text: str, size: int = PASSAGE) -> list[Passage]:
    """Return the first pages cut at sentences and lines, in pieces of about `size` characters."""
    found: list[Passage] = []
    for start, end in _sentences(text[:READ]):
        if found and end - found[-1].start <= size:
            start = found.pop().start
        found.append(Passage(start, end, " ".join(text[start:end].split())))
    return found


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _END.finditer(text):
        yield from _with_letters(text, start, gap.start())
        start = gap.end()
    yield from _with_letters(text, start, len(text))


def _with_letters(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the stretch, in pieces no longer than three passages, if there are words in it."""
    for at in range(start, end, 3 * PASSAGE):
        until = min(at + 3 * PASSAGE, end)
        if sum(char.isalpha() for char in text[at:until]) >= 3:
            yield at, until


def letter_vectors(subject: str, text: str) -> LetterVectors | None:
    """Return the vectors of a letter's subject and of its most informative passages, in order.

    No rows for a letter without words. None where there is no model.
    """
    parts = passages(text)
    subjects = [subject[:READ]] if sum(char.isalpha() for char in subject) >= 3 else []
    if not parts and not subjects:
        return LetterVectors(b"", [])
    found = sentence_vectors([*subjects, *(part.text for part in parts)])
    if found is None:
        return None
    of_parts = found[len(subjects) :]
    empty = [_looks_empty(text, part) for part in parts]
    informative = _informative(of_parts, empty, least=0 if subjects else 1)
    rows = np.concatenate([found[: len(subjects)], of_parts[informative]])
    places: list[list[int]] = [[] for _ in subjects]
    places += [[parts[n].start, parts[n].end] for n in informative]
    return LetterVectors(as_bytes(rows), places)


def question_vector(words: str) -> bytes | None:
    """Return the vector of a person's query; None where there is no model."""
    found = sentence_vectors([words])
    return None if found is None else as_bytes(found)


def _informative(vectors: Any, looks_empty: list[bool], *, least: int) -> list[int]:
    """Return the rows least like what every letter says, in their order; at least `least`."""
    if not len(vectors):
        return []
    empty = (vectors @ _empty_vectors().T).max(axis=1) + _EMPTY_LOOK * np.array(looks_empty)
    best = np.argsort(empty, kind="stable")[:MOST_PASSAGES]
    return sorted(int(n) for n in best if empty[n] < _EMPTY or n in best[:least])


def _looks_empty(text: str, part: Passage) -> bool:
    """Return whether a passage looks like a letterhead: short lines, or many digits."""
    lines = [line for line in text[part.start : part.end].split("\n") if line.strip()]
    digits = sum(char.isdigit() for char in part.text) / len(part.text)
    short = len(lines) > 1 and len(part.text) / len(lines) < _SHORT_LINE
    return short or digits > _MANY_DIGITS


@cache
def _empty_vectors() -> Any:
    return sentence_vectors(_EMPTY_WORDS)


def as_bytes(vectors: Any) -> bytes:
    """Return float rows as signed bytes, each scaled to its largest number; cosines are kept."""
    largest = np.abs(vectors).max(axis=-1, keepdims=True)
    return bytes(np.round(vectors / np.maximum(largest, 1e-9) * 127).astype(np.int8).tobytes())
