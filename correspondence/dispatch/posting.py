"""Letters for the post office: what waits to be posted, and the day's list that a clerk closes.

A list's PDF is drawn by a job; with it in the vault, each letter on it counts as sent.
"""

import io
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from correspondence.kinds import OutgoingJob
from correspondence.models.dispatch import Dispatch, PostingLine, PostingList
from jobs.outbox import enqueue, enqueue_all
from language.bidi import isolate
from language.numerals import ascii_digits
from org.models import User
from org.people import permissions_of
from registry.book.signing import signed
from registry.drawn_papers import drawn_papers
from registry.files.receiving import Stored
from registry.files.stored import stored_row
from registry.files.vault import store
from registry.paper import bilingual_pdf
from registry.states import ConflictError, Stage
from routing.acting.errors import NotAllowedError

MOST_LINES: Final = 500  # of one list; what is beyond waits for the next one
_TRACKING: Final = re.compile(r"[A-Z0-9]{6,30}", re.ASCII)
_S10: Final = re.compile(r"[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}", re.ASCII)
_S10_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed list, and how many letters stay for the next one.

    They stay without a tracking number, or when not drawn yet.
    """

    posting_list: PostingList
    left: int


def to_be_posted(way: str) -> QuerySet[PostingLine]:
    """Return what waits to be posted by this method, in the order in which it was requested."""
    rows = PostingLine.objects.filter(
        posting_list=None, dispatch__method=way, dispatch__state="waiting"
    ).exclude(dispatch__letter__stage=Stage.VOIDED)
    return rows.select_related("dispatch__letter", "dispatch__reply__department").order_by("id")


def s10_is_right(number: str) -> bool:
    """Return whether a tracking number of the Universal Postal Union has its check digit.

    That form (S10) is two letters, nine digits, two letters; return True for numbers in any other.
    """
    match = _S10.fullmatch(number)
    if match is None:
        return True
    digits = (int(digit) for digit in match[1])
    total = sum(weight * digit for weight, digit in zip(_S10_WEIGHTS, digits, strict=True))
    check = 11 - total % 11
    return int(match[2]) == {10: 0, 11: 5}.get(check, check)


def describe_line(
    line: PostingLine,
    *,
    actor: User,
    tracking_number: str,
    weight: int | None = None,
    postage: Decimal | None = None,
    seen: str = "",
) -> PostingLine:
    """Store the post office's number, grams and postage for a letter that waits.

    Raise NotAllowedError for a number that cannot be one or that another letter has, or once the
    list is closed, and ConflictError where the line is not as it was `seen` (its `said`). A wrong
    check digit is kept; `s10_is_right` serves to warn of it.
    """
    need_clerk(actor)
    number = re.sub(r"[\s.-]", "", ascii_digits(tracking_number)).upper()
    if number and not _TRACKING.fullmatch(number):
        raise NotAllowedError(
            _("A tracking number has 6 to 30 letters and digits, as RR123456785MA.")
        )
    waiting = PostingLine.objects.filter(pk=line.pk, posting_list=None)
    try:
        with transaction.atomic():
            present = waiting.select_for_update().first()
            if present and seen and present.said != seen:
                raise ConflictError
            kept = waiting.update(tracking_number=number, weight=weight, postage=postage)
    except IntegrityError as error:
        raise NotAllowedError(_("Another letter has this tracking number.")) from error
    if not kept:
        raise NotAllowedError(_("The list with this letter is closed."))
    line.refresh_from_db()
    return line


def close_posting_list(*, actor: User, way: str) -> Closed:
    """Close the list of what is posted now; a job draws it. Letters that are not ready stay.

    Raise NotAllowedError where nothing is ready, or where the actor is no clerk of the office.
    """
    need_clerk(actor)
    if way not in PostingList.WAYS:
        raise NotAllowedError(_("Say how the letters are posted."))
    now = timezone.now()
    with transaction.atomic():
        waiting = list(to_be_posted(way).select_for_update(of=("self",))[: MOST_LINES * 2])
        drawn = drawn_among([line.dispatch for line in waiting])
        ready = [line for line in waiting if is_ready(line, drawn)][:MOST_LINES]
        if not ready:
            raise NotAllowedError(_why_none(waiting, drawn))
        year = timezone.localtime(now).year
        of_year = PostingList.objects.filter(way=way, year=year)
        row = PostingList.objects.create(
            way=way,
            year=year,
            serial=(of_year.aggregate(last=Max("serial"))["last"] or 0) + 1,
            count=len(ready),
            closed_by=actor,
            closed_at=now,
        )
        for position, line in enumerate(ready, start=1):
            line.posting_list, line.position = row, position
        PostingLine.objects.bulk_update(ready, ["posting_list", "position"])
        enqueue(OutgoingJob.POSTING_DRAW, row.pk)
    return Closed(row, left=to_be_posted(way).count())


def draw_list_work(list_id: str, _progress: Any) -> Stored:
    """Return the list as PDF in the vault, signed when the office has a key."""
    row = PostingList.objects.select_related("closed_by").get(pk=list_id)
    lines = list(
        row.lines.select_related("dispatch__letter", "dispatch__reply")
        .prefetch_related("dispatch__letter__parties")
        .order_by("position")
    )
    context = {
        "list": row,
        "own_number": isolate(row.number),  # among Arabic words; the drawer knows no bdi
        "lines": [(line, addressee(line.dispatch)) for line in lines],
        "closed": timezone.localtime(row.closed_at),
        "weight": sum(line.weight or 0 for line in lines),
        "postage": sum((line.postage or Decimal(0) for line in lines), Decimal(0)),
    }
    day = timezone.localtime(row.closed_at).date()
    page = bilingual_pdf("correspondence/posting_list.html", context, day=day)
    return store(io.BytesIO(signed(page)))


def save_list(list_id: str, stored: Stored) -> None:
    """Attach the PDF to its list, once; each letter on it then has its proof, one job each."""
    file = stored_row(stored, media_type="application/pdf")
    if PostingList.objects.filter(pk=list_id, file=None).update(file=file):
        lines = PostingLine.objects.filter(posting_list_id=int(list_id))
        ids = lines.values_list("dispatch", flat=True)
        enqueue_all([(OutgoingJob.REPLY_DISPATCH, pk) for pk in ids])


def posting_proof(dispatch: Dispatch) -> dict[str, Any]:
    """Return the proof of posting; empty before the letter's list is closed and drawn."""
    rows = PostingLine.objects.filter(dispatch=dispatch, posting_list__file__isnull=False)
    line = rows.select_related("posting_list__file").first()
    if line is None or line.posting_list is None or line.posting_list.file is None:
        return {}
    proof: dict[str, Any] = {
        "list": line.posting_list.number,
        "list_sha256": line.posting_list.file.sha256,
        "position": line.position,
        "posted_at": line.posting_list.closed_at.isoformat(),
    }
    return proof | ({"tracking_number": line.tracking_number} if line.tracking_number else {})


def drawn_among(dispatches: list[Dispatch]) -> set[Any]:
    """Return the keys of those with a letter on paper: drawn by the job or an author's file."""
    from correspondence.replies.paper import paper_name

    titles = {d.letter_id: paper_name(d.letter) for d in dispatches}
    found = drawn_papers().filter(letter_id__in=titles, title__in=titles.values())
    papers = set(found.values_list("letter_id", "title"))
    return {
        d.pk for d in dispatches if d.reply.file_id or (d.letter_id, titles[d.letter_id]) in papers
    }


def is_ready(line: PostingLine, drawn: set[Any]) -> bool:
    """Return whether the next list takes it: paper among `drawn`, tracking number known."""
    numbered = line.dispatch.method == Dispatch.Method.POST or bool(line.tracking_number)
    return numbered and line.dispatch_id in drawn


def addressee(dispatch: Dispatch) -> str:
    """Return the addressee of the outgoing letter, from its (prefetched) parties."""
    parties = dispatch.letter.parties.all()
    return next((p.shown_name for p in parties if p.role == "recipient"), "")


def need_clerk(actor: User) -> None:
    """Raise NotAllowedError for anybody outside the registry office, which does the posting."""
    if not permissions_of(actor).is_office:
        raise NotAllowedError(_("Letters are posted by the registry office."))


def _why_none(waiting: list[PostingLine], drawn: set[Any]) -> Any:
    """Return what the clerk waits for, or has to do, where a list cannot be closed."""
    if not waiting:
        return _("No letter is ready to be posted.")
    if all(line.dispatch_id in drawn for line in waiting):
        return _("No letter is ready to be posted: they lack their tracking numbers.")
    return _("No letter is ready to be posted: some are being drawn. Try again in a moment.")
