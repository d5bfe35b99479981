"""Printing a letter's marked-up text as pages (PDF).

Mark-up: paragraphs are separated by an empty line; a first line ``@class`` gives the paragraph its
place on the sheet (head, place, from, to, ref, subject, list, table, cols, title, sign, ...);
``**bold**`` inside. ``@cols`` separates its two columns by a line ``||``.
"""

from __future__ import annotations

import html
import random
import re

from samples.letter import Letter, Look, Page

INKS = {"blue": "#1b3fa0", "black": "#20202a"}
STYLE = """
@page { size: A4; margin: 17mm 19mm 14mm 21mm }
body { line-height: 1.5; color: #17171a }
p { margin: 0 0 .75em } .place { text-align: end } .from { margin-bottom: 1.1em }
.to { margin: 0 0 1.2em 0; padding-inline-start: 38% } .ref { font-size: .92em }
.subject { font-weight: bold; margin: 1em 0 1.1em } .title { text-align: center; font-weight: bold;
  font-size: 1.3em; margin: 1em 0 1.1em } .list { padding-inline-start: 1.2em }
.head { border-bottom: 1.5pt solid; padding-bottom: .5em; margin-bottom: 1.4em; font-size: .86em }
.head b { font-size: 1.4em } .crest { text-align: center; width: 52%; font-weight: bold;
  line-height: 1.35; margin-bottom: 1em } .foot { font-size: .85em; border-top: .5pt solid }
.sign { margin-top: 1.2em; padding-inline-start: 50%; position: relative } .cols { width: 100% }
.cols td { width: 50%; vertical-align: top } .grid { border-collapse: collapse; width: 100%;
  margin: .6em 0 1em } .grid td, .grid th { border: .6pt solid #333; padding: .25em .5em }
.grid th { background: #e8e8e8 } .ink { display: block; margin-top: .2em }
.stamp { position: absolute; inset-inline-start: 18%; top: -8mm; width: 33mm; height: 33mm;
  border: 2.4pt double; border-radius: 50%; opacity: .62; text-align: center; font-weight: bold;
  font-size: 8.5pt; line-height: 1.35; transform: rotate(-13deg) }
.stamp span { display: block; padding: 9mm 2.5mm 0 }
.hand { position: absolute; left: 4mm; top: 222mm; font: 17pt DkgHandwriting; color: #1b3fa0;
  transform: rotate(-6deg) }
"""


def page_html(letter: Letter, page: Page) -> str:
    """Return the page as HTML: everything that print and pen put on it, nothing of its ageing."""
    rng = random.Random(letter.seed + len(page.text))
    right_to_left = bool(re.search(r"[\u0600-\u06ff]", page.text[:160]))
    font, size = page.font or letter.look.font, page.size or letter.look.size
    blocks = [block for block in re.split(r"\n\s*\n", page.text.strip()) if block]
    body = "".join(_block(block, letter.look, rng) for block in blocks)
    note = f'<div class="hand">{html.escape(letter.look.hand_note)}</div>'
    return (
        f'<html lang="{"ar" if right_to_left else "fr"}" dir="{"rtl" if right_to_left else "ltr"}">'
        f"<meta charset='utf-8'><title>{html.escape(letter.ident)}</title><style>{STYLE}"
        f"body {{ font-family: {font}, Amiri, 'Noto Sans'; font-size: {size}pt }}"
        f".head {{ color: {letter.look.head_colour} }}</style>"
        f"<body>{note if letter.look.hand_note else ''}{body}</body></html>"
    )


def page_pdf(letter: Letter, pages: list[Page]) -> bytes:
    """Return the typeset pages as one PDF with a text layer."""
    from weasyprint import HTML

    documents = [HTML(string=page_html(letter, page)).render() for page in pages]
    sheets = [sheet for document in documents for sheet in document.pages]
    printed: bytes = documents[0].copy(sheets).write_pdf()
    return printed


def _block(block: str, look: Look, rng: random.Random) -> str:
    marked = re.match(r"@(ltr )?(\w+)?\n", block)
    text = block[marked.end() :] if marked else block
    ltr = bool(marked and (marked[1] or marked[2] == "ltr"))
    css = (marked[2] or "") if marked else ""
    if css == "table":
        return _table(text)
    if css == "cols":
        cells = "".join(f"<td>{_inline(cell)}</td>" for cell in text.split("||"))
        return f'<table class="cols"><tr>{cells}</tr></table>'
    direction = ' dir="ltr"' if ltr else ""
    extra = ""
    if css == "sign":
        extra = _signature(look, rng) + _stamp(look)
    if css == "subject" and look.pen:
        extra = _pen_line(rng)
    return f'<p class="{css}"{direction}>{_inline(text)}{extra}</p>'


def _inline(text: str) -> str:
    escaped = html.escape(text.strip()).replace("\n", "<br>")
    if re.search(r"[\u0600-\u06ff]", escaped):  # numbers keep their order amid Arabic, as typed
        escaped = re.sub(r"\b[A-Z0-9]+(?:[-/][A-Z0-9]+)+\b", "\u200e\\g<0>\u200e", escaped)
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escaped)


def _table(text: str) -> str:
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    out = []
    for number, row in enumerate(rows):
        tag = "th" if number == 0 else "td"
        out.append("".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in row))
    return '<table class="grid">' + "".join(f"<tr>{row}</tr>" for row in out) + "</table>"


def _stamp(look: Look) -> str:
    if not look.stamp:
        return ""
    lines = "<br>".join(html.escape(line.strip()) for line in look.stamp.split("*"))
    return f'<span class="stamp" style="color:{look.stamp_colour}"><span>{lines}</span></span>'


def _signature(look: Look, rng: random.Random) -> str:
    """Return a scribble: a few quick loops and a long closing stroke, different for each letter."""
    if not look.signature:
        return ""
    x, y = 12.0, 34.0
    path = [f"M{x:.0f} {y:.0f}"]
    for _ in range(rng.randint(5, 8)):
        up, out = rng.uniform(14, 38), rng.uniform(12, 26)
        path.append(
            f"C{x + out:.0f} {y - up:.0f} {x - 6:.0f} {y - up:.0f} "
            f"{x + out * 0.7:.0f} {y + rng.uniform(-5, 9):.0f}"
        )
        x += out * 0.7
        y += rng.uniform(-4, 4)
    path.append(f"Q{x + 40:.0f} {y - 22:.0f} {x - 70:.0f} {y + 16:.0f} T{x + 66:.0f} {y + 3:.0f}")
    return _ink(path, INKS[look.signature], width=1.9, box="0 -10 230 70", size=(62, 19))


def _pen_line(rng: random.Random) -> str:
    """Return a reader's shaky underline in ball pen."""
    points = " ".join(f"T{x} {5 + rng.uniform(-1.6, 1.6):.1f}" for x in range(40, 360, 40))
    return _ink(
        [f"M4 5 Q20 4 30 5 {points}"], INKS["blue"], width=1.3, box="0 0 360 10", size=(95, 3)
    )


def _ink(path: list[str], colour: str, *, width: float, box: str, size: tuple[int, int]) -> str:
    return (
        f'<svg class="ink" viewBox="{box}" width="{size[0]}mm" height="{size[1]}mm">'
        f'<path d="{" ".join(path)}" fill="none" stroke="{colour}" stroke-width="{width}" '
        'stroke-linecap="round"/></svg>'
    )
