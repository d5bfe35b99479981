"""Figures in words and charts as shapes: numbers by language, comparisons, targets, directions."""

from datetime import date

import pytest
from django.utils import translation

from figures.drawing import WIDTH, Row, columns, heat, lying, step_of, trend
from figures.summing import Figures, FiguresFilter
from figures.targets import Targets, reaches
from figures.wording import change, days, number, percent, sentences, share

YEAR = FiguresFilter(date(2025, 1, 1), date(2025, 12, 1))
NOW = date(2026, 3, 5)


def said(text: str) -> str:
    """The text without isolates and with plain spaces."""
    plain = text.translate(dict.fromkeys(map(ord, "\u2068\u2069")))
    return plain.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("language", "mean", "big", "part"),
    [("fr", "18,3 jours", "12 345", "82 %"), ("en", "18.3 days", "12,345", "82%")],
)
def test_numbers_stand_as_the_language_writes_them(
    language: str, mean: str, big: str, part: str
) -> None:
    with translation.override(language):
        assert said(days(18.27)) == mean
        assert said(number(12345)) == big
        assert said(percent(82)) == part


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "يوم واحد"), (2, "يومان"), (3, "3 أيام"), (11, "11 يوما"), (100, "100 يوم")],
)
def test_arabic_days_have_their_six_forms(count: int, words: str) -> None:
    with translation.override("ar"):
        assert days(count) == words


def test_few_letters_are_not_made_percentages() -> None:
    with translation.override("en"):
        assert share(6, 8) == "6 of 8"
        assert said(share(8, 10)) == "80%"
        assert share(0, 0) == "—"
        assert change(9, 4) == "5 more"
        assert said(change(75, 100)) == "25% fewer"
        assert change(5, 5) == "as many"


def figures(**numbers: int) -> Figures:
    found = Figures()
    found.numbers.update(numbers)
    found.delays.update({3: 9, 12: 1})
    return found


def test_a_summary_tells_the_comparison_and_whether_the_target_is_reached() -> None:
    total = figures(received=120, treated=10, with_term=10, in_term=9, late=1)
    goals = Targets({("in_term", "", ""): 95, ("in_term", "EAU", ""): 90})
    with translation.override("en"):
        told = said(" ".join(sentences(total, figures(received=100), YEAR, goals, NOW)))
        assert "120 letters came in. That is 20% more than in the period before." in told
        assert "Nine in ten were treated within 3 days." in told
        assert "90% were treated in time. The target of 95% is not reached." in told
        assert "not over" not in told
        of_one = FiguresFilter(YEAR.since, date(2026, 3, 1), department="EAU")
        told = said(" ".join(sentences(total, None, of_one, goals, NOW)))
        assert "The target of 90% is reached." in told
        assert "before" not in told
        assert "The present month is not over" in told


@pytest.mark.parametrize(
    ("language", "in_term", "with_term", "words"),
    [
        ("fr", 1, 1, "Le seul qui avait une échéance a été traité dans le délai."),
        ("fr", 0, 1, "Le seul qui avait une échéance n’a pas été traité dans le délai."),
        ("fr", 1, 3, "Parmi ceux qui avaient une échéance, 1 sur 3 a été traité dans le délai."),
        ("fr", 2, 3, "Parmi ceux qui avaient une échéance, 2 sur 3 ont été traités dans le délai."),
        ("fr", 9, 10, "90 % ont été traités dans le délai."),
        ("ar", 1, 3, "عولجت داخل الأجل مراسلة واحدة"),
        ("ar", 2, 3, "عولجت داخل الأجل مراسلتان"),
        ("ar", 9, 10, "عولج داخل الأجل 90"),
    ],
)
def test_few_letters_in_time_are_counted_as_the_language_counts(
    language: str, in_term: int, with_term: int, words: str
) -> None:
    total = figures(received=with_term, treated=1, with_term=with_term, in_term=in_term)
    with translation.override(language):
        told = said(" ".join(sentences(total, None, YEAR, Targets({}), NOW)))
    assert words in told
    assert "Neuf sur dix" not in told, "of a single letter"


def test_the_most_particular_target_counts() -> None:
    goals = Targets({("median", "", ""): 20, ("median", "EAU", ""): 10, ("median", "", "x"): 5})
    assert goals.of("median") == 20
    assert goals.of("median", "EAU") == 10
    assert goals.of("median", "COM", "x") == 5
    assert goals.of("median", "EAU", "x") == 10
    assert goals.of("ninetieth") is None
    assert reaches("median", 10, 10)
    assert not reaches("in_term", 89, 90)


def test_the_time_before_is_as_long_and_ends_where_this_begins() -> None:
    asked = FiguresFilter(date(2026, 1, 1), date(2026, 3, 1))
    back = asked.back(asked.months)
    assert back is not None
    assert (back.since, back.until) == (date(2025, 10, 1), date(2025, 12, 1))
    assert FiguresFilter(date(1, 1, 1), date(1, 3, 1)).back(3) is None


def test_charts_are_mirrored_and_stay_inside_their_picture() -> None:
    rows = [Row("a", 10, 5, 8), Row("b", 0, 3)]
    names = ("in", "out", "before")
    for rtl in (False, True):
        upright = columns(rows, ticks=["a", "b"], names=names, number=str, rtl=rtl)
        flat = lying(rows, names=names, number=str, rtl=rtl)
        line = trend([("a", 3), ("b", None), ("c", 9)], ticks=["", "", "c"], target=5,
                     number=str, rtl=rtl)  # fmt: skip
        cells = heat(["a"], ["1", "2"], {(0, 1): 4}, title=lambda *at: str(at), number=str, rtl=rtl)
        for chart in (upright, flat, line, cells):
            for bar in chart.bars:
                assert 0 <= bar.x <= bar.x + bar.width <= WIDTH
                assert 0 <= bar.y <= bar.y + bar.height <= chart.height
        first, second = upright.bars[0].x, upright.bars[2].x
        assert (first > second) is rtl
        assert not [one for one in line.lines if one.look == "line"]  # no line over a gap
        assert [one.title for one in line.lines if one.look == "target"] == ["5"]
    assert [step_of(n, 100) for n in (0, 1, 17, 100)] == [0, 1, 2, 6]
