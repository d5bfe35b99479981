"""Makers of PDFs: each prints letters of known text into a folder."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import pikepdf

from benches._pages_with_text import Made

ENVIRONMENT: Final = Path(
    os.environ.get("MAKERS") or Path(__file__).parent.parent / ".venv" / "makers"
)
_OF_PACKAGES: Final = Path(__file__).with_name("_makers_of_packages.py")
_PHP: Final = Path("/usr/share/php")
_OF_PHP: Final = Path(__file__).with_name("_makers.php")
_DIGIT_MAP: Final = str.maketrans("0123456789", "3904817265")

Make = Callable[[Sequence[Made], Path], list[Path]]


@dataclass(frozen=True, slots=True)
class Maker:
    """How letters become PDFs, and the program or package without which they don't."""

    make: Make
    needs: str = ""
    damaged: bool = False

    def missing(self) -> str:
        """Return what it needs and is not here."""
        if not self.needs or shutil.which(self.needs) or (_PHP / self.needs).exists():
            return ""
        return "" if list(ENVIRONMENT.glob(f"lib/*/site-packages/{self.needs}")) else self.needs


def _paths(letters: Sequence[Made], folder: Path, end: str = "pdf") -> list[Path]:
    return [folder / f"{letter.number:03}.{end}" for letter in letters]


def _run(*command: str | Path, say: str | None = None) -> None:
    subprocess.run(
        [str(part) for part in command],
        check=True,
        capture_output=True,
        timeout=1800,
        text=True,
        input=say,
    )


def _weasyprint(*, tags: bool) -> Make:
    def make(letters: Sequence[Made], folder: Path) -> list[Path]:
        from weasyprint import HTML

        paths = _paths(letters, folder)
        for letter, path in zip(letters, paths, strict=True):
            HTML(string=letter.page).write_pdf(path, pdf_tags=tags)
        return paths

    return make


def _chromium(*, tags: bool) -> Make:
    def make(letters: Sequence[Made], folder: Path) -> list[Path]:
        from playwright.sync_api import sync_playwright

        paths = _paths(letters, folder)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
            page = browser.new_page()
            for letter, path in zip(letters, paths, strict=True):
                page.set_content(letter.page)
                page.pdf(path=path, prefer_css_page_size=True, tagged=tags)
            browser.close()
        return paths

    return make


def _libreoffice(form: str, *, tags: bool) -> Make:
    """Return a maker that saves letters as documents of a form, and those as PDFs."""
    whole = {"odt": "odt:writer8", "docx": "docx:MS Word 2007 XML"}[form]
    tagged = json.dumps({"UseTaggedPDF": {"type": "boolean", "value": str(tags).lower()}})

    def make(letters: Sequence[Made], folder: Path) -> list[Path]:
        for letter, path in zip(letters, _paths(letters, folder, "html"), strict=True):
            path.write_text(letter.page)
        with tempfile.TemporaryDirectory() as home:
            office = ["soffice", f"-env:UserInstallation=file://{home}", "--headless"]
            pages = map(str, _paths(letters, folder, "html"))
            web = "--infilter=HTML (StarWriter)"
            _run(*office, web, "--convert-to", whole, "--outdir", folder, *pages)
            documents = map(str, _paths(letters, folder, form))
            pdf = f"pdf:writer_pdf_Export:{tagged}"
            _run(*office, "--convert-to", pdf, "--outdir", folder, *documents)
        return _paths(letters, folder)

    return make


def _wkhtmltopdf(letters: Sequence[Made], folder: Path) -> list[Path]:
    for letter, path in zip(letters, _paths(letters, folder), strict=True):
        path.with_suffix(".html").write_text(letter.page)
        _run("wkhtmltopdf", "-q", "-s", "A4", path.with_suffix(".html"), path)
    return _paths(letters, folder)


def _pango(letters: Sequence[Made], folder: Path) -> list[Path]:
    """Cairo draws what Pango set: plain paragraphs, the cells of a row parted by tabs."""
    for letter, path in zip(letters, _paths(letters, folder), strict=True):
        rows = ["\t".join(row) for _, rows in letter.blocks for row in rows]
        path.with_suffix(".txt").write_text("\n".join(rows))
        look = [f"--font={letter.font} {letter.size}", "--width=480", "--no-display"]
        look += ["--justify"] if letter.justified else []
        _run("pango-view", *look, f"--output={path}", path.with_suffix(".txt"))
    return _paths(letters, folder)


_WITHOUT_LATIN: Final = {"KacstBook", "KacstOne", "Nada"}  # LuaTeX fails where it draws nothing
_LUATEX: Final = r"""\documentclass[%(size)dpt]{extarticle}
\usepackage[a4paper,margin=2cm]{geometry}
\usepackage[bidi=basic]{babel}
\babelprovide[import,main]{%(language)s}
\directlua{luaotfload.add_fallback("others", {"DejaVu Sans:mode=harf;"})}
\babelfont{rm}[Renderer=HarfBuzz,RawFeature={fallback=others}]{%(font)s}
\setlength{\parindent}{0pt}\sloppy\pagestyle{empty}
\begin{document}
%(body)s
\end{document}
"""


def _lualatex(letters: Sequence[Made], folder: Path) -> list[Path]:
    """TeX with fonts shaped by HarfBuzz and lines ordered by babel."""
    for letter, path in zip(letters, _paths(letters, folder), strict=True):
        parts: list[str] = []
        for kind, rows in letter.blocks:
            cells = [" & ".join(re.sub(r"([%&#_])", r"\\\1", c) for c in row) for row in rows]
            if kind in {"table", "columns"}:
                table = r" \\ ".join(cells)
                parts.append(rf"\begin{{tabular}}{{{'l' * len(rows[0])}}}{table}\end{{tabular}}")
            else:
                parts += cells
        name = {"ar": "arabic", "fr": "french"}[letter.language]
        body = "\n\n".join(parts)
        none = letter.language == "fr" and letter.font in _WITHOUT_LATIN
        font = "DejaVu Sans" if none else letter.font
        look = {"size": letter.size, "font": font, "language": name, "body": body}
        path.with_suffix(".tex").write_text(_LUATEX % look)
        _run(
            "lualatex",
            "-interaction=batchmode",
            f"-output-directory={folder}",
            path.with_suffix(".tex"),
        )
    return _paths(letters, folder)


def _of_packages(name: str) -> Make:
    """Return a maker of `_makers_of_packages`, in the environment that has its packages."""

    def make(letters: Sequence[Made], folder: Path) -> list[Path]:
        files = {family: file_of(family) for family in {"DejaVu Sans", *(m.font for m in letters)}}
        said = [
            {**asdict(one), "page": one.page, "files": [files[one.font], files["DejaVu Sans"]]}
            for one in letters
        ]
        _run(ENVIRONMENT / "bin" / "python", _OF_PACKAGES, name, folder, say=json.dumps(said))
        return _paths(letters, folder)

    return make


def _tcpdf(letters: Sequence[Made], folder: Path) -> list[Path]:
    """TCPDF shapes and orders Arabic by itself, one font a letter."""
    said = []
    for one in letters:
        none = one.font in _WITHOUT_LATIN
        file = file_of("DejaVu Sans" if none else one.font)
        said.append({**asdict(one), "page": one.page, "file": file})
    quiet = ["-d", "memory_limit=1G", "-d", "error_reporting=0", "-d", "display_errors=0"]
    _run("php", *quiet, _OF_PHP, folder, say=json.dumps(said))
    return _paths(letters, folder)


def file_of(family: str) -> str:
    """Return the best file of a family, or of what stands for it, that is not packed for the web.

    fontconfig may prefer a WOFF, which makers of packages can't read.
    """
    command = ["fc-match", "--all", "--format=%{file}\n", f"{family}:style=Regular"]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return next(one for one in found.splitlines() if not one.endswith((".woff", ".woff2")))


def _distilled(first: Make) -> Make:
    """Return a maker that writes anew by Ghostscript what another one made."""

    def make(letters: Sequence[Made], folder: Path) -> list[Path]:
        before = folder / "before"
        before.mkdir(exist_ok=True)
        for path, made in zip(_paths(letters, folder), first(letters, before), strict=True):
            _run("gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-o", path, made)
        return _paths(letters, folder)

    return make


def _edited(first: Make, edit: Callable[[pikepdf.Object], None]) -> Make:
    """Return a maker that edits the fonts' maps to Unicode in what another one made."""

    def make(letters: Sequence[Made], folder: Path) -> list[Path]:
        paths = first(letters, folder)
        for path in paths:
            with pikepdf.open(path, allow_overwriting_input=True) as pdf:
                for item in pdf.objects:
                    if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item:
                        edit(item)
                pdf.save(path)
        return paths

    return make


def _without_map(font: pikepdf.Object) -> None:
    del font["/ToUnicode"]


def _with_wrong_map(font: pikepdf.Object) -> None:
    """Exchange the digits in a font's map, as some fonts do: every word right, no number."""
    text = font["/ToUnicode"].read_bytes().decode("latin-1")
    hexed = re.sub(
        r"(<[0-9A-Fa-f]+>\s*)<003([0-9])>",
        lambda m: f"{m[1]}<003{m[2].translate(_DIGIT_MAP)}>",
        text,
    )
    font["/ToUnicode"].write(hexed.encode("latin-1"))


MAKERS: Final[dict[str, Maker]] = {
    "WeasyPrint": Maker(_weasyprint(tags=False)),
    "WeasyPrint, tagged": Maker(_weasyprint(tags=True)),
    "Chromium": Maker(_chromium(tags=False), "chromium"),
    "Chromium, tagged": Maker(_chromium(tags=True), "chromium"),
    "LibreOffice, ODT": Maker(_libreoffice("odt", tags=False), "soffice"),
    "LibreOffice, ODT, tagged": Maker(_libreoffice("odt", tags=True), "soffice"),
    "LibreOffice, DOCX": Maker(_libreoffice("docx", tags=False), "soffice"),
    "wkhtmltopdf": Maker(_wkhtmltopdf, "wkhtmltopdf"),
    "Pango, Cairo": Maker(_pango, "pango-view"),
    "LuaLaTeX": Maker(_lualatex, "lualatex"),
    "Typst": Maker(_of_packages("typst"), "typst"),
    "ReportLab": Maker(_of_packages("reportlab"), "reportlab"),
    "fpdf2": Maker(_of_packages("fpdf2"), "fpdf"),
    "MuPDF": Maker(_of_packages("mupdf"), "pymupdf"),
    "TCPDF": Maker(_tcpdf, "tcpdf"),
    "Qt": Maker(_of_packages("qt"), "PySide6"),
    "Ghostscript of WeasyPrint": Maker(_distilled(_weasyprint(tags=False)), "gs"),
    "Ghostscript of Chromium": Maker(_distilled(_chromium(tags=False)), "gs"),
    "no map to Unicode": Maker(_edited(_weasyprint(tags=False), _without_map), damaged=True),
    "wrong map to Unicode": Maker(_edited(_weasyprint(tags=False), _with_wrong_map), damaged=True),
}
