"""The daily closing: a seal over the chain head, and the day's page of the book as PDF."""

import io
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from org.days import midnight_after
from org.models import User
from org.written_days import date_format
from registry import chain
from registry.book.versions import face_on
from registry.files.stored import stored_row
from registry.files.vault import store
from registry.models.closings import DailyClosing
from registry.models.events import LetterEvent
from registry.models.files import StoredFile
from registry.models.letters import Letter
from registry.models.registers import NumberSeries
from registry.paper import bilingual_pdf
from registry.proof.checkpoints import current
from registry.proof.keys import remember_first_key

OVERLAP = timedelta(hours=1)  # an event's time is set before its transaction commits


class DayNotOverError(ValueError):
    """The day has not ended by the office's clock, so it cannot be closed."""

    def __init__(self, day: date) -> None:
        super().__init__(
            _("%(day)s has not ended yet: only a day that is over can be closed.")
            % {"day": date_format(day)}
        )


def close_series(
    series: NumberSeries, *, day: date, actor: User | None, checkpoint: str = ""
) -> DailyClosing | None:
    """Seal all that was registered or changed since the closing before, up to the end of `day`.

    Return None when nothing was. `checkpoint`, as printed, is the log's newest.
    """
    with transaction.atomic():
        series = NumberSeries.objects.select_for_update().get(pk=series.pk)
        before = series.closings.order_by("-sequence").first()
        end = midnight_after(day)
        heads = _moved_heads(series, before, end)
        first = before.last + 1 if before else series.first
        last, chain_head = _last_of(series, end)
        if not heads and first > last:
            return None
        closing = DailyClosing(
            series=series,
            sequence=(before.sequence if before else 0) + 1,
            day=day,
            first=first,
            last=max(last, first - 1),
            chain_head=chain_head,
            heads=heads,
            closed_at=timezone.now(),
            closed_by=actor,
            previous_hash=before.hash if before else "",
            checkpoint=checkpoint,
        )
        closing.hash = closing_hash(closing)
        closing.save(force_insert=True)
        series.closing_head = closing.hash
        series.save(update_fields=["closing_head"])
        return closing


def closing_hash(closing: DailyClosing) -> str:
    """Return the hash over all columns of a closing except its page."""
    return chain.digest(
        [
            closing.series_id,
            closing.sequence,
            closing.day,
            closing.first,
            closing.last,
            closing.chain_head,
            closing.heads,
            closing.closed_at,
            closing.closed_by_id,
            closing.previous_hash,
            *([closing.checkpoint] if closing.checkpoint else []),
        ]
    )


def _last_of(series: NumberSeries, end: datetime) -> tuple[int, str]:
    """Return the last number taken before `end`, and the head of the register's chain there."""
    registered = LetterEvent.objects.filter(
        seq=1,
        letter__register=series.register_id,
        letter__year=series.year,
        letter__registered_at__lt=end,
    )
    newest = registered.order_by("-letter__serial").values_list("letter__serial", "register_hash")
    return newest.first() or (0, "")


def _moved_heads(
    series: NumberSeries, before: DailyClosing | None, end: datetime
) -> list[list[Any]]:
    """Return [letter id, seq, hash] of each letter's newest event at `end`.

    Only of those letters that changed since `before`.
    """
    events = LetterEvent.objects.filter(
        letter__register=series.register_id, letter__year=series.year, at__lt=end
    )
    if before:
        since = min(before.closed_at, midnight_after(before.day))
        events = events.filter(at__gt=since - OVERLAP)
    newest = events.values("letter_id").annotate(top=Max("seq"))
    tops = {row["letter_id"]: row["top"] for row in newest.order_by("letter_id")}
    known = {tuple(head[:2]) for head in before.heads} if before else set()
    rows = events.filter(seq__in=set(tops.values())).values_list("letter_id", "seq", "hash")
    heads = [
        [str(letter_id), seq, value]
        for letter_id, seq, value in rows
        if tops[letter_id] == seq and (str(letter_id), seq) not in known
    ]
    return sorted(heads)


def draw_page(closing: DailyClosing) -> StoredFile:
    """Draw the day's page, signed when a key is configured; store it and fix it to its closing."""
    from registry.book.signing import signed

    series = closing.series
    letters = Letter.objects.filter(
        register=series.register_id, year=series.year, serial__range=(closing.first, closing.last)
    )
    pdf = bilingual_pdf(
        "registry/register_page.html",
        {
            "closing": closing,
            "series": series,
            "register": face_on(series.register, closing.day),
            "letters": list(letters.for_lists().order_by("serial")),
            "timezone": settings.TIME_ZONE,
        },
        day=closing.day,
    )
    file = stored_row(store(io.BytesIO(signed(pdf))), media_type="application/pdf")
    DailyClosing.objects.filter(pk=closing.pk, page=None).update(page=file)
    return file


def close_day(*, day: date | None = None, actor: User | None = None) -> list[DailyClosing]:
    """Close a day that has ended by the office's clock; by default the last one.

    Raise DayNotOverError for today and later: what is sealed under a day is of that day.
    """
    ended = timezone.localdate(timezone=timezone.get_default_timezone()) - timedelta(days=1)
    day = day or ended
    if day > ended:
        raise DayNotOverError(day)
    return close_registers(day=day, actor=actor)


def close_registers(*, day: date, actor: User | None = None) -> list[DailyClosing]:
    """Close every series that has something to close and draw the missing pages."""
    point = current()
    for series in NumberSeries.objects.exclude(register__direction="minutes"):
        close_series(series, day=day, actor=actor, checkpoint=point.printed if point else "")
    made = []
    for closing in DailyClosing.objects.filter(page=None).select_related("series__register"):
        draw_page(closing)
        made.append(closing)
    return made


def close_day_work(day: str, _progress: Any) -> None:
    """Close the day that is over, as the nightly job."""
    remember_first_key()
    close_day(day=date.fromisoformat(day))
