"""Letters generated as PDFs that carry their own text, by several makers, each with its truth.

The text of a letter is drawn by its number alone: half 1 are the even letters, half 2 the odd ones,
which stand in other fonts and sizes.
"""

from __future__ import annotations

import html
import random
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["text", "left", "table", "list"]

_AR = (
    "السيد المدير العام، أتشرف بأن أتقدم إلى سيادتكم بهذه الشكاية في موضوع انقطاع الماء الصالح"
    " للشرب عن منزلي الكائن بحي السلام منذ يوم الاثنين الماضي.",
    "لا يخفى عليكم أن الاستهلاك المسجل في الفاتورة الأخيرة لا يطابق ما هو مبين في العداد.",
    "ألتمس منكم التدخل العاجل لإصلاح العطب وإعادة التزويد بالماء في أقرب الآجال.",
    "وفي انتظار ردكم الإيجابي، تقبلوا سيدي فائق التقدير والاحترام.",
    "يشرفنا أن نوافيكم (طيه) بالملف الكامل لطلب العروض، قصد الاطلاع والموافقة.",
    "الأشغال المتعلقة بالصرف الصحي بشارع محمد الخامس لم تنته بعد، والأتربة لا تزال في الطريق.",
)
_FR = (
    "Monsieur le Directeur, j'ai l'honneur de vous adresser la présente réclamation au sujet de la"
    " coupure d'eau potable que connaît mon domicile depuis lundi dernier.",
    "La consommation relevée sur la dernière facture ne correspond pas à l'index du compteur.",
    "Je vous prie de bien vouloir faire intervenir vos services dans les meilleurs délais.",
    "Dans l'attente d'une réponse favorable, veuillez agréer mes salutations distinguées.",
    "Vous trouverez ci-joint (en double exemplaire) le dossier complet de l'appel d'offres.",
    "Les travaux d'assainissement de l'avenue Mohammed V ne sont toujours pas achevés.",
)
_AROUND = {
    "ar": (
        "الهاتف: {}",
        "المحمول رقم {} لكل غاية مفيدة",
        "العقدة رقم {} المؤرخة في {}",
        "بمبلغ {} درهم",
        "تحت عدد {} بتاريخ {}",
        "من {} إلى {}",
        "البريد contact@radeej.ma والهاتف {} والفاكس {}",
        "السجل التجاري RC {} والتعريف الضريبي IF {}",
        "يمكن الاتصال على {} أو {} أو {}",
    ),
    "fr": (
        "Tél. : {}",
        "portable {} à toute fin utile",
        "le contrat n° {} du {}",
        "pour un montant de {} dirhams",
        "sous le numéro {} en date du {}",
        "du {} au {}",
        "courriel contact@radeej.ma, téléphone {}, télécopie {}",
        "RC {} et IF {}",
        "on peut me joindre au {}, au {} ou au {}",
    ),
}
_ITEMS = {
    "ar": ("عداد الماء", "الربط بالشبكة", "مصاريف الملف", "الضريبة على القيمة المضافة"),
    "fr": ("Compteur d'eau", "Raccordement", "Frais de dossier", "Taxe sur la valeur ajoutée"),
}
_FONTS = (
    ("Amiri", "Noto Naskh Arabic", "DejaVu Sans"),
    ("Noto Sans Arabic", "Amiri", "Noto Kufi Arabic", "DejaVu Sans"),
)
_SIZES = ((11, 13, 15), (10, 12, 14))
_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_PHONES = ("{0}{1}{2}{3}{4}", "{0} {1} {2} {3} {4}", "{0}.{1}.{2}.{3}.{4}", "{0}{1} {2} {3} {4}")
_TYPES = ("phone", "date", "sum", "contract", "plain")


@dataclass(frozen=True, slots=True)
class Made:
    """One letter: its HTML page, the text that a person wrote, each number as it was written."""

    number: int
    language: Literal["ar", "fr"]
    page: str
    text: str
    numbers: tuple[str, ...]


def letters(count: int) -> list[Made]:
    """Return the first `count` letters: three Arabic ones to each French one."""
    return [_letter(number) for number in range(count)]


def half_of(letter: Made) -> int:
    """Return 1 for the half that may be looked at while something is tuned, 2 for the other."""
    return 1 + letter.number % 2


def _letter(number: int) -> Made:
    chance = random.Random(number)
    language: Literal["ar", "fr"] = "fr" if number // 2 % 4 == 3 else "ar"
    writer = _Writer(chance, language)
    blocks = writer.blocks()
    half = number % 2
    style = (
        f"@page {{ size: A4; margin: 2cm }} body {{ font-family: '{chance.choice(_FONTS[half])}',"
        f" 'DejaVu Sans'; font-size: {chance.choice(_SIZES[half])}pt;"
        f" text-align: {chance.choice(('justify', 'start'))} }} td {{ padding: 2pt 8pt }}"
    )
    side = "rtl" if language == "ar" else "ltr"
    body = "\n".join(_as_html(kind, rows) for kind, rows in blocks)
    page = (
        f'<!doctype html><html lang="{language}" dir="{side}"><head><meta charset="utf-8">'
        f'<style>{style}</style></head><body dir="{side}">{body}</body></html>'
    )
    text = "\n".join(" ".join(row) for _, rows in blocks for row in rows)
    return Made(number, language, page, text, tuple(writer.numbers))


def _as_html(kind: Kind, rows: Sequence[Sequence[str]]) -> str:
    safe = [[html.escape(cell, quote=False) for cell in row] for row in rows]
    if kind == "table":
        cells = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in safe)
        return f"<table>{cells}</table>"
    if kind == "list":
        items = "".join(f"<li>{' '.join(row)}</li>" for row in safe)
        return f'<ul style="list-style: none">{items}</ul>'
    left = ' dir="ltr" style="text-align: left"' if kind == "left" else ""
    return "".join(f"<p{left}>{' '.join(row)}</p>" for row in safe)


class _Writer:
    """Writes the blocks of one letter, and keeps the numbers written so far."""

    def __init__(self, chance: random.Random, language: str) -> None:
        self.chance, self.language = chance, language
        self.indic = language == "ar" and chance.random() < 0.15
        self.numbers: list[str] = []

    def blocks(self) -> list[tuple[Kind, list[list[str]]]]:
        """Return letterhead, paragraphs, a table, a list, and a line of Latin with a telephone."""
        chance = self.chance
        blocks: list[tuple[Kind, list[list[str]]]] = [("text", [[self.said()], [self.said()]])]
        for sentence in chance.sample(_AR if self.language == "ar" else _FR, 3):
            blocks.append(("text", [[f"{sentence} {self.said()}، {self.said()}. {self.said()}."]]))
        if self.language == "fr":
            blocks = [
                (kind, [[c.replace("،", ",") for c in row] for row in rows])
                for kind, rows in blocks
            ]
        more: list[Callable[[], tuple[Kind, list[list[str]]]]] = [
            self.table,
            lambda: ("list", [[self.said()] for _ in range(3)]),
            lambda: ("left", [[f"Tel. {self.number('phone')} / Fax {self.number('phone')}"]]),
        ]
        return blocks + [made() for made in chance.sample(more, 2)]

    def table(self) -> tuple[Kind, list[list[str]]]:
        """Return a table of items and their prices."""
        items = _ITEMS[self.language]
        return "table", [[item, self.number("plain"), self.number("sum")] for item in items]

    def said(self) -> str:
        """Return a few words with numbers of the kinds that fit somewhere."""
        frame = self.chance.choice(_AROUND[self.language])
        return frame.format(*(self.number() for _ in range(frame.count("{}"))))

    def number(self, kind: str = "") -> str:
        """Return a number of a kind, any kind without one."""
        chance = self.chance
        kind = kind or chance.choice(_TYPES)
        if kind == "phone":
            pairs = [f"0{chance.choice('567')}", *(f"{chance.randrange(100):02}" for _ in range(4))]
            number = chance.choice(_PHONES).format(*pairs)
        elif kind == "date":
            day, month, year = chance.randrange(1, 29), chance.randrange(1, 13), 2025
            number = f"{day:02}/{month:02}/{year}"
        elif kind == "sum":
            whole, cents = chance.randrange(1000, 99999), chance.randrange(100)
            sign = chance.choice((".", " ")) if self.language == "fr" else "."
            number = f"{whole:,}".replace(",", sign) + f",{cents:02}"
        elif kind == "contract":
            number = f"{chance.randrange(100, 9999)}/{chance.randrange(2015, 2027)}"
        else:
            number = str(chance.randrange(12, 99999))
        number = number.translate(_INDIC) if self.indic else number
        self.numbers.append(number)
        return number


def by_weasyprint(letters: Sequence[Made], folder: Path) -> list[Path]:
    """Print each letter as a PDF in the folder, by WeasyPrint."""
    from weasyprint import HTML

    made = []
    for letter in letters:
        made.append(folder / f"{letter.number:03}.pdf")
        HTML(string=letter.page).write_pdf(made[-1])
    return made


def by_chromium(letters: Sequence[Made], folder: Path) -> list[Path]:
    """Print each letter as a PDF in the folder, by the system's Chromium."""
    from playwright.sync_api import sync_playwright

    made = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        page = browser.new_page()
        for letter in letters:
            made.append(folder / f"{letter.number:03}.pdf")
            page.set_content(letter.page)
            page.pdf(path=made[-1], prefer_css_page_size=True)
        browser.close()
    return made


def by_libreoffice(letters: Sequence[Made], folder: Path) -> list[Path]:
    """Export each letter as a PDF in the folder, opened as HTML in LibreOffice Writer."""
    with tempfile.TemporaryDirectory() as home:
        pages = []
        for letter in letters:
            pages.append(folder / f"{letter.number:03}.html")
            pages[-1].write_text(letter.page)
        command = ["soffice", f"-env:UserInstallation=file://{home}", "--headless"]
        command += ["--infilter=HTML (StarWriter)"]
        command += ["--convert-to", "pdf:writer_pdf_Export", "--outdir", str(folder)]
        subprocess.run([*command, *map(str, pages)], check=True, capture_output=True, timeout=900)
    return [page.with_suffix(".pdf") for page in pages]


MAKERS: dict[str, Callable[[Sequence[Made], Path], list[Path]]] = {
    "weasyprint": by_weasyprint,
    "chromium": by_chromium,
    "libreoffice": by_libreoffice,
}
