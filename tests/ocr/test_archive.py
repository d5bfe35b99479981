"""Searchable PDF/A: proven by veraPDF, copied out in logical order, no larger than it has to be."""

from __future__ import annotations

import io
import re
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from ocr.archive.joining import join_parts
from ocr.archive.order import LRM, RLM, pieces_of
from ocr.archive.sandbox import PART
from ocr.archive.writing import is_scanned, write_part
from ocr.pipeline import read_file
from ocr.reading import PageReading, PageSource, Word
from tests.ocr.conftest import ARABIC, html_pdf, joined_pdf, paragraph, picture_of, picture_pdf
from tests.services import verapdf
from tests.services.process import ServiceMissingError

MARKS = re.compile("[\u200e\u200f\u202a-\u202e\x0c]")
ARABIC_LINES = (
    "السيد المدير العام",
    "رقم 12/2024 بتاريخ 13/05/2024",
    "شركة Hello World للماء",
    "البريد الإلكتروني: contact@radeej.ma هنا",
    "القرار رقم 123/DG/2024 (المادة 5)، والـPDF",
    "- الهاتف: +212 537-12-34-56 ، الفاكس ١٢٣",
    "12 13 سنة 14 15 بنسبة 20,5 % منه.",
    "«نص» [هامش] (2003)؛",
    "Royaume du Maroc المملكة المغربية",
)
FRENCH_LINES = (
    "Monsieur le Directeur général,",
    "M. محمد العلوي بن أحمد",
    "N° 12/2024 – رقم 12/2024 (voir l'annexe)",
    "المملكة المغربية.",
    "« Objet » : الموضوع",
)


def make_searchable(path: Path, pages: Sequence[PageReading], out: Path) -> None:
    """Write the PDF/A of a scanned file with the text of these pages, in parts."""
    parts = []
    for at in range(0, len(pages), PART):
        parts.append(out.with_suffix(f".{at}.pdf"))
        write_part(path, pages[at : at + PART], parts[-1])
    letters: Counter[str] = Counter()
    for page in pages:
        letters[page.language] += len(page.text)
    join_parts(parts, out, language=max(letters, key=letters.__getitem__, default=""))


def page_of(lines: Sequence[str], *, source: PageSource = "ocr", turn: int = 0) -> PageReading:
    """A page whose lines stand one below the other, their words laid out as in a book."""
    words = []
    for number, line in enumerate(lines):
        rtl = any(unicodedata.bidirectional(char) in {"R", "AL"} for char in line)
        at = 0.95 if rtl else 0.05
        for text in line.split():
            wide = 0.012 * len(text)
            left = at - wide if rtl else at
            top = 0.05 + 0.03 * number
            words.append(Word(text, (left, top, left + wide, top + 0.018), 0.9, number))
            at = left - 0.012 if rtl else left + wide + 0.012
    return PageReading(1, source, "ar", 0.9, "\n".join(lines), tuple(words), turn=turn)


def paper(tmp_path: Path, size: tuple[int, int] = (1240, 1754)) -> Path:
    path = tmp_path / "paper.png"
    Image.new("L", size, 250).save(path, dpi=(150, 150))
    return path


def plain(text: str) -> str:
    """What a person sees of copied text: no direction marks, single spaces."""
    return unicodedata.normalize("NFC", " ".join(MARKS.sub("", text).split()))


def by_poppler(path: Path) -> list[str]:
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True)
    return [plain(line) for line in done.stdout.splitlines() if plain(line)]


def by_pdfium(path: Path) -> list[str]:
    """As Chromium copies it: its viewer is this library."""
    document = pypdfium2.PdfDocument(path)
    try:
        text = document[0].get_textpage().get_text_range()
    finally:
        document.close()
    return [plain(line) for line in text.splitlines() if plain(line)]


@pytest.mark.parametrize(
    "lines", [ARABIC_LINES, FRENCH_LINES * 3, ARABIC_LINES + FRENCH_LINES], ids=("ar", "fr", "both")
)
def test_viewers_copy_each_line_in_logical_order(lines: tuple[str, ...], tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    make_searchable(paper(tmp_path), [page_of(lines)], out)
    assert by_pdfium(out) == list(lines)
    assert by_poppler(out) == list(lines)


WORDS = st.lists(
    st.sampled_from([*" ".join(ARABIC_LINES + FRENCH_LINES).split(), "—", "(", "…"]),
    min_size=1,
    max_size=12,
)


@given(words=WORDS, rtl=st.booleans())
def test_whatever_the_order_of_words_no_character_is_lost(words: list[str], rtl: bool) -> None:
    pieces = pieces_of(words, rtl=rtl)
    written = sorted(piece.word for piece in pieces if piece.word is not None)
    assert sorted(set(written)) == list(range(len(words)))
    said = "".join(piece.actual or piece.glyphs for piece in pieces)
    said = said.replace(RLM, "").replace(LRM, "").replace(" ", "")
    assert sorted(said) == sorted("".join(words))


def test_a_word_lies_over_its_own_picture(tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    page = page_of(["الماء الصالح للشرب"])
    make_searchable(paper(tmp_path), [page], out)
    document = pypdfium2.PdfDocument(out)
    text = document[0].get_textpage()
    searcher = text.search("الصالح")
    index, count = searcher.get_next()
    boxes = [text.get_charbox(at, loose=True) for at in range(index, index + count)]
    width, height = document[0].get_size()
    left, right = min(box[0] for box in boxes) / width, max(box[2] for box in boxes) / width
    middle = 1 - sum(box[1] + box[3] for box in boxes) / (2 * len(boxes) * height)
    document.close()
    wanted = page.words[1].box
    assert (left, right) == pytest.approx((wanted[0], wanted[2]), abs=0.005)
    assert wanted[1] < middle < wanted[3]


def test_text_is_there_and_the_scan_looks_as_before(
    arabic_scan: Image.Image, tmp_path: Path
) -> None:
    scan, out = tmp_path / "scan.png", tmp_path / "out.pdf"
    arabic_scan.save(scan, dpi=(150, 150))
    reading = read_file(scan, speed="quick")
    make_searchable(scan, reading.pages, out)
    first = ARABIC.split()[0]
    assert first in " ".join(by_poppler(out))
    assert first in " ".join(by_pdfium(out))
    seen = picture_of(out.read_bytes(), dpi=150)
    assert abs(seen.width - arabic_scan.width) <= 1
    small = [picture.convert("L").resize((60, 80)) for picture in (seen, arabic_scan)]
    difference = max(ImageChops.difference(*small).tobytes())
    assert difference < 24


def test_a_jpeg_is_taken_as_it_came_and_two_levels_become_fax(tmp_path: Path) -> None:
    photo, fax, out = tmp_path / "photo.jpg", tmp_path / "fax.tif", tmp_path / "out.pdf"
    Image.effect_noise((800, 1000), 60).convert("RGB").save(photo, quality=40, dpi=(100, 100))
    page = Image.new("1", (1000, 1400), 1)
    ImageDraw.Draw(page).rectangle((100, 100, 300, 200), fill=0)
    page.save(fax, dpi=(200, 200), compression="group4")

    make_searchable(photo, [page_of(["Photo"])], out)
    with pikepdf.open(out) as pdf:
        assert pdf.pages[0].Resources.XObject.P.read_raw_bytes() == photo.read_bytes()
    make_searchable(fax, [page_of(["Fax"])], out)
    with pikepdf.open(out) as pdf:
        assert pdf.pages[0].Resources.XObject.P.Filter == pikepdf.Name.CCITTFaxDecode
    seen = picture_of(out.read_bytes(), dpi=200)
    assert (seen.getpixel((200, 150)), seen.getpixel((600, 700))) == (0, 255)
    assert out.stat().st_size < 20_000


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_scanned_askew_is_upright_with_its_text_on_it(turn: int, tmp_path: Path) -> None:
    upright = Image.new("L", (800, 1200), 250)
    ImageDraw.Draw(upright).rectangle((40, 60, 400, 80), fill=0)
    stored = upright.rotate(turn, expand=True)  # `turn` degrees clockwise make it upright again
    page = page_of(["Monsieur le Directeur"], turn=turn)
    png, pdf, jpeg, out = (tmp_path / f"scan.{kind}" for kind in ("png", "pdf", "jpg", "out"))
    stored.save(png)
    pdf.write_bytes(picture_pdf(stored, dpi=100))
    stored.save(jpeg, quality=60)
    for scan in (png, pdf, jpeg):
        make_searchable(scan, [page], out)
        seen = picture_of(out.read_bytes(), dpi=72)
        assert seen.height > seen.width
        dark = seen.point(lambda level: 255 if level < 128 else 0).getbbox()
        assert dark is not None
        assert dark[0] / seen.width == pytest.approx(0.05, abs=0.01)
        assert dark[1] / seen.height == pytest.approx(0.05, abs=0.01)
        assert by_pdfium(out) == ["Monsieur le Directeur"]


def test_a_page_with_its_own_text_stays_as_it_is_beside_a_scanned_one(
    french_scan: Image.Image, tmp_path: Path
) -> None:
    mixed, out = tmp_path / "mixed.pdf", tmp_path / "out.pdf"
    born = html_pdf(paragraph(ARABIC, rtl=True))
    mixed.write_bytes(joined_pdf(born, picture_pdf(french_scan)))
    reading = read_file(mixed, speed="quick")
    assert [is_scanned(page) for page in reading.pages] == [False, True]
    make_searchable(mixed, reading.pages, out)
    with pikepdf.open(out) as pdf:
        fonts = [sorted(page.Resources.Font.keys()) for page in pdf.pages]
        assert "/F" not in fonts[0]
        assert fonts[1] == ["/F"]
    assert by_pdfium(out)[0].split()[0] == ARABIC.split()[0]


def test_the_same_reading_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = tmp_path / "one.pdf", tmp_path / "two.pdf"
    for out in (one, two):
        make_searchable(paper(tmp_path), [page_of(FRENCH_LINES)], out)
    assert one.read_bytes() == two.read_bytes()


def test_parts_become_one_document_with_one_font(tmp_path: Path) -> None:
    scan = tmp_path / "scan.tif"
    frames = [Image.new("L", (400, 500), 200 + number) for number in range(3)]
    frames[0].save(scan, save_all=True, append_images=frames[1:])
    pages = [
        PageReading(number, "ocr", text="Page", words=(Word("Page", (0.1, 0.1, 0.3, 0.15)),))
        for number in (1, 2, 3)
    ]
    parts = [tmp_path / "1", tmp_path / "2"]
    done: list[int] = []
    write_part(scan, pages[:2], parts[0], on_page=done.append)
    write_part(scan, pages[2:], parts[1], on_page=done.append)
    join_parts(parts, tmp_path / "out.pdf", language="fr")
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert len({page.Resources.Font.F.objgen for page in pdf.pages}) == 1
        assert [page.Resources.XObject.P.Width for page in pdf.pages] == [400] * 3
        assert pdf.Root.Lang == "fr"
    assert done == [1, 2, 3]


def _files_to_judge(folder: Path, arabic: Image.Image, french: Image.Image) -> list[Path]:
    """Made PDF/A of: an Arabic scan, a French one, a colour photo, a fax, a mixed PDF, and a PDF
    whose text page no PDF/A may hold as it is."""
    sources = {name: folder / name for name in ("ar.png", "fr.pdf", "photo.jpg", "fax.tif")}
    arabic.save(sources["ar.png"], dpi=(150, 150))
    sources["fr.pdf"].write_bytes(picture_pdf(french))
    colours = Image.merge("RGB", [arabic, arabic.transpose(Image.Transpose.ROTATE_180), arabic])
    exif = Image.Exif()
    exif[0x0112] = 6
    colours.save(sources["photo.jpg"], exif=exif)
    arabic.point(lambda level: 255 if level > 128 else 0).convert("1").save(sources["fax.tif"])
    lines = page_of(ARABIC_LINES + FRENCH_LINES)
    jobs = [(path, [lines]) for path in sources.values()]
    for name, born in (("mixed", html_pdf(paragraph(ARABIC, rtl=True))), ("bare", _bare_pdf())):
        path = folder / f"{name}.pdf"
        path.write_bytes(joined_pdf(born, picture_pdf(arabic)))
        own = PageReading(1, "text", "fr", 1.0, "Own", (Word("Own", (0.1, 0.1, 0.2, 0.12)),))
        jobs.append((path, [own, PageReading(2, "ocr", "ar", 0.9, lines.text, lines.words)]))
    made = []
    for path, pages in jobs:
        made.append(path.with_suffix(".made.pdf"))
        make_searchable(path, pages, made[-1])
    return made


def _bare_pdf() -> bytes:
    """A page in a font that it does not bring."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 400))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(H=font))
    page.Contents = pdf.make_stream(b"BT /H 12 Tf 30 350 Td (Own) Tj ET")
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_vera_finds_nothing_wrong_with_any_kind_of_scan(
    arabic_scan: Image.Image, french_scan: Image.Image, tmp_path: Path
) -> None:
    made = _files_to_judge(tmp_path, arabic_scan, french_scan)
    try:
        problems = verapdf.problems_of(made)
    except ServiceMissingError as error:
        pytest.skip(f"NO PDF/A VALIDATOR: {error}; that the files are PDF/A-2b was not proven")
    assert problems == {path: [] for path in made}
