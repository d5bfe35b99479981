"""The institution's colours: whether words on them can be read, and the style sheet they make.

The measure is the contrast of WCAG 2.2: 4.5 to 1 for words (level AA), 3 to 1 for marks. Given
colours are refused below it; those that are derived from them are moved until they reach it.
"""

import re
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

Colour = tuple[int, int, int]
WORDS: Final = 4.5
MARKS: Final = 3.0
STEPS: Final = 50  # from a colour to white or black
_HEX: Final = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)

# The colours of web/static/web/sijill.css that stand beside the institution's own.
PAPERS: Final = ("#f6f3ec", "#efebe1", "#fffefb", "#ffffff")
ON_MAIN: Final = "#fffdf7"
ON_HEAD: Final = "#dfeceb"
GOLD: Final = "#d99f4e"
SURFACE: Final = "#fffefb"
DARK_SURFACE: Final = "#1f2b2e"
DARK_ON_MAIN: Final = "#06201f"
BLACK: Final = "#000000"
WHITE: Final = "#ffffff"


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by WCAG 2.2, from 1 (the same) to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def colour_problems(*, main: str, head: str) -> dict[str, str]:
    """Return what is wrong with the colours, by field; "" is the colour of the product."""
    problems = {}
    if words := _problem(main, {**dict.fromkeys(PAPERS, WORDS), ON_MAIN: WORDS}):
        problems["colour_main"] = words
    if words := _problem(head, {ON_HEAD: WORDS, WHITE: WORDS, GOLD: MARKS}):
        problems["colour_head"] = words
    return problems


def style_sheet(*, main: str, head: str) -> str:
    """Return the style sheet that gives a page the colours, by day and by night; "" for none."""
    day, night = _main_by_day(main), _main_by_night(main)
    if head:
        day |= {"rail": head}
        night |= {"rail": _mixed(head, BLACK, 0.4)}
    if not day:
        return ""
    # ":root:root" outweighs the product's own sheet, wherever the page links it.
    return (
        f":root:root {{ {_declared(day)} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root:root {{ {_declared(night)} }} }}\n"
    )


def _main_by_day(main: str) -> dict[str, str]:
    if not main:
        return {}
    soft = _mixed(SURFACE, main, 0.12)
    return {
        "brand": main,
        "brand-deep": _mixed(main, BLACK, 0.25),
        "brand-soft": soft,
        "brand-text": _moved(main, BLACK, against=(*PAPERS, soft)),
    }


def _main_by_night(main: str) -> dict[str, str]:
    if not main:
        return {}
    soft = _mixed(DARK_SURFACE, main, 0.3)
    brand = _moved(main, WHITE, against=(DARK_ON_MAIN, DARK_SURFACE))
    return {
        "brand": brand,
        "brand-deep": _mixed(brand, WHITE, 0.2),
        "brand-soft": soft,
        "brand-text": _moved(main, WHITE, against=(DARK_SURFACE, soft)),
    }


def _problem(colour: str, against: dict[str, float]) -> str:
    if not colour:
        return ""
    if not _HEX.fullmatch(colour):
        return _("Give the colour as # and six digits from 0 to 9 and a to f, such as #0d5a5f.")
    found, least = min(
        ((contrast(colour, other), least) for other, least in against.items()),
        key=lambda pair: pair[0] / pair[1],
    )
    if found >= least:
        return ""
    # Rounded down, so that 4.46 is not told as 4.5.
    measures = {
        "found": number_format(int(found * 10) / 10, decimal_pos=1),
        "least": number_format(least, decimal_pos=1),
    }
    return (
        _("Words cannot be read well: contrast %(found)s, at least %(least)s is needed. Darken it.")
        % measures
    )


def _declared(values: dict[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in values.items())


def _moved(colour: str, towards: str, *, against: tuple[str, ...]) -> str:
    """Return the nearest colour on the way to another one that is read against all of these."""
    steps = (_mixed(colour, towards, step / STEPS) for step in range(STEPS + 1))
    return next(
        (one for one in steps if all(contrast(one, other) >= WORDS for other in against)), towards
    )


def _mixed(one: str, other: str, share: float) -> str:
    pairs = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _parts(colour: str) -> Colour:
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
