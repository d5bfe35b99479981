"""Judging a text without a dictionary: is it language, which one, and which errors can be undone.

The errors are those of its producer. The letter statistics are those of ordinary Arabic, French and
English prose.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Literal

from ocr.reading import Language

Verdict = Literal["good", "empty", "rubbish"]

ARABIC = re.compile(r"[\u0621-\u063a\u0641-\u064a\u0671-\u06d3]")
LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŒœ]")
PRESENTATION = re.compile(r"[\ufb50-\ufdfb\ufdfd\ufe70-\ufefc]")
_ARABIC_COMMA = re.compile(r"[\u060c\u061b]")
UNTOLD = "\ue0ff"  # in place of an Arabic letter of which a PDF does not tell the text
_MARKS = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_STRANGE = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_RTL_RUN = re.compile(r"[\u0590-\u08ff]")
LTR_RUN = re.compile(
    r"[A-Za-zÀ-ÿ0-9\u0660-\u0669\u06f0-\u06f9](?:[\w./:@%+,\-]*[A-Za-zÀ-ÿ0-9\u0660-\u0669])?"
)
BRACKETS = str.maketrans("()[]{}«»", ")(][}{»«")
_SIGN_BEFORE_NUMBER = re.compile(r"(?<!\S)([،؛:.%])(\d[\d.,/]*)(?=\s|$)")
_DASH_BEFORE_ITEM = re.compile(r"^-(\d{1,2})(?=\s+[\u0621-\u064a])")
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_MIXED = re.compile(
    r"[\u0621-\u064a](?:[!-,;-~]+|[\d!-~]*[!-,;-@\[-`{-~][\d!-~]*|\d+)[\u0621-\u064a]"
    r"|[\u0621-\u064a][A-Za-z]|[A-Za-z][\u0621-\u064a]"
    r"|[!-'*+<-@\[-`{-~]{3,}"
)
_FRENCH_WORDS = (
    "le la les de des du un une et à au aux en est que qui dans pour par sur vous nous votre notre"
    " je ce cette il elle avec ne pas se sont été être monsieur madame objet"
)
_ENGLISH_WORDS = (
    "the of and to in is that for with on this was by it be are from you your our we have has not"
    " as at or an dear sir subject will would i"
)
_ARABIC_WORDS = (
    "من في على إلى أن عن هذا هذه ما لا التي الذي أو كل بين مع كان قد رقم إن بعد كما ذلك تم يوم"
)
_FRENCH, _ENGLISH = frozenset(_FRENCH_WORDS.split()), frozenset(_ENGLISH_WORDS.split())
_PARTICLES = frozenset(_ARABIC_WORDS.split())
_ARTICLE = re.compile(r"[وفبك]?(?:ال|لل)[\u0621-\u064a]{2}")
_FEW_LETTERS = 4
_MOST_STRANGE = 0.05


def letters(text: str) -> int:
    """Return how many Arabic or Latin letters there are."""
    return len(ARABIC.findall(text)) + len(LATIN.findall(text))


def is_arabic(text: str) -> bool:
    """Return whether most letters of a text are Arabic."""
    return len(ARABIC.findall(text)) > len(LATIN.findall(text))


def lacks_arabic(text: str) -> bool:
    """Return whether a text has Arabic commas and no Arabic letters.

    Its font lacks them (or their forms), so that its program drew the signs and numbers alone.
    """
    has_letters = ARABIC.search(text) or PRESENTATION.search(text)
    return not has_letters and bool(_ARABIC_COMMA.search(text))


def in_both_scripts(text: str) -> bool:
    """Return whether a text has Arabic and Latin letters."""
    return bool(ARABIC.search(text) and LATIN.search(text))


def language_of(text: str, default: Language = "") -> Language:
    """Return the language of most of the text; `default` where nothing decides.

    Arabic by script, French or English by their small words and French accents.
    """
    arabic = len(ARABIC.findall(text)) + len(PRESENTATION.findall(text))
    latin = len(LATIN.findall(text))
    if arabic + latin < _FEW_LETTERS:
        return default
    if arabic >= latin:
        return "ar"
    words = re.findall(r"[a-zà-öø-ÿœ]+", text.lower())
    french = sum(word in _FRENCH for word in words) + sum("é" in w or "è" in w for w in words)
    english = sum(word in _ENGLISH for word in words)
    if french == english:
        return default if default in {"fr", "en"} else "fr"
    return "fr" if french > english else "en"


def judge(text: str) -> Verdict:
    """Return whether a text layer can be what the page says.

    Rubbish is what broken character maps give: private or control characters, other scripts, the
    wrong letters most often.
    """
    solid = [c for c in text if not c.isspace()]
    if len(solid) < _FEW_LETTERS:
        return "empty"
    if len(_STRANGE.findall(text)) > _MOST_STRANGE * len(solid):
        return "rubbish"
    if sum(c.isalnum() for c in solid) < _FEW_LETTERS:
        return "empty"
    known = sum(_is_known(c) for c in solid)
    if known < 0.8 * len(solid):
        return "rubbish"
    return "good" if _latin_is_language(text) and _arabic_is_language(text) else "rubbish"


def is_foreign(word: str) -> bool:
    """Return whether a word has a letter of a script that is none of ours.

    Such is a hole in the font's map to Unicode. Signs alone (Word's bullets are such) are no word,
    and Greek letters are units. Where a map is wrong, other signs stand within Arabic words.
    """
    if UNTOLD in word or _MIXED.search(word):
        return True
    return any(map(str.isalnum, word)) and any(
        _STRANGE.match(c)
        or (
            unicodedata.category(c)[0] == "L"
            and ord(c) >= 0x0400
            and not 0x0600 <= ord(c) < 0x0780
            and not PRESENTATION.match(c)
        )
        for c in word
    )


def small_words(text: str) -> tuple[float, int]:
    """Return the share of words that are common in all texts of our languages, and the word count.

    French and English small words; in Arabic the article and the common particles. Measured: prose
    0.2 to 0.6, receipts and lists 0 to 0.1, text of a broken character map 0 to 0.04.
    """
    arabic = re.findall(r"[\u0621-\u064a]{2,}", text)
    latin = re.findall(r"[a-zà-öø-ÿœ]{2,}", text.lower())
    common = sum(bool(_ARTICLE.match(word)) or word in _PARTICLES for word in arabic)
    common += sum(word in _FRENCH or word in _ENGLISH for word in latin)
    total = len(arabic) + len(latin)
    return (common / total if total else 0.0), total


def repair(text: str) -> str:
    """Undo what PDF producers do to Arabic.

    Presentation forms, visual order, reversed brackets, direction marks. Other text only loses
    invisible marks.
    """
    if not is_visual(plain := unfold(text)):
        return "\n".join(mend_line(line) for line in text.split("\n"))
    return "\n".join(mend_line(reverse_line(line)) for line in plain.split("\n"))


def mend_line(line: str) -> str:
    """Correct a line that stands in logical order.

    Presentation forms, misplaced signs, invisible marks.
    """
    return mend_signs(unfold(_MARKS.sub("", line)))


def unfold(text: str) -> str:
    """Return presentation forms as the letters they stand for."""
    return PRESENTATION.sub(lambda m: unicodedata.normalize("NFKC", m.group()), text)


def is_visual(text: str) -> bool:
    """Return whether Arabic words are reversed.

    ة and ى end words and never begin them, while ال begins them.
    """
    words = re.findall(r"[\u0621-\u064a]{3,}", _MARKS.sub("", text))
    front = sum((word[0] in "ةى") + word.endswith("لا") for word in words)
    back = sum((word[-1] in "ةى") + word.startswith("ال") for word in words)
    return bool(front > back and front >= 2)


def reverse_line(line: str) -> str:
    """Reverse a visual line into logical order, then restore numbers and Latin runs."""
    if not _RTL_RUN.search(line):
        return line
    turned = line[::-1].translate(BRACKETS)
    return LTR_RUN.sub(lambda m: m.group()[::-1], turned)


def mend_signs(line: str) -> str:
    """Put the signs of a line with Arabic back at their side.

    Brackets, and the full stop or comma that jumped before a number (":2014" for "2014:", "-1" for
    "1-" at the head of an item).
    """
    if not ARABIC.search(line):
        return line
    line = _SIGN_BEFORE_NUMBER.sub(r"\2\1", mend_brackets(line))
    return _DASH_BEFORE_ITEM.sub(r"\1-", line)


def mend_brackets(line: str) -> str:
    """Turn pairs that stand back to front, as in ")1440("."""
    out = list(line)
    open_at: Counter[str] = Counter()
    closed_at: dict[str, int] = {}
    for at, char in enumerate(line):
        for opening, closing in _PAIRS.items():
            if char == opening and closing in closed_at:
                out[closed_at.pop(closing)], out[at] = opening, closing
            elif char == opening:
                open_at[opening] += 1
            elif char == closing and open_at[opening]:
                open_at[opening] -= 1
            elif char == closing:
                closed_at.setdefault(closing, at)
    return "".join(out)


def _is_known(char: str) -> bool:
    """Return whether a character is a letter of our or related scripts, a digit or a sign."""
    if char.isascii() or ARABIC.match(char) or PRESENTATION.match(char):
        return True
    point = ord(char)
    return (
        point < 0x0250
        or 0x0600 <= point < 0x0780
        or 0x2000 <= point < 0x2800
        or unicodedata.category(char)[0] in "NPSM"
    )


def _latin_is_language(text: str) -> bool:
    """Return whether a text in Latin letters has the letter frequencies of language.

    These twelve letters make four fifths of French and English; shifted character maps, two fifths.
    Arabic decoded as Latin ("ÇáãÛÑÈ") is accents, mostly; French has one in twenty letters.
    """
    found = LATIN.findall(text)
    if len(found) > 15 and sum(not c.isascii() for c in found) > 0.4 * len(found):
        return False
    if len(found) < 40:
        return True
    found = [unicodedata.normalize("NFD", c)[0].lower() for c in found]
    return sum(c in "eainstroludc" for c in found) >= 0.6 * len(found)


def _arabic_is_language(text: str) -> bool:
    """Return whether letters are common as in Arabic: ا ل ي م ن و make about half of prose."""
    found = ARABIC.findall(repair(text) if PRESENTATION.search(text) else text)
    if len(found) < 60:
        return True
    return sum(c in "اليمنوأإ" for c in found) >= 0.25 * len(found)
