"""What senders say of their answer: one tap, an optional remark; and the figures."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from language.lines import one_line
from registry.changes import lock, record_change
from registry.models.letters import Letter
from registry.models.registers import Register
from routing.acting.errors import NotAllowedError
from routing.closing.reopening import DONE, who_answered
from routing.kinds import RoutingEvent
from routing.models.closing import Reopening, Satisfaction

SCORES: Final = (1, 2, 3, 4, 5)
LINK_LASTS: Final = timedelta(days=90)
_SALT: Final = "satisfaction"


@dataclass(slots=True)
class SatisfactionFigures:
    """One department's figures ("" for letters without one): ratings by score, and reopenings."""

    department: str
    by_score: dict[int, int] = field(default_factory=lambda: dict.fromkeys(SCORES, 0))
    reopened: int = 0
    reopened_by_citizens: int = 0

    @property
    def count(self) -> int:
        """The number of ratings."""
        return sum(self.by_score.values())

    @property
    def mean(self) -> float | None:
        """The mean rating, 1 to 5; None where nobody has rated."""
        total = sum(score * count for score, count in self.by_score.items())
        return total / self.count if self.count else None


def may_rate(letter: Letter) -> bool:
    """Return whether an answer was given that can be rated or whose rating can still be changed."""
    if letter.stage not in DONE or letter.register.direction != Register.Direction.INCOMING:
        return False
    row = Satisfaction.objects.filter(letter=letter).first()
    return row is None or _is_changeable(row)


def rate(letter: Letter, *, score: int, remark: str | None = None) -> Satisfaction:
    """Record the sender's rating of the answer, 1 to 5; raise NotAllowedError where it may not be.

    A further rating within RATING_DAYS replaces the first. `remark` None leaves that as it was.
    """
    if score not in SCORES:
        raise NotAllowedError(_("Choose one of the five faces."))
    with transaction.atomic():
        lock(letter)
        if letter.stage not in DONE or letter.register.direction != Register.Direction.INCOMING:
            raise NotAllowedError(_("There is no answer to rate yet."))
        row = Satisfaction.objects.filter(letter=letter).first()
        if row and not _is_changeable(row):
            raise NotAllowedError(_("Your rating was given some time ago and is kept as it is."))
        now = timezone.now()
        is_news = row is None or (remark is not None and one_line(remark, 1000) != row.remark)
        row = row or Satisfaction(letter=letter, department=who_answered(letter), given_at=now)
        row.score, row.changed_at = score, now
        if remark is not None:
            row.remark = one_line(remark, 1000)
        row.save()
        data = {"score": score}
        record_change(
            letter, RoutingEvent.RATED, actor=None, data=data, rows=[row], quiet=not is_news
        )
    return row


def rating_token(letter_id: UUID) -> str:
    """Return the token for the link in an answer's e-mail: it opens the rating and nothing else."""
    return signing.dumps(str(letter_id), salt=_SALT)


def letter_of_token(token: str) -> Letter | None:
    """Return the letter that a link's token names; None for a foreign, changed or old one."""
    try:
        named = signing.loads(token, salt=_SALT, max_age=LINK_LASTS)
    except signing.BadSignature:
        return None
    found: Letter | None = Letter.objects.select_related("register").filter(pk=named).first()
    return found


def satisfaction_figures(*, since: datetime, until: datetime) -> list[SatisfactionFigures]:
    """Return ratings given and letters reopened, `since` <= day < `until`, by department code."""
    found: dict[str, SatisfactionFigures] = {}
    rated = Satisfaction.objects.filter(given_at__gte=since, given_at__lt=until)
    for code, score, count in _counted(rated, "score"):
        _of(found, code).by_score[score] += count
    again = Reopening.objects.filter(at__gte=since, at__lt=until)
    for code, by_citizen, count in _counted(again, "by_citizen"):
        figures = _of(found, code)
        figures.reopened += count
        figures.reopened_by_citizens += count if by_citizen else 0
    return [found[code] for code in sorted(found)]


def _counted(rows: "QuerySet[Any]", by: str) -> Iterable[tuple[str, Any, int]]:
    counted = rows.values_list("department__code", by).annotate(count=Count("pk"))
    return ((code or "", value, count) for code, value, count in counted)


def _of(found: dict[str, SatisfactionFigures], code: str) -> SatisfactionFigures:
    return found.setdefault(code, SatisfactionFigures(code))


def _is_changeable(row: Satisfaction) -> bool:
    return timezone.now() - row.given_at <= timedelta(days=settings.RATING_DAYS)
