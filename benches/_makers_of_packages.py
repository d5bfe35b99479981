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


class _Sheet:
    """A page on which ReportLab draws words; each sign in the first font that has it."""

    def __init__(self, letter: Letter, path: Path) -> None:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont
        from reportlab.pdfgen.canvas import Canvas

        for n, file in enumerate(letter["files"]):
            pdfmetrics.registerFont(TTFont(f"F{n}", file))
        self.fonts = [pdfmetrics.getFont(f"F{n}") for n in range(len(letter["files"]))]
        self.measure = pdfmetrics.stringWidth
        self.size = letter["size"]
        self.canvas = Canvas(str(path), pagesize=(_WIDTH, _HEIGHT))
        self.at = float(_HEIGHT - _MARGIN)

    def font_of(self, char: str) -> str:
        """Return the name of the font in which a sign is drawn."""
        has = [font.fontName for font in self.fonts if ord(char) in font.face.charToGlyph]
        return has[0] if has else "F1"

    def shown(self, text: str, from_right: bool) -> list[tuple[str, str]]:
        """Return a text as it is drawn from left to right, in pieces of one font."""
        from arabic_reshaper import reshape
        from bidi import get_display

        pieces: list[tuple[str, str]] = []
        for char in get_display(reshape(text), base_dir="R" if from_right else "L"):
            name = pieces[-1][0] if char == " " and pieces else self.font_of(char)
            if pieces and pieces[-1][0] == name:
                pieces[-1] = (name, pieces[-1][1] + char)
            else:
                pieces.append((name, char))
        return pieces

    def width(self, text: str) -> float:
        """Return how wide a text is, in points."""
        pieces = self.shown(text, False)
        return float(sum(self.measure(piece, name, self.size) for name, piece in pieces))

    def draw(self, text: str, left: float, right: float, from_right: bool) -> None:
        """Draw a line between two edges."""
        x = right - self.width(text) if from_right else left
        for name, piece in self.shown(text, from_right):
            self.canvas.setFont(name, self.size)
            self.canvas.drawString(x, self.at, piece)
            x += self.measure(piece, name, self.size)

    def paragraph(self, text: str, from_right: bool) -> None:
        """Draw a text in as many lines as it needs."""
        line = ""
        for word in [*text.split(" "), ""]:
            if word and self.width(f"{line} {word}") < _WIDTH - 2 * _MARGIN:
                line = f"{line} {word}".strip()
                continue
            self.draw(line, _MARGIN, _WIDTH - _MARGIN, from_right)
            self.at, line = self.at - (1.6 * self.size if word else 0), word

    def go_on(self) -> None:
        """Begin a line, on a new page where this one is full."""
        self.at -= 2 * self.size
        if self.at < _MARGIN:
            self.canvas.showPage()
            self.at = _HEIGHT - _MARGIN


def reportlab(letter: Letter, path: Path) -> None:
    """Draw shaped letters from left to right, each as the sign of its own that it has for old."""
    sheet = _Sheet(letter, path)
    for kind, row in _rows(letter):
        from_right = _is_right(kind, letter)
        wide = (_WIDTH - 2 * _MARGIN) / len(row)
        if len(row) == 1:
            sheet.paragraph(row[0], from_right)
        else:
            for n, cell in enumerate(row[::-1] if from_right else row):
                left = _MARGIN + n * wide
                sheet.draw(cell, left, left + wide, from_right)
        sheet.go_on()
    sheet.canvas.save()


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

    def anew() -> None:
        """Set the font again: fpdf2 forgets it after a text in both."""
        pdf.set_font("F1", size=letter["size"])
        pdf.set_font("F0", size=letter["size"])

    for kind, row in _rows(letter):
        from_right = _is_right(kind, letter)
        pdf.set_text_shaping(True, direction="rtl" if from_right else "ltr")
        if len(row) > 1:
            wide = (_WIDTH - 2 * _MARGIN) / len(row)
            widths = [2 * wide, *[wide / 2] * 2] if len(row) == 3 else [wide] * len(row)
            for cell, one in zip(
                row[::-1] if from_right else row,
                widths[::-1] if from_right else widths,
                strict=True,
            ):
                anew()
                pdf.cell(one, high, cell, align="R" if from_right else "L")
            pdf.ln(high)
            continue
        anew()
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


def mupdf(letter: Letter, path: Path) -> None:
    """Lay the letter's HTML out by MuPDF."""
    import pymupdf

    fonts = pymupdf.Archive()
    styles = []
    for n, file in enumerate(letter["files"]):
        fonts.add(Path(file).read_bytes(), f"{n}.ttf")
        styles.append(f"@font-face {{ font-family: F{n}; src: url({n}.ttf) }}")
    page = letter["page"].replace(f"'{letter['font']}', 'DejaVu Sans'", "F0, F1")
    page = page.replace("@page { size: A4; margin: 2cm }", "")
    story = pymupdf.Story(page, user_css="\n".join(styles), archive=fonts)
    writer = pymupdf.DocumentWriter(str(path))
    sheet, inwards = pymupdf.paper_rect("a4"), (_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    more = 1
    while more:
        device = writer.begin_page(sheet)
        more, _ = story.place(sheet + inwards)
        story.draw(device)
        writer.end_page()
    writer.close()


def main() -> None:
    """Write a PDF for each letter on standard input."""
    make, folder = globals()[sys.argv[1]], Path(sys.argv[2])
    for letter in json.load(sys.stdin):
        make(letter, folder / f"{letter['number']:03}.pdf")


if __name__ == "__main__":
    main()
