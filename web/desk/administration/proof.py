"""The proof of the register: signer, checkpoint, and the anchors outside, with their progress."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from registry.models.anchors import Anchor
from registry.proof.anchoring import anchor_now, try_again
from registry.proof.checkpoints import current
from registry.proof.state import proof_state
from web.shared.guard import StaffRequest, administers, page, redirect_after, verb, watches_models
from web.shared.paging import page_of


@page(watches_models)
def show(request: StaffRequest) -> HttpResponse:
    """Show how the proof stands, and the anchors, the newest first."""
    rows = Anchor.objects.defer("note", "proof")
    found = page_of(rows, order=["-size", "-pk"], cursor=request.GET.get("from", ""))
    context = {"proof": proof_state(), "rows": found.rows, "next": found.next_cursor}
    return render(request, "web/administration/proof.html", context)


@verb(administers)
def anchor(request: StaffRequest) -> HttpResponse:
    """Bring the newest checkpoint to every place that has it not yet."""
    point = current()
    if point is None:
        messages.error(request, _("The signer does not answer, or has signed nothing yet."))
    else:
        with transaction.atomic():
            asked = anchor_now(point)
        if asked:
            messages.success(request, _("The checkpoint is on its way; look again in a moment."))
        else:
            messages.info(request, _("Every place has this checkpoint already, or none is named."))
    return redirect_after(reverse("desk:proof"), request)


@verb(administers)
def again(request: StaffRequest, anchor_id: int) -> HttpResponse:
    """Try an anchor again that failed."""
    try_again(get_object_or_404(Anchor, pk=anchor_id))
    messages.success(request, _("It is tried again."))
    return redirect_after(reverse("desk:proof"), request)
