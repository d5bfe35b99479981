"""Pages rendered at run time from the project's own sample letters, for runs without the corpus.

Each letter is set without what stands beside its running text (columns, tables, stamps, pens), and
degraded as its sample is. Arabic letters come a second time with Arabic-Indic digits.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ocr.bench.sets import BenchPage, PageSet, in_second_half
from ocr.quality import ARABIC, LATIN

if TYPE_CHECKING:
    from PIL import Image

    from samples.letter import Letter

_ASIDE = {"cols", "table", "crest", "head", "foot"}
_MARK = re.compile(r"@(?:ltr ?)?(\w*)\n")
_ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_CODES = {"ar": "ara", "fr": "fra", "en": "eng"}
_BOTH = 0.2  # a page with this share of the other script is in two languages
_SPLIT = PageSet("", "", "", document=r"^\d+")
_SMALLER = 0.9
DPI = 200


def planned(folder: Path) -> list[BenchPage]:
    """Return the pages that can be rendered, each with the path where `draw` puts its picture."""
    pages = []
    for name, (letter, text) in _texts().items():
        picture = folder / f"{name}.jpg"
        language = _language(text, _CODES[letter.language])
        half = in_second_half(_SPLIT, picture)
        pages.append(BenchPage(name, picture, _bare(text), language, half))
    return pages


def draw(page: BenchPage) -> None:
    """Render a planned page as JPEG at 200 dpi; samples/README.md names the fonts."""
    letter, text = _texts()[page.name]
    sheet = _sheet(letter, text)
    sheet.save(page.picture, quality=letter.look.quality, dpi=(DPI, DPI))


def _texts() -> dict[str, tuple[Letter, str]]:
    """Return the letter and its marked-up text by the name of the page."""
    from samples.letter import all_letters

    texts = {}
    for letter in all_letters():
        if not letter.pages:
            continue
        text = _flowing(letter.pages[0].text)
        texts[letter.ident] = (letter, text)
        if letter.language == "ar":
            texts[f"{letter.ident}-indic"] = (letter, text.translate(_ARABIC_INDIC))
    return texts


def _sheet(letter: Letter, text: str) -> Image.Image:
    """Render the text on one degraded sheet, in a smaller size where it would need two sheets."""
    from samples.ageing import rendered, scanned
    from samples.letter import Page
    from samples.sheet import page_pdf

    look = replace(letter.look, stamp="", hand_note="", pen=False, signature="")
    while len(sheets := rendered(page_pdf(replace(letter, look=look), [Page(text)]))) > 1:
        look = replace(look, size=look.size * _SMALLER)
    return scanned(sheets[0], look, letter.seed)


def _flowing(text: str) -> str:
    """Return the blocks that follow each other down the page."""
    blocks = re.split(r"\n\s*\n", text.strip())
    marks = [(_MARK.match(block), block) for block in blocks]
    return "\n\n".join(block for mark, block in marks if not mark or mark[1] not in _ASIDE)


def _bare(text: str) -> str:
    """Return the printed text of marked-up text."""
    return "\n\n".join(_MARK.sub("", block, count=1) for block in text.split("\n\n")).replace(
        "**", ""
    )


def _language(text: str, main: str) -> str:
    arabic, latin = len(ARABIC.findall(text)), len(LATIN.findall(text))
    if min(arabic, latin) > _BOTH * (arabic + latin):
        return "ara+fra"
    return main
