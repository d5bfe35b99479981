"""Letters of known text for makers of PDFs: their blocks, their numbers by kind, their HTML.

A letter is drawn by its number alone: half 1 are the even letters, half 2 the odd ones, half 3
those from 1000 on. Each half has other texts, fonts and sizes.
"""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from benches._texts_on_pages import AROUND, FONTS, HEADS, ITEMS, TEXTS

Kind = Literal["text", "left", "table", "list", "columns", "foot"]
Block = tuple[Kind, list[list[str]]]

_SIZES = ((11, 13, 15), (10, 12, 14), (11, 12, 13))
_KEPT_BACK = 1000  # the number of the first letter of half 3
_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
# Dashes part groups: in a right-to-left line nobody can tell how they were written.
_PHONES = (
    *("{0}-{1}-{2}-{3}-{4}", "{0}{1}{2}{3}{4}", "{0} {1} {2} {3} {4}", "{0}.{1}.{2}.{3}.{4}"),
    *("{0}{1} {2} {3} {4}", "{0}{1} {2}{3} {4}", "{0}{1}{2[0]} {2[1]}{3} {4}1"),
)
_REFERENCES = (
    "{n}/م.ض/{y}",
    "{n}/REC/{y}",
    "REC/{n}/26",
    "{y}/IN/{n:06}",
    "{n}/{y}",
    "{n} ق.م/{y}",
)
NUMBERS = ("phone", "date", "sum", "contract", "reference", "account", "email", "plain")
_PLAIN = ("phone", "date", "sum", "contract", "plain")


@dataclass(frozen=True, slots=True)
class Made:
    """One letter: what stands on it in blocks, how it looks, and its numbers as (kind, number)."""

    number: int
    language: Literal["ar", "fr"]
    font: str
    size: int
    justified: bool
    spaced: bool
    blocks: tuple[Block, ...]
    numbers: tuple[tuple[str, str], ...]

    @property
    def half(self) -> int:
        """1 for letters that may be looked at while something is tuned, 3 for those kept back."""
        return 1 + _half(self.number)

    @property
    def page(self) -> str:
        """The letter as HTML."""
        side = "rtl" if self.language == "ar" else "ltr"
        style = (
            f"@page {{ size: A4; margin: 2cm }} body {{ font-family: '{self.font}', 'DejaVu Sans';"
            f" font-size: {self.size}pt; text-align: {'justify' if self.justified else 'start'} }}"
            f" td {{ padding: 2pt 8pt }} .wide {{ width: 100% }}"
            f" .left {{ text-align: left; letter-spacing: {0.8 if self.spaced else 0}pt }}"
        )
        body = "\n".join(_as_html(kind, rows) for kind, rows in self.blocks)
        return (
            f'<!doctype html><html lang="{self.language}" dir="{side}"><head><meta charset="utf-8">'
            f'<style>{style}</style></head><body dir="{side}">{body}</body></html>'
        )

    @property
    def texts(self) -> tuple[str, ...]:
        """The text row by row, and the ways in which its letterhead may be read as well."""
        rest = "\n".join(
            " ".join(row) for kind, rows in self.blocks if kind != "columns" for row in rows
        )
        head = [rows for kind, rows in self.blocks if kind == "columns"]
        if not head:
            return (rest,)
        first, second = zip(*head[0], strict=True)
        by_row = [" ".join(one) for one in head[0]], [" ".join(one[::-1]) for one in head[0]]
        ways = (*by_row, [*first, *second], [*second, *first])
        return tuple("\n".join([*way, rest]) for way in ways)

    def shown(self, number: str, *, broken: bool = False) -> str:
        """Return a number as its page shows it; `broken`: where its last part is on the next line.

        In a line from right to left, `4471/REC/2025` stands as `REC/2025/4471`, which is also how
        that would stand: paper does not tell them apart. `4471/REC/` stands as `REC/4471/` would.
        """
        parts = re.fullmatch(r"(\d+)/([A-Z]+)/(\d+)", number)
        if broken and self.language == "ar" and parts:
            return f"{parts[2]}/{parts[1]}/\n{parts[3]}"
        if self.language == "ar" and (parts := re.fullmatch(r"(\d+)/([A-Z]+/\d+)", number)):
            return f"{parts[2]}/{parts[1]}"
        return number


def letters(count: int) -> list[Made]:
    """Return `count` letters of halves 1 and 2, and half as many of half 3.

    There are three Arabic ones to each French one.
    """
    return [_letter(n) for n in (*range(count), *range(_KEPT_BACK, _KEPT_BACK + count // 2))]


def _half(number: int) -> int:
    """Return 0 to 2 for the halves 1 to 3."""
    return 2 if number >= _KEPT_BACK else number % 2


def _letter(number: int) -> Made:
    chance = random.Random(number)
    half = _half(number)
    at = number - _KEPT_BACK if number >= _KEPT_BACK else number // 2
    language: Literal["ar", "fr"] = "fr" if at % 4 == 3 else "ar"
    writer = _Writer(chance, language, half)
    blocks = tuple(writer.blocks())
    fonts = FONTS[half]
    return Made(
        number,
        language,
        fonts[(at + at // 4) % len(fonts)],
        chance.choice(_SIZES[half]),
        chance.random() < 0.5,
        chance.random() < 0.5,
        blocks,
        tuple(writer.numbers),
    )


def _as_html(kind: Kind, rows: Sequence[Sequence[str]]) -> str:
    safe = [[html.escape(cell, quote=False) for cell in row] for row in rows]
    if kind in {"table", "columns"}:
        cells = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in safe)
        wide = " class=wide width=100%" if kind == "columns" else ""
        return f"<table cellpadding=6{wide}>{cells}</table>"
    if kind == "list":
        items = "".join(f"<li>{' '.join(row)}</li>" for row in safe)
        return f'<ul style="list-style: none">{items}</ul>'
    left = ' dir="ltr" class="left"' if kind in {"left", "foot"} else ""
    return "".join(f"<p{left}>{' '.join(row)}</p>" for row in safe)


class _Writer:
    """Writes the blocks of one letter, and keeps the numbers written so far."""

    def __init__(self, chance: random.Random, language: str, half: int) -> None:
        self.chance, self.language = chance, language
        self.indic = language == "ar" and chance.random() < 0.15
        self.numbers: list[tuple[str, str]] = []
        self.half, self.texts = half, TEXTS[language][half]

    def blocks(self) -> list[Block]:
        """Return letterhead, paragraphs, a table, a list, lines of Latin writing and a foot."""
        chance = self.chance
        blocks: list[Block] = [self.head()] if chance.random() < 0.5 else []
        blocks += [("text", [[self.said()], [self.said()]])]
        for sentence in chance.sample(self.texts, 3):
            blocks.append(("text", [[f"{sentence} {self.said()}، {self.said()}. {self.said()}."]]))
        more: list[Callable[[], Block]] = [
            self.table,
            lambda: ("list", [[self.said()] for _ in range(3)]),
            lambda: ("left", [[f"Tel. {self.number('phone')} / Fax {self.number('phone')}"]]),
        ]
        blocks += [made() for made in chance.sample(more, 2)]
        if chance.random() < 0.5:
            foot = f"ICE {self.number('plain')} - RIB {self.number('account')}"
            blocks.append(("foot", [[f"{foot} - {self.number('email')}"]]))
        if self.language == "fr":
            blocks = [
                (kind, [[c.replace("،", ",") for c in row] for row in rows])
                for kind, rows in blocks
            ]
        return blocks

    def head(self) -> Block:
        """Return a letterhead of two columns, Arabic and French."""
        rows = [
            *map(list, HEADS[self.half]),
            [f"الهاتف {self.number('phone')}", f"Tél. {self.number('phone')}"],
        ]
        return "columns", rows if self.language == "ar" else [row[::-1] for row in rows]

    def table(self) -> Block:
        """Return a table of items and their prices."""
        items = ITEMS[self.half][self.language]
        return "table", [[item, self.number("plain"), self.number("sum")] for item in items]

    def said(self) -> str:
        """Return a few words with numbers of the kinds that fit somewhere."""
        frame = self.chance.choice(AROUND[self.half][self.language])
        asked = {kind: kind for kind in NUMBERS}
        for kind in asked:
            while f"{{{kind}}}" in frame:
                frame = frame.replace(f"{{{kind}}}", self.number(kind), 1)
        while "{}" in frame:
            frame = frame.replace("{}", self.number(), 1)
        return frame

    def number(self, kind: str = "") -> str:
        """Return a number of a kind, any plain one without it."""
        kind = kind or self.chance.choice(_PLAIN)
        number: str = getattr(self, f"_{kind}")()
        if self.indic and not re.search(r"[A-Za-z]", number) and kind != "reference":
            number = number.translate(_INDIC)
        self.numbers.append((kind, number))
        return number

    def _phone(self) -> str:
        chance = self.chance
        pairs = [f"0{chance.choice('567')}", *(f"{chance.randrange(100):02}" for _ in range(4))]
        return chance.choice(_PHONES[self.language == "ar" :]).format(*pairs)

    def _date(self) -> str:
        day, month = self.chance.randrange(1, 29), self.chance.randrange(1, 13)
        sign = self.chance.choice("/." if self.language == "ar" else "/.-")
        return f"{day:02}{sign}{month:02}{sign}2025"

    def _sum(self) -> str:
        whole, cents = self.chance.randrange(100, 99999), self.chance.randrange(100)
        sign = self.chance.choice((".", " ", ""))
        return f"{whole:,}".replace(",", sign) + f",{cents:02}"

    def _contract(self) -> str:
        return self.chance.choice(("{:07}", "C-{:06}", "{:04}/2024")).format(
            self.chance.randrange(100, 9999)
        )

    def _reference(self) -> str:
        forms = _REFERENCES if self.language == "ar" else _REFERENCES[1:5]
        number, year = self.chance.randrange(100, 9999), self.chance.randrange(2015, 2027)
        return self.chance.choice(forms).format(n=number, y=year)

    def _account(self) -> str:
        digits = "".join(self.chance.choice("0123456789") for _ in range(24))
        parts = self.chance.choice(((3, 3, 16, 2), (4, 4, 4, 4, 4, 4), (24,)))
        ends = [sum(parts[: n + 1]) for n in range(len(parts))]
        return " ".join(digits[end - size : end] for end, size in zip(ends, parts, strict=True))

    def _email(self) -> str:
        name = self.chance.choice(("contact", "a.alaoui", "service-client"))
        return f"{name}{self.chance.randrange(10, 9999)}@radeej.ma"

    def _plain(self) -> str:
        return str(self.chance.randrange(100, 99999))
