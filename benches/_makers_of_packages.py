"""Makers of PDFs from packages that no office needs, run in an environment of their own.

    python benches/_makers_of_packages.py MAKER FOLDER < letters.json

A letter is what `benches._pages_with_text.Made` holds, with the files of its font and of another
one for signs that it lacks. Nothing of the office is imported here.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

Letter = dict[str, Any]
_MARGIN, _WIDTH, _HEIGHT = 57, 595, 842  # points


def _rows(letter: Letter) -> list[tuple[str, list[str]]]:
    return [(kind, row) for kind, rows in letter["blocks"] for row in rows]


def _is_right(kind: str, letter: Letter) -> bool:
    return letter["language"] == "ar" and kind not in {"left", "foot"}


def typst(letter: Letter, path: Path) -> None:
    """Typeset the letter by Typst, which tags its PDFs."""
    import typst as engine

    side = "rtl" if letter["language"] == "ar" else "ltr"
    lines = [
        '#set page(paper: "a4", margin: 2cm)',
        f'#set text(font: ("{letter["font"]}", "DejaVu Sans"), size: {letter["size"]}pt,'
        f' lang: "{letter["language"]}", dir: {side})',
        f"#set par(justify: {str(letter['justified']).lower()})",
    ]
    for kind, rows in letter["blocks"]:
        cells = [json.dumps(cell, ensure_ascii=False) for row in rows for cell in row]
        if kind in {"table", "columns"}:
            wide = "1fr, " * len(rows[0])
            inside = ", ".join(f"[#{cell}]" for cell in cells)
            lines.append(f"#table(columns: ({wide}), stroke: none, {inside})")
        elif kind in {"left", "foot"}:
            lines += [f"#align(left)[#text(dir: ltr)[#{cell}]]" for cell in cells]
        else:
            lines += [f"#par[#{cell}]" for cell in cells]
    folders = sorted({str(Path(one).parent) for one in letter["files"]})
    source = path.with_suffix(".typ")
    source.write_text("\n\n".join(lines))
    engine.compile(str(source), output=str(path), font_paths=folders)


def reportlab(letter: Letter, path: Path) -> None:
    """Draw shaped letters from left to right, each as the sign of its own that it has for old."""
    from arabic_reshaper import reshape
    from bidi import get_display
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    for n, file in enumerate(letter["files"]):
        pdfmetrics.registerFont(TTFont(f"F{n}", file))
    fonts = [pdfmetrics.getFont(f"F{n}") for n in range(len(letter["files"]))]
    size = letter["size"]

    def font_of(char: str) -> str:
        has = [font.fontName for font in fonts if ord(char) in font.face.charToGlyph]
        return has[0] if has else "F1"

    def shown(text: str, right: bool) -> list[tuple[str, str]]:
        text = get_display(reshape(text), base_dir="R" if right else "L")
        pieces: list[tuple[str, str]] = []
        for char in text:
            name = pieces[-1][0] if char == " " and pieces else font_of(char)
            if pieces and pieces[-1][0] == name:
                pieces[-1] = (name, pieces[-1][1] + char)
            else:
                pieces.append((name, char))
        return pieces

    def width(text: str) -> float:
        return sum(pdfmetrics.stringWidth(p, name, size) for name, p in shown(text, False))

    canvas = Canvas(str(path), pagesize=(_WIDTH, _HEIGHT))
    at = float(_HEIGHT - _MARGIN)

    def draw(text: str, left: float, right: float, from_right: bool) -> None:
        x = right - width(text) if from_right else left
        for name, piece in shown(text, from_right):
            canvas.setFont(name, size)
            canvas.drawString(x, at, piece)
            x += pdfmetrics.stringWidth(piece, name, size)

    for kind, row in _rows(letter):
        from_right = _is_right(kind, letter)
        if len(row) > 1:
            wide = (_WIDTH - 2 * _MARGIN) / len(row)
            for n, cell in enumerate(row[::-1] if from_right else row):
                left = _MARGIN + n * wide
                draw(cell, left, left + wide, from_right)
        else:
            line = ""
            for word in [*row[0].split(" "), ""]:
                if word and width(f"{line} {word}") < _WIDTH - 2 * _MARGIN:
                    line = f"{line} {word}".strip()
                    continue
                draw(line, _MARGIN, _WIDTH - _MARGIN, from_right)
                at, line = at - (1.6 * size if word else 0), word
        at -= 2 * size
        if at < _MARGIN:
            canvas.showPage()
            at = _HEIGHT - _MARGIN
    canvas.save()


def fpdf2(letter: Letter, path: Path) -> None:
    """Draw text shaped by HarfBuzz."""
    from fpdf import FPDF

    pdf = FPDF(format="A4", unit="pt")
    pdf.set_margin(_MARGIN)
    pdf.add_page()
    for n, file in enumerate(letter["files"]):
        pdf.add_font(f"F{n}", fname=file)
    pdf.set_font("F0", size=letter["size"])
    pdf.set_fallback_fonts(["F1"], exact_match=False)
    high = 1.7 * letter["size"]
    for kind, row in _rows(letter):
        from_right = _is_right(kind, letter)
        pdf.set_text_shaping(True, direction="rtl" if from_right else "ltr")
        if len(row) > 1:
            wide = (_WIDTH - 2 * _MARGIN) / len(row)
            for cell in row[::-1] if from_right else row:
                pdf.cell(wide, high, cell, align="R" if from_right else "L")
            pdf.ln(high)
            continue
        align = "J" if letter["justified"] else "R" if from_right else "L"
        pdf.multi_cell(0, high, row[0], align=align, new_x="LMARGIN", new_y="NEXT")
    pdf.output(str(path))


def qt(letter: Letter, path: Path) -> None:
    """Print the letter's HTML by Qt."""
    from PySide6.QtCore import QMarginsF
    from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPdfWriter, QTextDocument

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QGuiApplication.instance() or QGuiApplication([])
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(20, 20, 20, 20), QPageLayout.Unit.Millimeter)
    document = QTextDocument()
    document.setHtml(letter["page"].replace("</td><td>", "</td><td>&nbsp;&nbsp;</td><td>"))
    document.print_(writer)
    del app


def main() -> None:
    """Write a PDF for each letter on standard input."""
    make, folder = globals()[sys.argv[1]], Path(sys.argv[2])
    for letter in json.load(sys.stdin):
        make(letter, folder / f"{letter['number']:03}.pdf")


if __name__ == "__main__":
    main()
