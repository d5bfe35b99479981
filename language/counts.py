"""Small counts written out, as terms and periods are: "huit", "ثمانية", "fifteen", or figures."""

from typing import Final

_WORDS: Final = {
    1: "un une one واحد واحده",
    2: "deux two اثنين اثنان يومين",
    3: "trois three ثلاثه ثلاث",
    4: "quatre four اربعه اربع",
    5: "cinq five خمسه خمس",
    6: "six سته ست",
    7: "sept seven سبعه سبع",
    8: "huit eight ثمانيه ثمان ثماني",
    9: "neuf nine تسعه تسع",
    10: "dix ten عشره عشر",
    12: "douze twelve",
    14: "quatorze fourteen",
    15: "quinze fifteen",
    20: "vingt twenty عشرين عشرون",
    21: "vingt-et-un twenty-one",
    24: "vingt-quatre twenty-four",
    30: "trente thirty ثلاثين ثلاثون",
    40: "quarante forty اربعين اربعون",
    45: "quarante-cinq forty-five",
    48: "quarante-huit forty-eight",
    60: "soixante sixty ستين ستون",
    72: "soixante-douze seventy-two",
    90: "quatre-vingt-dix ninety تسعين تسعون",
}
_TWO: Final = {
    12: ("اثني عشر", "اثنا عشر"),
    14: ("اربعه عشر",),
    15: ("خمسه عشر", "خمس عشره"),
    24: ("اربع وعشرين", "vingt quatre"),
    48: ("ثمان واربعين", "ثمانيه واربعين", "quarante huit"),
    72: ("اثنتين وسبعين", "soixante douze"),
}
COUNTS: Final[dict[str, int]] = {
    **{word: number for number, words in _WORDS.items() for word in words.split()},
    **{words: number for number, forms in _TWO.items() for words in forms},
}
# A pattern for folded text; the longest first, so that "vingt-quatre" is not read as "vingt".
COUNT: Final = r"(?:\d{1,3}|" + "|".join(sorted(COUNTS, key=len, reverse=True)) + ")"


def count_of(folded: str) -> int | None:
    """The number that `folded` writes, in figures or in words; None where it writes none."""
    return int(folded) if folded.isdecimal() else COUNTS.get(folded)
