"""What citizens say of answers, beside the figures of work: ratings, and letters reopened."""

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from figures.counting import next_month
from figures.scope import Scope
from figures.summing import FiguresFilter
from figures.wording import DASH, number, share
from org.days import midnight
from routing.closing import satisfaction
from web.desk.figures.tiles import Tile

GOOD: Final = (4, 5)
DEFINITIONS: Final = {
    "rated": gettext_lazy(
        "Citizens who said in these months how the answer was, with one tap. Kind and channel are "
        "not told apart here."
    ),
    "mean": gettext_lazy("The mean of their faces, from 1 to 5."),
    "good": gettext_lazy("The share of them who gave 4 or 5."),
    "reopened": gettext_lazy("Answered letters that a citizen had opened again in these months."),
}


def citizen_tiles(scope: Scope, asked: FiguresFilter) -> list[Tile]:
    """Return four figures of the chosen months and departments, within the scope."""
    codes = set(scope.codes(asked.department))
    if scope.everything and not asked.department:
        codes.add("")
    since, until = midnight(asked.since), midnight(next_month(asked.until))
    rows = [
        row
        for row in satisfaction.satisfaction_figures(since=since, until=until)
        if row.department in codes
    ]
    rated = sum(row.count for row in rows)
    points = sum(score * n for row in rows for score, n in row.by_score.items())
    good = sum(row.by_score[score] for row in rows for score in GOOD)
    reopened = sum(row.reopened_by_citizens for row in rows)
    wanted: list[tuple[Any, str, str]] = [
        (_("Answers rated"), number(rated), "rated"),
        (_("Mean of 5"), number(points / rated, 1) if rated else DASH, "mean"),
        (_("Content"), share(good, rated), "good"),
        (
            _("Opened again by citizens"),
            number(reopened),
            "reopened",
        ),
    ]
    return [Tile(name, value, DEFINITIONS[code]) for name, value, code in wanted]
