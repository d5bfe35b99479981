"""The careful reading: better line by line, and the quick reading stands where a reader fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from PIL import Image

from ocr.attempt import Attempt
from ocr.careful.latin import in_reading_order
from ocr.careful.once import ReadOnce
from ocr.careful.reading import is_weak, reread
from ocr.careful.sample import reads_latin
from ocr.engines.contract import NoEngine, PixelBox, SecondReader, SeenLine, SeenWord, Tesseract
from ocr.errors import EngineFailed, EngineTimeout
from ocr.judging.scoring import character_error_rate
from ocr.limits import Limits
from ocr.picture.layout import measure
from ocr.picture.legible import problem_of
from ocr.pipeline import make_reader
from ocr.reading import Language
from tests.ocr.conftest import ARABIC, FRENCH, html_pdf, paragraph, picture_of
from tests.ocr.engines.second import Crashing, Rubbish, Scripted, Slow

WORDS = ("Objet", "demande", "de", "raccordement")


def _line(text: str, top: float, *, left: float = 100.0, sure: float = 0.95) -> SeenLine:
    """A line of words 60 pixels wide and 20 high."""
    words = [
        SeenWord(word, (left + 70 * n, top, left + 70 * n + 60, top + 20), sure)
        for n, word in enumerate(text.split())
    ]
    return SeenLine(tuple(words), 0)


def _read(
    lines: list[SeenLine], second: SecondReader | None, *, language: Language = "fr"
) -> list[SeenLine]:
    picture = Image.new("L", (1000, 1400), 255)
    return reread(
        picture,
        measure(picture),
        lines,
        language=language,
        languages=("ar", "fr", "en"),
        engine=NoEngine(),
        second=second,
        left=lambda: 60.0,
    )


def _texts(lines: list[SeenLine]) -> list[str]:
    return [line.text for line in lines]


def _box(top: float, right: float = 600.0) -> PixelBox:
    return (95.0, top - 8, right, top + 28)


def test_a_line_that_only_the_detector_saw_is_put_in_its_place() -> None:
    quick = [_line("Monsieur le Directeur", 100), _line("Veuillez trouver ci-joint", 300)]
    found = {_box(200): _line("Objet : coupure d'eau", 200, sure=0.99)}
    second = Scripted({_box(100, 310): None, _box(300, 310): None, **found})
    assert _texts(_read(quick, second)) == [quick[0].text, "Objet : coupure d'eau", quick[1].text]


def test_an_unsure_line_is_taken_from_the_second_reader() -> None:
    quick = [_line("Obiet : denande", 100, sure=0.6)]
    second = Scripted({_box(100, 310): _line("Objet : demande", 100, sure=0.99)})
    assert _texts(_read(quick, second)) == ["Objet : demande"]


def test_a_line_that_the_engine_is_sure_of_is_not_read_again() -> None:
    quick = [_line("Veuillez agréer", 100)]
    second = Scripted({_box(100, 240): _line("Veuillez agreer", 100, sure=0.99)})
    assert _texts(_read(quick, second)) == ["Veuillez agréer"]
    assert second.asked == 0


def test_accents_that_only_the_first_reader_saw_are_kept() -> None:
    quick = [_line("le maître tete réparé nn", 100, sure=0.9)]
    second = Scripted({_box(100, 450): _line("le maitre tête repare un", 100, sure=0.99)})
    assert _texts(_read(quick, second)) == ["le maître tête réparé un"]


def test_spaces_before_signs_stay_as_the_first_reader_saw_them() -> None:
    quick = [_line("pris , et elle rit", 100, sure=0.9)]
    second = Scripted({_box(100, 450): _line("pris, et el le rit", 100, sure=0.99)})
    assert _texts(_read(quick, second)) == ["pris , et elle rit"]


def test_specks_that_only_the_second_reader_takes_for_text_are_left_out() -> None:
    quick = [_line("Veuillez agréer", 100)]
    specks = {_box(500, 140): _line("l", 500, sure=0.8), _box(700): _line("ei nr", 700, sure=0.5)}
    second = Scripted({_box(100, 240): None, **specks})
    assert _texts(_read(quick, second)) == ["Veuillez agréer"]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [_line(f"gauche {n} un deux trois", 200 + 50 * n, left=60) for n in range(6)]
    right = [_line(f"droite {n} un deux trois", 200 + 50 * n, left=560) for n in range(6)]
    mixed = [line for pair in zip(left, right, strict=True) for line in pair]
    boxes = {(line.box[0], line.box[1] - 8, line.box[2], line.box[3] + 8): None for line in mixed}
    assert _texts(_read(mixed, Scripted(dict(boxes)))) == _texts(left + right)


def test_cells_of_a_table_are_read_row_by_row() -> None:
    cells = [_line(f"{n}", 200 + 50 * n, left=x) for x in (100, 400, 700) for n in range(6)]
    boxes = {(line.box[0], line.box[1] - 8, line.box[2], line.box[3] + 8): None for line in cells}
    assert _texts(_read(cells, Scripted(dict(boxes)))) == [f"{n} {n} {n}" for n in range(6)]


def test_a_cell_seen_amid_others_of_its_row_does_not_break_the_row_in_two() -> None:
    """The detector saw the second figure alone; the engine's line holds those beside it."""
    rows = []
    boxes: dict[PixelBox, SeenLine | None] = {}
    for top in (200, 250):
        name, price = _line("BREAD", top, left=60), _line("6.39", top, left=700)
        amounts = _line("311 0 203", top, left=400)
        rows += [name, amounts, price]
        for cell in (name.words[0], amounts.words[1], price.words[0]):
            left, upper, right, lower = cell.box
            boxes[left - 4, upper - 8, right + 4, lower + 8] = None
    assert _texts(_read(rows, Scripted(boxes))) == ["BREAD 311 0 203 6.39"] * 2


def test_figures_in_arabic_lines_are_the_second_readers_and_brackets_the_firsts() -> None:
    quick = [_line("بتاريخ (13176 الموافق", 100, sure=0.5)]
    second = Scripted({}, anything=_line("1376)", 100, sure=0.99))
    assert _texts(_read(quick, second, language="ar")) == ["بتاريخ (1376 الموافق"]


def test_a_code_in_latin_letters_takes_the_place_of_no_arabic_words_beside_it() -> None:
    quick = [_line("المرجع: كتابكم رقم 312/101/2026", 100, sure=0.66)]
    number = _line("312/RH/2026", 100, left=310.0, sure=0.97)
    read = _read(quick, Scripted({_box(100, right=380.0): number}), language="ar")
    assert _texts(read) == ["المرجع: كتابكم رقم 312/101/2026"]


def test_a_line_in_latin_letters_that_was_taken_for_arabic_is_the_second_readers() -> None:
    quick = [_line("لاخف ءمس هئ 101", 100, sure=0.4)]
    second = Scripted({_box(100, right=380.0): _line("RUE 312 RH EJ", 100, sure=0.97)})
    assert _texts(_read(quick, second, language="ar")) == ["RUE 312 RH EJ"]


def test_a_number_that_two_readers_read_differently_is_doubted() -> None:
    quick = [_line("بتاريخ 22023 الموافق", 100, sure=0.9)]
    second = Scripted({}, anything=_line("2023", 100, sure=0.99))
    (line,) = _read(quick, second, language="ar")
    assert [word.text for word in line.words] == ["بتاريخ", "22023", "الموافق"]
    assert [word.confidence for word in line.words] == [0.9, 0.3, 0.9]


@pytest.mark.parametrize(("sure", "text"), [(0.7, "المكتب الوطني"), (0.3, "المكتب الوطبي")])
def test_a_weak_arabic_word_is_taken_from_other_models_but_not_on_a_page_of_guesses(
    sure: float, text: str
) -> None:
    class OtherModels(NoEngine):
        """Reads each line at the size that it is given."""

        def read(self, picture: Image.Image, **_: object) -> list[SeenLine]:
            words = zip(("المكتب", "الوطني"), (0.6, 0.97), strict=True)
            boxes = [(100 + 70 * n, 100.0, 160 + 70 * n, 120.0) for n in range(2)]
            seen = [
                SeenWord(word, box, score) for (word, score), box in zip(words, boxes, strict=True)
            ]
            return [SeenLine(tuple(seen), 0).scaled(picture.width / 1000)]

    picture = Image.new("L", (1000, 1400), 255)
    read = reread(
        picture,
        replace(measure(picture), height=36.0),
        [_line("المكتب الوطبي", 100, sure=sure)],
        language="ar",
        languages=("ar", "fr", "en"),
        engine=NoEngine(),
        second=Scripted({}),
        left=lambda: 60.0,
        witness=OtherModels(),
    )
    assert _texts(read) == [text]


def test_figures_are_not_shortened_where_the_first_reader_was_sure() -> None:
    quick = [_line("عام 1424 موافق", 100)]
    second = Scripted({}, anything=_line("424", 100, sure=0.99))
    assert _texts(_read(quick, second, language="ar")) == ["عام 1424 موافق"]


def test_on_a_worn_page_an_unsure_line_that_only_the_second_reader_saw_is_kept() -> None:
    quick = [
        _line("Ncnsicur ie Dircctcur", 100, sure=0.4),
        _line("Vcui11ez 1rouver", 300, sure=0.4),
    ]
    seen = {
        _box(100, 310): _line("Monsieur le Directeur", 100, sure=0.78),
        _box(200): _line("Objet : coupure d'eau", 200, sure=0.72),
        _box(300, 310): _line("Veuillez trouver", 300, sure=0.78),
        _box(500, 140): _line("ei nr", 500, sure=0.5),
    }
    read = ["Monsieur le Directeur", "Objet : coupure d'eau", "Veuillez trouver"]
    assert _texts(_read(quick, Scripted(seen))) == read


def test_quickly_read_latin_lines_follow_each_other_down_the_page() -> None:
    lines = [_line("la nuit, notre route", 140), _line("Des astres énormes", 100)]
    assert in_reading_order(Attempt("fr", lines)).lines == lines[::-1]
    assert in_reading_order(Attempt("ar", lines)).lines == lines


def test_the_second_reader_is_asked_once_for_each_line_of_a_page() -> None:
    boxes = [_box(100), _box(200)]
    reader = Scripted(dict(zip(boxes, [_line("Objet", 100), None], strict=True)))
    once, page = ReadOnce(reader), Image.new("L", (1000, 1400), 255)
    for _ in range(2):
        assert once.find_lines(page, seconds=1) == boxes
        assert once.read_lines(page, boxes, seconds=1) == list(reader.lines.values())
    assert reader.asked == 2
    once.read_lines(other := page.copy(), boxes, seconds=1)
    once.read_lines(page, boxes, seconds=1)
    once.read_lines(other, boxes, seconds=1)
    assert reader.asked == 4


@pytest.mark.parametrize(
    ("text", "sure", "second", "kept"),
    [
        ("1 15 ثاتام 1940", 0.63, "AUG 15 1940", "AUG 15 1940"),
        ("انع", 0.73, "P 37", "P 37"),
        ("المملكة المغربية", 0.93, "l U oill", "المملكة المغربية"),
    ],
)
def test_a_stamp_that_was_taken_for_arabic_is_read_by_the_second_reader(
    text: str, sure: float, second: str, kept: str
) -> None:
    """On a page in Latin letters; Arabic that the first reader is sure of stays."""
    quick, box = [_line(text, 100, sure=sure)], _box(100)
    assert _texts(_read(quick, Scripted({box: _line(second, 100, sure=0.97)}))) == [kept]


def test_a_space_after_an_apostrophe_is_none_where_the_second_reader_sees_none() -> None:
    quick, box = [_line("CONSEIL D\u2019 ADMINISTRATION", 100)], _box(100)
    second = Scripted({box: _line("CONSEIL D'ADMINISTRATION", 100)})
    assert _texts(_read(quick, second)) == ["CONSEIL D'ADMINISTRATION"]


class OfTwoPictures(Scripted):
    """Reads one picture well, and another, which is paler, badly."""

    def read_lines(
        self, picture: Image.Image, boxes: Sequence[PixelBox], *, seconds: float
    ) -> list[SeenLine | None]:
        """Read by the picture's first pixel."""
        pale = picture.getpixel((0, 0)) == 255
        return [
            _line("LE JARDIN DES UARESSES", 100, sure=0.8) if pale else _CARESSES for _ in boxes
        ]


_CARESSES = _line("LE JARDIN DES CARESSES", 100, sure=0.9)


@pytest.mark.parametrize(("grey", "read"), [(180, "CARESSES"), (255, "UARESSES")])
def test_a_line_is_read_in_the_light_in_which_the_second_reader_is_surer(
    grey: int, read: str
) -> None:
    picture, second = Image.new("L", (1000, 1400), 255), OfTwoPictures({_box(100): None})
    lines = reread(
        picture,
        measure(picture),
        [_line("LE JARDIN DLS UARLSSLS", 100, sure=0.4)],
        language="fr",
        languages=("fr",),
        engine=NoEngine(),
        second=second,
        left=lambda: 60.0,
        shaded=lambda: Image.new("L", (1000, 1400), grey),
    )
    assert _texts(lines) == [f"LE JARDIN DES {read}"]


class FailingInAnother(Scripted):
    """Reads one picture, and fails at any other."""

    def __init__(self, picture: Image.Image, error: Exception) -> None:
        super().__init__({_box(100): _line("LE JARDIN DES CARESSES", 100, sure=0.9)})
        self._picture, self._error = picture, error

    def read_lines(
        self, picture: Image.Image, boxes: Sequence[PixelBox], *, seconds: float
    ) -> list[SeenLine | None]:
        """Read the lines of the script, of the one picture."""
        if picture is not self._picture:
            raise self._error
        return super().read_lines(picture, boxes, seconds=seconds)


@pytest.mark.parametrize("error", [EngineTimeout("too late"), EngineFailed("crashed")])
def test_what_was_read_stands_where_the_other_light_fails(error: Exception) -> None:
    picture = Image.new("L", (1000, 1400), 255)
    lines = reread(
        picture,
        measure(picture),
        [_line("LE JARDIN DLS UARLSSLS", 100, sure=0.4)],
        language="fr",
        languages=("fr",),
        engine=NoEngine(),
        second=FailingInAnother(picture, error),
        left=lambda: 60.0,
        shaded=picture.copy,
    )
    assert _texts(lines) == ["LE JARDIN DES CARESSES"]


@pytest.mark.parametrize(
    ("text", "sure", "latin"),
    [
        ("Veuillez trouver ci-joint", 0.72, True),
        ("Mnm mwn nMw rnm", 0.55, False),
        ("l5", 0.9, False),
    ],
)
def test_a_page_is_latin_where_the_second_reader_reads_its_lines(
    text: str, sure: float, latin: bool
) -> None:
    page = Image.new("L", (1000, 1400), 255)
    lines = {_box(top): _line(text, top, sure=sure) for top in range(100, 700, 100)}
    assert reads_latin(page, Scripted(lines | {_box(700): None}), seconds=1) is latin
    assert not reads_latin(page, Crashing(), seconds=1)


def test_a_page_in_both_scripts_is_no_latin_one() -> None:
    page = Image.new("L", (1000, 1400), 255)
    lines: dict[PixelBox, SeenLine | None] = {
        _box(top): _line("Veuillez trouver ci-joint", top, sure=1.0) for top in (100, 300, 500)
    }
    unread = {_box(200): None, _box(400): _line("Jl", 400, sure=0.6)}
    assert not reads_latin(page, Scripted(lines | unread), seconds=1)


def _by_second(text: str, sure: float) -> SeenLine:
    line = _line(text, 100, sure=sure)
    return replace(line, words=tuple(replace(word, by="rapid") for word in line.words))


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (_line("Veuillez agréer", 100), ""),
        (_line("Vcmi11 ogrccr", 100, sure=0.2), "doubtful"),
        (_line("l i", 100, sure=0.2), "doubtful"),
        (_line("~ - ,", 100, sure=0.9), "empty"),
        (_by_second("Veuillez agréer", 0.97), ""),
        (_by_second("Vailly ogrir", 0.78), "doubtful"),
    ],
)
def test_whatever_has_a_letter_is_kept_and_guesses_are_marked(line: SeenLine, problem: str) -> None:
    assert problem_of([line], "fr") == problem


@pytest.mark.parametrize("second", [Crashing(), Slow(), Rubbish()])
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_quick_reading_stands_when_the_second_reader_fails(
    second: SecondReader, language: Language
) -> None:
    quick = [_line("Monsieur le Directeur", 100, sure=0.9), _line("du 12/03/2024", 200, sure=0.9)]
    assert _texts(_read(quick, second, language=language)) == _texts(quick)


def test_an_empty_page_and_a_page_full_of_doubt_are_weak_and_a_plain_one_is_not(
    french_scan: Image.Image,
) -> None:
    page = measure(french_scan)
    lines = Tesseract().read(french_scan, language="fr", seconds=60)
    assert not is_weak(page, lines)
    assert is_weak(page, [])
    assert is_weak(page, lines[: len(lines) // 2])


@pytest.mark.parametrize(("text", "rtl"), [(ARABIC, True), (FRENCH, False)])
def test_a_careful_reading_is_no_worse_than_a_quick_one(text: str, rtl: bool) -> None:
    body = paragraph(text, rtl=rtl) + paragraph("2024/IN/000123 - 15.03.2024", rtl=rtl)
    picture = picture_of(html_pdf(body, size="A5"), dpi=110)
    errors = {}
    for speed in ("quick", "careful"):
        read = make_reader(limits=Limits(), speed=speed).read(picture)
        errors[speed] = character_error_rate(text + " 2024/IN/000123 - 15.03.2024", read.text)
    assert errors["careful"] <= errors["quick"]
    assert errors["careful"] < 0.08
