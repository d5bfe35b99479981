"""What a word's confidence says: the curves as fitted, and how their error is counted."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ocr.engines.calibration import calibrated, curves, expected_error, reliability
from ocr.engines.contract import Tesseract
from ocr.reader import Reader

figures = st.floats(min_value=0, max_value=1)


@given(figures, figures, st.sampled_from(sorted(curves())))
def test_a_surer_word_never_comes_out_less_sure(one: float, other: float, curve: str) -> None:
    engine, language = curve.split("/")
    low, high = sorted((one, other))
    meant = [calibrated(raw, engine=engine, language=language) for raw in (low, high)]
    assert 0 <= meant[0] <= meant[1] < 1


@pytest.mark.parametrize("curve", ["tesseract/ar", "tesseract/fr", "tesseract/en"])
def test_every_language_of_the_office_has_its_curve(curve: str) -> None:
    raw, right = curves()[curve]
    assert (raw[0], raw[-1]) == (0, 1)
    assert len(raw) == len(right)


def test_an_engine_without_a_curve_keeps_its_own_figure() -> None:
    assert calibrated(0.7, engine="another", language="fr") == 0.7


@given(st.lists(st.tuples(figures, st.booleans()), min_size=1))
def test_every_word_is_in_one_bin_and_the_error_is_a_share(words: list[tuple[float, bool]]) -> None:
    confidences, right = [one for one, _ in words], [good for _, good in words]
    rows = reliability(confidences, right)
    assert sum(count for count, _, _ in rows) == len(words)
    assert 0 <= expected_error(confidences, right) <= 1


def test_nine_in_ten_right_at_nine_tenths_is_no_error_and_at_six_tenths_one_of_three() -> None:
    right = [True] * 9 + [False]
    assert expected_error([0.9] * 10, right) == pytest.approx(0)
    assert expected_error([0.6] * 10, right) == pytest.approx(0.3)
    with pytest.raises(ValueError, match="no words"):
        expected_error([], [])


def test_a_fitted_curve_gives_the_share_of_right_words() -> None:
    from tools.calibration_fit import Seen, fit  # scikit-learn: half a second of each process

    words = [
        Seen("x/fr", raw, number % 10 < wanted, second_half=False)
        for raw, wanted in ((0.3, 2), (0.6, 5), (0.9, 8))
        for number in range(200)
    ]
    curve = fit(words)
    found = dict(zip(curve["raw"], curve["right"], strict=True))
    assert found[0.3] == pytest.approx(0.2, abs=0.05)
    assert found[0.6] == pytest.approx(0.5, abs=0.1)
    assert found[0.9] == pytest.approx(0.8, abs=0.1)
    assert all(low <= high for low, high in itertools.pairwise(curve["right"]))


def test_words_are_right_at_their_place_in_normal_form() -> None:
    from tools.calibration_fit import words_right

    assert words_right(["عدد", "١٢", "x", "الماء"], "عَدد 12 الماء") == [True, True, False, True]


def test_what_the_reader_gives_out_is_calibrated(french_scan: Image.Image) -> None:
    raw: list[float] = []

    def remember(figure: float, *, engine: str, language: str) -> float:
        raw.append(figure)
        return calibrated(figure, engine=engine, language=language)

    reader = Reader(Tesseract(), ("fr",))
    reader.calibrate = remember
    page = reader.read(french_scan)
    meant = [calibrated(one, engine="tesseract", language="fr") for one in raw]
    assert [word.confidence for word in page.words] == meant
    assert min(meant) <= page.confidence <= max(meant)
