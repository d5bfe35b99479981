"""Pages that offices really get, drawn here, aged as paper ages, and read from end to end: what
they say must come out, in its order."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from ocr.judging.scoring import character_error_rate, normal
from ocr.pipeline import read_file
from ocr.reading import Reading, Speed
from samples.ageing import photographed, rendered, scanned
from samples.letter import Look
from tests.ocr.conftest import (
    ARABIC,
    ENGLISH,
    FRENCH,
    html_pdf,
    joined_pdf,
    needs_corpus,
    paragraph,
    picture_of,
    picture_pdf,
)

WORN = Look(skew=0.9, shade=0.18, blur=0.6, noise=5.0, holes=True, fold=True, colour=False)
ROWS = [
    ("Fourniture de compteurs", "12 450,00"),
    ("Pose et raccordement", "3 780,50"),
    ("Déplacement des équipes", "640,00"),
    ("Taxe sur la valeur ajoutée", "3 374,10"),
    ("Montant total à payer", "20 244,60"),
]


def worn(body: str, look: Look = WORN) -> Image.Image:
    """A printed A4 page as the scanner hands it over."""
    return scanned(rendered(html_pdf(body))[0], look, seed=7)


def read_picture(folder: Path, picture: Image.Image, *, speed: Speed = "quick") -> Reading:
    picture.save(folder / "page.png")
    return read_file(folder / "page.png", speed=speed)


def test_a_mixed_pdf_gives_the_text_of_one_page_and_the_picture_of_the_other(
    tmp_path: Path,
) -> None:
    scan = picture_pdf(worn(paragraph(ARABIC, rtl=True)), dpi=200)
    (tmp_path / "mixed.pdf").write_bytes(joined_pdf(html_pdf(paragraph(FRENCH)), scan))
    first, second = read_file(tmp_path / "mixed.pdf", speed="quick").pages
    assert [first.source, first.language] == ["text", "fr"]
    assert character_error_rate(FRENCH, first.text) < 0.01
    assert [second.source, second.language] == ["ocr", "ar"]
    assert character_error_rate(ARABIC, second.text) < 0.04


@pytest.mark.parametrize(("turn", "text"), [(90, ARABIC), (180, FRENCH), (270, FRENCH)])
def test_a_worn_page_laid_wrongly_on_the_glass_is_turned(
    tmp_path: Path, turn: int, text: str
) -> None:
    scan = worn(paragraph(text, rtl=text is ARABIC))
    (page,) = read_picture(tmp_path, scan.rotate(turn, expand=True)).pages
    assert page.turn == turn
    assert character_error_rate(text, page.text) < 0.04


def test_a_bilingual_letterhead_is_read_in_both_scripts_above_its_letter(tmp_path: Path) -> None:
    head = (
        "<table style='width:100%'><tr><td>ROYAUME DU MAROC<br>Ministère de l'Intérieur<br>"
        "Province de Khouribga</td><td dir='rtl'>المملكة المغربية<br>وزارة الداخلية<br>"
        "إقليم خريبكة</td></tr></table>"
    )
    scan = worn(head + paragraph(ARABIC, rtl=True))
    (page,) = read_picture(tmp_path, scan).pages
    text = normal(page.text)
    head_says = ("ROYAUME DU MAROC", "Province de Khouribga", "المملكة المغربية", "إقليم خريبكة")
    assert [words for words in head_says if words not in text] == []
    assert max(text.index(words) for words in head_says) < text.index("السيد المدير العام")
    assert page.language == "ar"


def test_a_phone_photo_of_a_sheet_on_a_table_is_read(tmp_path: Path) -> None:
    sheet = rendered(html_pdf(paragraph(FRENCH) + paragraph(FRENCH)))[0]
    photo = photographed(sheet, Look(blur=0.5, noise=4.0), seed=3)
    photo.save(tmp_path / "photo.jpg", quality=85)
    (page,) = read_file(tmp_path / "photo.jpg", speed="quick").pages
    assert character_error_rate(f"{FRENCH} {FRENCH}", page.text) < 0.03
    first = next(word for word in page.words if word.text.startswith("Monsieur"))
    grey = np.asarray(photo.convert("L"))
    high, wide = grey.shape
    x0, y0, x1, y1 = first.box
    ink = grey[int(y0 * high) : int(y1 * high), int(x0 * wide) : int(x1 * wide)]
    assert ink.min() < 0.6 * np.median(ink)  # the box is on the photo, not on the pulled page


def test_a_page_under_a_lamp_is_read_on_its_dark_side_too(tmp_path: Path) -> None:
    scan = worn(paragraph(FRENCH) + paragraph(FRENCH))
    light = (
        np.linspace(1.0, 0.28, scan.width)[None, :] * np.linspace(1.0, 0.8, scan.height)[:, None]
    )
    dim = Image.fromarray((np.asarray(scan) * light).astype(np.uint8))
    (page,) = read_picture(tmp_path, dim).pages
    assert character_error_rate(f"{FRENCH} {FRENCH}", page.text) < 0.03


def test_a_table_of_amounts_is_read_row_by_row(tmp_path: Path) -> None:
    cell = "border: 1px solid black; padding: 6px"
    rows = "".join(
        f"<tr><td style='{cell}'>{what}</td><td style='{cell}; text-align:right'>{amount}</td></tr>"
        for what, amount in ROWS
    )
    table = f"<table style='width:100%; border-collapse: collapse'>{rows}</table>"
    (page,) = read_picture(tmp_path, worn(paragraph(FRENCH) + table)).pages
    text = normal(page.text).replace(" ", "")
    places = [text.find(normal(part).replace(" ", "")) for row in ROWS for part in row]
    assert -1 not in places
    assert places == sorted(places)


def test_dark_edges_of_the_scanner_add_no_letters(tmp_path: Path) -> None:
    scan = worn(paragraph(ARABIC, rtl=True))
    draw = ImageDraw.Draw(scan)
    draw.rectangle((0, 0, 60, scan.height), fill=22)
    draw.rectangle((0, scan.height - 90, scan.width, scan.height), fill=30)
    (page,) = read_picture(tmp_path, scan).pages
    assert character_error_rate(ARABIC, page.text) < 0.04


def test_writing_of_the_other_side_does_not_show_once_the_dark_edge_is_gone(
    tmp_path: Path,
) -> None:
    title = "RAPPORT ANNUEL DES SERVICES TECHNIQUES"
    scan = worn(f"<p>{title}</p>")
    behind = ImageOps.mirror(worn("<br>" * 4 + paragraph(ENGLISH) * 4))
    scan = ImageChops.multiply(scan, behind.point(lambda grey: 228 + grey * 27 // 255))
    ImageDraw.Draw(scan).rectangle((0, 0, 60, scan.height), fill=22)
    (page,) = read_picture(tmp_path, scan).pages
    assert character_error_rate(title, page.text) < 0.1


def scribbled() -> Image.Image:
    """Lines of loops that look like nobody's letters."""
    rng = np.random.default_rng(5)
    page = Image.new("L", (1240, 1600), 245)
    draw = ImageDraw.Draw(page)
    for row in range(200, 1400, 90):
        x = 150.0
        while x < 1050:
            steps = np.linspace(0, 1, 40)
            wave = rng.uniform(8, 26) * np.sin(2 * np.pi * steps * rng.uniform(1, 5))
            loop = 9 * np.cos(2 * np.pi * steps * rng.uniform(2, 6))
            along = x + steps * rng.uniform(60, 180) + loop
            draw.line(list(zip(along, row + wave, strict=True)), fill=40, width=4)
            x = float(along[-1]) + rng.uniform(15, 40)
    return page.filter(ImageFilter.GaussianBlur(0.8))


@pytest.mark.parametrize("speed", ["quick", "careful"])
def test_handwriting_goes_to_a_person(tmp_path: Path, speed: Speed) -> None:
    (page,) = read_picture(tmp_path, scribbled(), speed=speed).pages
    assert page.problem in {"handwriting", "doubtful", "empty"}
    assert bool(page.text) == (page.problem == "doubtful") == (page.source == "ocr")


def test_letters_by_hand_go_to_a_person_as_guesses() -> None:
    letters = sorted(needs_corpus("ar-handwritten-muharaf").glob("**/*.jpg"))
    read = [read_file(letter, speed="quick") for letter in letters]
    assert {page.problem for reading in read for page in reading.pages} == {"doubtful"}
    assert max(page.confidence for reading in read for page in reading.pages) < 0.6


def typed(text: str) -> Image.Image:
    """A typewritten page of a ribbon that gives ink here and there, out of focus."""
    style = "font: 10pt/1.6 'DejaVu Sans Mono'"
    sheet = picture_of(html_pdf(f'<p style="{style}">{text}</p>', size="A5"))
    soft = np.asarray(sheet.filter(ImageFilter.GaussianBlur(1.6)), dtype=np.float32)
    cloud = np.random.default_rng(1).random((sheet.height // 3 + 1, sheet.width // 3 + 1))
    ribbon = np.kron(cloud, np.ones((3, 3)))[: sheet.height, : sheet.width]
    ink = (255 - soft) * np.clip(1.15 - 1.2 * ribbon, 0, 1)
    return Image.fromarray((235 - 0.8 * ink).clip(0, 255).astype(np.uint8))


def test_a_typed_page_that_looks_handwritten_keeps_its_words_and_is_marked(tmp_path: Path) -> None:
    text = f"{ENGLISH} {ENGLISH}"
    (page,) = read_picture(tmp_path, typed(text)).pages
    assert (page.source, page.problem) == ("ocr", "doubtful")
    assert character_error_rate(text, page.text) < 0.7
    assert page.words
    assert page.confidence < 0.6


def test_noise_without_writing_is_empty(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    grain = rng.normal(235, 14, (1600, 1240)).clip(0, 255).astype(np.uint8)
    grain[rng.random(grain.shape) < 0.002] = 30
    (page,) = read_picture(tmp_path, Image.fromarray(grain)).pages
    assert page.problem in {"empty", "handwriting", "doubtful"}
    assert len(page.text) < 40


def test_faint_print_is_not_taken_for_handwriting(tmp_path: Path) -> None:
    scan = worn(paragraph(FRENCH))
    faint = scan.point(lambda grey: 175 + grey * 70 // 255)
    out = io.BytesIO()
    faint.save(out, "JPEG", quality=40)
    (page,) = read_picture(tmp_path, Image.open(out)).pages
    assert page.problem == ""
    assert character_error_rate(FRENCH, page.text) < 0.1
