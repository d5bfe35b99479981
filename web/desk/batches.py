"""Batches of scans: upload, the proposed cuts with page thumbnails, corrections, registration."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels import services
from channels.kinds import ChannelJob
from jobs.models import Job
from registry.models.letters import Letter
from registry.refusals import DepositRefusedError
from registry.states import ConflictError
from web.desk.batch_groups import blanks_left_out, groups_of
from web.retry_later import later_where_it_passes
from web.shared.files import page_picture
from web.shared.guard import StaffRequest, is_office, page, upload_form, verb
from web.shared.paging import page_of
from web.uploads import arrived, takes_uploads

ROWS: Final = 30
_MOVED: Final = gettext_lazy("Page %(n)s is moved.")
SAID: Final[dict[str, Any]] = {
    "begin": gettext_lazy("A letter begins at page %(n)s."),
    "join": gettext_lazy("The letter of page %(n)s is joined to the one before."),
    "drop": gettext_lazy("Page %(n)s is left out."),
    "take": gettext_lazy("Page %(n)s is part of a letter again."),
    "separate": gettext_lazy("Page %(n)s is a separator."),
    "right": gettext_lazy("Page %(n)s is turned to the right."),
    "left": gettext_lazy("Page %(n)s is turned to the left."),
    **dict.fromkeys(("earlier", "later", "before", "after"), _MOVED),
    "undo": gettext_lazy("The last change is undone."),
}
KEYS: Final = (
    (("Enter",), gettext_lazy("See the page in large")),
    (("S",), gettext_lazy("A letter begins here")),
    (("M",), gettext_lazy("Join to the letter before")),
    (("R", "L"), gettext_lazy("Turn to the right, to the left")),
    (("Alt", "← →"), gettext_lazy("Move the page")),
    (("Del",), gettext_lazy("Leave out, or keep again")),
    (("U",), gettext_lazy("Undo")),
)


@page(is_office)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the batches, newest first, and a form for the next one."""
    return _list(request)


def _list(
    request: StaffRequest, *, refusals: tuple[str, ...] = (), status: int = 200
) -> HttpResponse:
    found = page_of(
        services.batches(),
        order=["-made_at", "-id"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    context = {"rows": found.rows, "next": found.next_cursor, "refusals": refusals}
    return render(request, "web/batches.html", context, status=status)


@upload_form(is_office)
@takes_uploads
def new(request: StaffRequest) -> HttpResponseBase:
    """Take one scan of many letters."""
    files = arrived(request) if request.method == "POST" else []
    if request.method != "POST":
        return redirect("desk:batches")
    if len(files) != 1:
        return _list(request, refusals=(_("Choose one PDF or TIFF file."),), status=422)
    try:
        batch = services.new_batch(
            name=files[0].name,
            stream=files[0].stream,
            drop_blanks=bool(request.POST.get("drop_blanks")),
            actor=request.user,
        )
    except DepositRefusedError as error:
        refused = _list(request, refusals=tuple(r.words() for r in error.refusals), status=422)
        return later_where_it_passes(refused, error.refusals)
    answer = redirect("desk:batch", batch.pk)
    answer.status_code = 303
    return answer


@page(is_office)
def show(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """Show the pages of the scan, letter by letter, with the actions possible on each."""
    batch = get_object_or_404(services.Batch, pk=batch_id)
    done = dict(batch.letters.values_list("first_page", "letter_id"))
    letters = Letter.objects.visible_to(request.user).in_bulk(list(done.values()))
    jobs = Job.objects.filter(
        kind__in=[ChannelJob.BATCH_LOOK, ChannelJob.BATCH_REGISTER], subject=str(batch.pk)
    )
    context = {
        "batch": batch,
        "problem": services.batch_problem(batch),
        "job": jobs.order_by("-id").first() if batch.state in ("reading", "registering") else None,
        "groups": groups_of(batch, done, letters),
        "count": len(services.letters_in(batch)),
        "blanks": blanks_left_out(batch),
        "open": batch.state == services.Batch.State.OPEN,
        "page_keys": KEYS,
    }
    return render(request, "web/batch.html", context)


@page(is_office)
def thumb(request: StaffRequest, batch_id: UUID, number: int) -> HttpResponseBase:
    """Serve the picture of a page as it is turned: a thumbnail, or a large one (`?large=1`)."""
    batch = get_object_or_404(services.Batch, pk=batch_id)
    if not 1 <= number <= len(batch.pages):
        raise Http404
    try:
        path = services.thumb(batch, number, large=bool(request.GET.get("large")))
        return page_picture(request, path)
    except (services.UnreadableError, OSError) as error:
        raise Http404 from error


@verb(is_office)
def mend(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """Apply one change of the plan; the button names it as `move:page`, with a `target` or not."""
    get_object_or_404(services.batches(), pk=batch_id)
    move, _colon, number = request.POST.get("change", "").partition(":")
    page = _whole(number or request.POST.get("page"))
    version = _whole(request.POST.get("version"))
    try:
        changed = services.mend(
            batch_id,
            move=move,
            page=page,
            version=version,
            target=_whole(request.POST.get("target")),
        )
        words = SAID.get(move) if changed else _("Nothing is to be changed there.")
        messages.success(request, str(words) % {"n": page} if changed else str(words))
    except services.FixedLetterError:
        messages.warning(request, _("This letter is registered already; its pages stay."))
    except ConflictError:
        messages.warning(request, _("The cuts have changed meanwhile. Please look again."))
    return _back(batch_id, anchor=f"#page-{page}" if page > 0 else "")


@verb(is_office)
def register(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """Register every letter of the batch as it is cut now."""
    get_object_or_404(services.batches(), pk=batch_id)
    version = _whole(request.POST.get("version"))
    try:
        services.queue_registering(batch_id, version=version, actor=request.user)
        messages.success(request, _("The letters are being registered."))
    except ConflictError:
        messages.warning(request, _("The cuts have changed meanwhile. Please look again."))
    return _back(batch_id)


@page(is_office)
def sheets(request: StaffRequest) -> HttpResponse:
    """Serve separator sheets, or stickers (`?kind=stickers`), to print."""
    count = _whole(request.GET.get("count", "10"))
    try:
        if request.GET.get("kind") == "stickers":
            drawn, name = services.sticker_sheets(count), "stickers.pdf"
        else:
            both = bool(request.GET.get("both_sides"))
            drawn, name = services.separator_sheets(count, both_sides=both), "separators.pdf"
    except ValueError:
        return _list(request, refusals=(_("So many cannot be printed at once."),), status=422)
    answer = HttpResponse(drawn, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _back(batch_id: UUID, *, anchor: str = "") -> HttpResponse:
    answer = HttpResponse(status=303)
    answer.headers["Location"] = reverse("desk:batch", args=[batch_id]) + anchor
    return answer


def _whole(text: str | None) -> int:
    """Return a whole number from a form; -1 for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else -1
