"""Comparison of two texts: what they share, and the evidence against their being one.

What OCR misread differs by a letter or two; another person's name, date or contract number, filled
into the same form, differs altogether.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from language.fold import fold
from language.shingles import LONGEST, skeleton, words_of

_DIGITS: Final = re.compile(r"\d")
_PARTED: Final = re.compile(r"(?<=\d)[.,](?=\d)")  # by the reader, or by who wrote thousands so
_HEAD: Final = 10  # lines
_MAIL_HEAD: Final = re.compile(r"\s*(?:from|to|cc|subject|date|sent|de|a|envoye|من|الي)\s*:")
_LONGEST_STAMP: Final = 30  # characters
_STAMP: Final = re.compile(
    r"bureau d.ordre|مكتب الضبط|courrier arrive|\b[12][09]\d\d ?/ ?[a-z1|]{2,4} ?/ ?\d{3,}"
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_LEAST_WORD: Final = 3  # letters; shorter ones come and go with every reading
_LIKE: Final = 0.5  # of the letters in the same order: one word read twice
_LONGEST: Final = 600  # words of each text


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two texts agree.

    `share` (0..1) of the shorter text's letters that stand in the other in the same order; `words`
    (or numbers of one or two digits) and longer `numbers` that stand in each other's place and
    differ; `same_numbers`, years apart, that both have in the same place; `length` of the shorter
    text in letters; `misread` (0..1), the share of its words that stand there too, but spelled
    otherwise.
    """

    share: float
    words: int
    numbers: int
    same_numbers: int
    length: int
    misread: float = 0.0


def agreement_of(one: str, other: str) -> Agreement:
    """Compare the beginnings of two texts as read by OCR, word by word.

    Lines that are added to a letter on its way count neither way (`without_added_lines`).
    """
    plain = (_PARTED.sub("", without_added_lines(text)) for text in (one, other))
    left, right = (words_of(text)[:_LONGEST] for text in plain)
    shapes = [[_shape(word) for word in side] for side in (left, right)]
    matcher = SequenceMatcher(None, shapes[0], shapes[1], autojunk=False)
    matched, words, numbers, same, misread = 0.0, 0, 0, 0, 0.0
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag == "equal":
            matched += sum(map(len, left[i:i_end]))
            same += sum(_is_number(word) for word in left[i:i_end])
        elif tag == "replace":
            judged = _judge(left[i:i_end], right[j:j_end])
            matched += judged.share
            words, numbers = words + judged.words, numbers + judged.numbers
            same += judged.same_numbers
            misread += judged.misread
    length = min(sum(map(len, left)), sum(map(len, right)))
    share = min(1.0, matched / length) if length else 0.0
    misread /= max(min(len(left), len(right)), 1)
    return Agreement(share, words, numbers, same, length, misread)


def without_added_lines(text: str) -> str:
    """Return the text without a mail's head (in its first lines) and without registry stamps.

    Stamps are short lines that name the office or a registry number.
    """
    lines = text[: 2 * LONGEST].split("\n")
    kept = [
        line
        for place, line in enumerate(lines)
        if not ((place < _HEAD and _MAIL_HEAD.match(fold(line))) or _is_stamp(fold(line)))
    ]
    return "\n".join(kept)


def _is_stamp(line: str) -> bool:
    return len(line) <= _LONGEST_STAMP and _STAMP.search(line) is not None


def _shape(word: str) -> str:
    """Return the word's skeleton; numbers keep their digits, which distinguish two forms."""
    return word if _DIGITS.search(word) else skeleton(word)


def _is_number(word: str) -> bool:
    return len(_DIGITS.findall(word)) >= _LEAST_WORD and not _YEAR.fullmatch(word)


def _judge(left: Sequence[str], right: Sequence[str]) -> Agreement:
    """Compare one stretch that differs; `share` counts letters here, `misread` words."""
    whole = SequenceMatcher(None, _joined(left), _joined(right), autojunk=False).ratio()
    numbers, small, same = _numbers(left, right)
    if whole >= _LIKE:
        matched = whole * min(sum(map(len, left)), sum(map(len, right)))
        return Agreement(matched, small, numbers, same, 0, min(len(left), len(right)))
    differing = min(len(_long(left)), len(_long(right)))
    return Agreement(0.0, differing + small, numbers, same, 0)


def _joined(words: Sequence[str]) -> str:
    return "".join(map(skeleton, words))


def _long(words: Sequence[str]) -> list[str]:
    return [word for word in words if len(word) >= _LEAST_WORD and not _DIGITS.search(word)]


def _numbers(left: Sequence[str], right: Sequence[str]) -> tuple[int, int, int]:
    """Return (differing, differing small, same) numbers of a stretch, paired in their order.

    A digit or two misread count neither way; a day or a house number differs where no digit is the
    same.
    """
    differing = small = same = 0
    for one, other in zip(_digits(left), _digits(right), strict=False):
        wrong = sum(a != b for a, b in zip(one, other, strict=False)) + abs(len(one) - len(other))
        longer = max(len(one), len(other))
        if longer < _LEAST_WORD:
            small += wrong >= longer
        elif not wrong:
            same += 1
        else:
            differing += wrong > max(1, longer // 4)
    return differing, small, same


def _digits(words: Sequence[str]) -> list[str]:
    return ["".join(_DIGITS.findall(word)) for word in words if _DIGITS.search(word)]
