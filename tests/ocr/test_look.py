"""A page looks the same however it is scanned, and unlike another letter on the same paper."""

from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.picture.look import look_of, look_of_words
from ocr.picture.upright import lay
from ocr.reading import Word
from registry.doubles.page_comparison import likeness

HEAD = "ASSOCIATION DES RIVERAINS ENNAJD\n12, rue de Tétouan, El Jadida"
BODY = (
    "Monsieur le Directeur,\nDepuis trois semaines l'eau coule sous le trottoir devant ma\n"
    "porte et la cave du voisin est inondée. Une équipe est passée le 4 mars\nsans rien réparer,"
    " et personne ne répond au téléphone.\nJe vous demande d'envoyer une équipe avant que le mur\n"
    "ne cède et de nous dire par écrit quand les travaux commencent.\n"
    "Veuillez agréer mes salutations distinguées.\nSamira Chraibi"
)
OTHER = (
    "Messieurs,\nNotre assemblée du 2 avril a élu un nouveau bureau. Nous vous prions\nde bien "
    "vouloir adresser désormais vos courriers à la présidente,\nMadame Latifa Sebti, à l'adresse "
    "ci-dessus, et de\nmettre à jour le contrat d'abonnement du local, dont\nles factures seront "
    "payées par virement.\nRecevez nos salutations.\nLe secrétaire, Omar Tazi"
)


def page(*blocks: str) -> Image.Image:
    sheet = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(26)
    y = 120
    for line in "\n".join(blocks).split("\n"):
        draw.text((120, y), line, font=font, fill=10)
        y += 46
    return sheet


def look(picture: Image.Image) -> str:
    sheet = lay(picture)
    return look_of(sheet.page, sheet.picture.width)


def turned(picture: Image.Image, degrees: float) -> Image.Image:
    return picture.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255)


def pressed(picture: Image.Image) -> Image.Image:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=25)
    return Image.open(io.BytesIO(out.getvalue())).convert("L")


def grained(picture: Image.Image) -> Image.Image:
    noise = np.random.default_rng(4).normal(0, 9, (picture.height, picture.width))
    shade = np.linspace(0.8, 1.0, picture.width)[None, :]
    return Image.fromarray((np.asarray(picture) * shade + noise).clip(0, 255).astype(np.uint8))


def test_a_page_in_its_own_light_is_one_picture() -> None:
    """A reader that reads nothing twice knows pictures by that."""
    shade = np.linspace(0.5, 1.0, 1240)[None, :]
    sheet = lay(Image.fromarray((np.asarray(page(HEAD, BODY)) * shade).astype(np.uint8)))
    lit = sheet.in_its_own_light()
    assert lit is not None
    assert lit.size == sheet.picture.size
    assert sheet.in_its_own_light() is lit
    assert sheet.thickened().in_its_own_light() is None


SCANS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "turned": lambda sheet: turned(sheet, 2.6),
    "turned back": lambda sheet: turned(sheet, -1.9),
    "shifted": lambda sheet: sheet.transform(
        sheet.size, Image.Transform.AFFINE, (1, 0, 35, 0, 1, -60), fillcolor=255
    ),
    "finer": lambda sheet: sheet.resize((1860, 2631), Image.Resampling.LANCZOS),
    "coarser": lambda sheet: sheet.resize((930, 1315), Image.Resampling.LANCZOS),
    "jpeg": pressed,
    "black and white": lambda sheet: sheet.point(lambda value: 255 if value > 140 else 0),
    "shaded and grained": grained,
    "soft": lambda sheet: Image.fromarray(
        np.asarray(cv2.GaussianBlur(np.asarray(sheet), (0, 0), 1.2), dtype=np.uint8)
    ),
}


@pytest.mark.parametrize("name", SCANS)
def test_a_page_scanned_again_looks_the_same(name: str) -> None:
    sheet = page(HEAD, BODY)
    again = look(SCANS[name](sheet))
    assert likeness(look(sheet), again) > 0.7
    assert likeness(look(page(HEAD, OTHER)), again) < 0.6


def test_a_stamp_does_not_change_the_rest_of_the_page() -> None:
    stamped = page(HEAD, BODY)
    draw = ImageDraw.Draw(stamped)
    draw.rectangle((700, 20, 1100, 110), outline=60, width=4)
    draw.text((720, 40), "BUREAU D'ORDRE", font=ImageFont.load_default(30), fill=60)
    assert likeness(look(page(HEAD, BODY)), look(stamped)) > 0.8


def test_an_empty_page_has_no_look() -> None:
    assert look(Image.new("L", (1240, 1754), 255)) == ""
    assert look_of_words([], aspect=0.7) == ""


def test_a_printed_page_looks_as_its_own_text_says() -> None:
    """The words of a born-digital page know their places: its picture need not be drawn."""
    sheet, font = page(HEAD, BODY), ImageFont.load_default(26)
    words, y = [], 120
    for line in f"{HEAD}\n{BODY}".split("\n"):
        x = 120.0
        for text in line.split():
            end = x + font.getlength(text)
            box = (x / 1240, y / 1754, end / 1240, (y + 30) / 1754)
            words.append(Word(text, box))
            x = end + font.getlength(" ")
        y += 46
    assert likeness(look_of_words(words, aspect=1240 / 1754), look(sheet)) > 0.6
