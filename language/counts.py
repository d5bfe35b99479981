"""Small counts as terms and periods write them: "huit", "خمسة وأربعين", "fifteen", or figures."""

from collections.abc import Iterator
from typing import Final

_FRENCH: Final = (
    *("zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
    *("onze", "douze", "treize", "quatorze", "quinze", "seize"),
)
_FRENCH_TENS: Final = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}
_ENGLISH: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_ENGLISH_TENS: Final = {
    20: "twenty", 30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 70: "seventy",
    80: "eighty", 90: "ninety",
}  # fmt: skip
_ARABIC: Final = {
    1: "واحد واحده احدي احد", 2: "اثنين اثنان اثنتين اثنتان اثني اثنا يومين", 3: "ثلاثه ثلاث",
    4: "اربعه اربع", 5: "خمسه خمس", 6: "سته ست", 7: "سبعه سبع", 8: "ثمانيه ثمان ثماني",
    9: "تسعه تسع", 10: "عشره عشر",
}  # fmt: skip
_ARABIC_TENS: Final = {
    20: "عشرين عشرون", 30: "ثلاثين ثلاثون", 40: "اربعين اربعون", 50: "خمسين خمسون",
    60: "ستين ستون", 70: "سبعين سبعون", 80: "ثمانين ثمانون", 90: "تسعين تسعون",
}  # fmt: skip


def _french() -> Iterator[tuple[str, int]]:
    yield from ((word, number) for number, word in enumerate(_FRENCH) if number)
    yield "une", 1
    yield from ((f"dix{sign}{_FRENCH[unit]}", 10 + unit) for unit in (7, 8, 9) for sign in "- ")
    for ten, word in _FRENCH_TENS.items():
        yield word, ten
        for unit in range(1, 20 if ten == 60 else 10):
            name = _FRENCH[unit] if unit <= 16 else f"dix-{_FRENCH[unit - 10]}"
            joints = ("-et-", " et ", "-") if unit in (1, 11) else ("-", " ")
            yield from ((f"{word}{joint}{name}", ten + unit) for joint in joints)
    for name, number in (("quatre-vingts", 80), ("quatre-vingt", 80), ("quatre-vingt-dix", 90)):
        yield name, number
        yield name.replace("-", " "), number


def _english() -> Iterator[tuple[str, int]]:
    yield from ((word, number) for number, word in enumerate(_ENGLISH) if number)
    for ten, word in _ENGLISH_TENS.items():
        yield word, ten
        for unit in range(1, 10):
            yield from ((f"{word}{joint}{_ENGLISH[unit]}", ten + unit) for joint in "- ")


def _arabic() -> Iterator[tuple[str, int]]:
    for unit, forms in _ARABIC.items():
        for form in forms.split():
            yield form, unit
            if unit < 10:
                yield from ((f"{form} {ten}", 10 + unit) for ten in _ARABIC[10].split())
                for ten, names in _ARABIC_TENS.items():
                    yield from ((f"{form} و{name}", ten + unit) for name in names.split())
    for ten, names in _ARABIC_TENS.items():
        yield from ((name, ten) for name in names.split())


COUNTS: Final[dict[str, int]] = {**dict(_french()), **dict(_english()), **dict(_arabic())}
# A pattern for folded text; the longest first, so that "vingt-quatre" is not read as "vingt".
COUNT: Final = r"(?:\d{1,3}|" + "|".join(sorted(COUNTS, key=len, reverse=True)) + ")"


def count_of(folded: str) -> int | None:
    """Return the number that `folded` writes, in figures or in words; None where it writes none."""
    return int(folded) if folded.isdecimal() else COUNTS.get(folded)
