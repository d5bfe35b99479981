"""Disposal lists: what is over, lists and their letters, decisions, the certificate."""

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from org.models import Department, RetentionText
from org.people import permissions_of
from registry.disposal import lists
from registry.disposal.certificate import LEFT
from registry.disposal.errors import DisposalNotAllowedError
from registry.disposal.obstacles import WORDS
from registry.disposal.rights import decides, lists_seen_by, proposes, reads_lists, scope_of
from registry.models.disposal import REASON, DisposalEntry, DisposalList
from registry.models.documents import Document
from registry.models.letters import Letter
from registry.states import ConflictError
from web.shared.files import stored
from web.shared.guard import StaffRequest, form, page, redirect_after, verb
from web.shared.paging import page_of
from web.signin.confirmation import confirms

ROWS: Final = 30
ENTRIES: Final = 50


class ProposalForm(forms.Form):
    """Which letters a new list is of: what is to become of them, and whose they are."""

    fate = forms.ChoiceField(label=gettext_lazy("What then"))
    department = forms.ModelChoiceField(
        label=gettext_lazy("Department"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=gettext_lazy("the whole house"),
    )
    remark = forms.CharField(label=gettext_lazy("Remark"), max_length=REASON, required=False)

    def __init__(self, mine: frozenset[int] | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        labels = dict(RetentionText.Fate.choices)
        fields["fate"].choices = [(fate, labels[fate]) for fate in lists.FATES]
        rows = Department.objects.order_by("position", "code")
        fields["department"].queryset = rows if mine is None else rows.filter(pk__in=mine)
        fields["department"].required = mine is not None


@page(reads_lists)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the lists, the newest first."""
    permissions = permissions_of(request.user)
    rows = lists_seen_by(permissions).select_related("department", "proposed_by")
    found = page_of(rows, order=["-year", "-serial", "-pk"], cursor=_from(request), limit=ROWS)
    context = {"rows": found.rows, "next": found.next_cursor, "proposes": proposes(permissions)}
    return render(request, "web/archives/lists.html", context)


@form(proposes)
def new(request: StaffRequest) -> HttpResponse:
    """Show how many letters a list would hold, and propose it."""
    mine = scope_of(permissions_of(request.user))
    if request.method != "POST" or "count" in request.POST:
        filled = ProposalForm(mine, request.POST or request.GET or None)
        found = _foreseen(request, filled)
        return render(request, "web/archives/new.html", {"form": filled, "found": found})
    filled = ProposalForm(mine, request.POST)
    if filled.is_valid():
        try:
            made = lists.propose(actor=request.user, **filled.cleaned_data)
        except DisposalNotAllowedError as error:
            filled.add_error(None, str(error))
        else:
            messages.success(request, _("The list is proposed. Look through it now."))
            return redirect_after(reverse("desk:disposal", args=[made.pk]), request)
    return render(request, "web/archives/new.html", {"form": filled}, status=422)


def _foreseen(request: StaffRequest, filled: ProposalForm) -> int | None:
    if not filled.is_bound or not filled.is_valid():
        return None
    given = {name: filled.cleaned_data[name] for name in ("fate", "department")}
    return len(lists.foreseen(request.user, **given))


@page(reads_lists)
def show(request: StaffRequest, list_id: int) -> HttpResponse:
    """Show a list with its letters, as far as the user may read them."""
    permissions = permissions_of(request.user)
    held = _list(request, list_id)
    rows = held.entries.select_related("letter__kind", "letter__register")
    found = page_of(rows, order=["over_on", "pk"], cursor=_from(request), limit=ENTRIES)
    ids = [entry.letter_id for entry in found.rows]
    readable = Letter.objects.visible_to(request.user).filter(pk__in=ids)
    seen = set(readable.values_list("pk", flat=True))
    counts = _counts(held)
    context: dict[str, Any] = {
        "disposal": held,
        "rows": [(one, one.letter_id in seen, WORDS.get(one.why, one.why)) for one in found.rows],
        "next": found.next_cursor,
        "counts": counts,
        "decides": decides(permissions, held),
        "own": held.proposed_by_id == request.user.pk,
        **_progress(counts),
        "locked": held.files.filter(state__in=LEFT).order_by("sha256")[:ENTRIES],
    }
    return render(request, "web/archives/list.html", context)


@page(reads_lists)
def execute(request: StaffRequest, list_id: int) -> HttpResponse:
    """Say what the execution of an approved list destroys, and ask whether it is to be."""
    held = _list(request, list_id)
    if not decides(permissions_of(request.user), held):
        raise PermissionDenied
    if held.state != DisposalList.State.APPROVED:
        return redirect_after(reverse("desk:disposal", args=[held.pk]), request)
    letters = held.entries.filter(state=DisposalEntry.State.WAITING).values("letter")
    context = {
        "disposal": held,
        "letters": letters.count(),
        "documents": Document.objects.filter(letter__in=letters).count(),
    }
    return render(request, "web/archives/execute.html", context)


@page(reads_lists)
def live(request: StaffRequest, list_id: int) -> HttpResponse:
    """Return a fragment with the progress of the execution; the whole page once it is over."""
    held = _list(request, list_id)
    if held.state != DisposalList.State.EXECUTING:
        return redirect_after(reverse("desk:disposal", args=[held.pk]), request)
    context = {"disposal": held, **_progress(_counts(held))}
    return render(request, "web/parts/disposal_live.html", context)


def _counts(held: DisposalList) -> dict[str, int]:
    return {str(s): held.entries.filter(state=s).count() for s in DisposalEntry.State}


def _progress(counts: dict[str, int]) -> dict[str, int]:
    among = sum(counts.values())
    return {"past": among - counts[DisposalEntry.State.WAITING], "all": among}


_DEEDS: Final[dict[str, Callable[..., DisposalList]]] = {
    "review": lists.review,
    "approve": lists.approve,
    "refuse": lists.refuse,
    "order": lists.order,
}


@verb(reads_lists)
@confirms(lambda what, **_rest: what in {"approve", "order"})
def decide(request: StaffRequest, list_id: int, what: str) -> HttpResponse:
    """Review, approve, refuse or order a list; weighty ones by who has just shown who they are."""
    if what not in _DEEDS:
        raise Http404
    held = _list(request, list_id)
    more = {"reason": request.POST.get("reason", "")} if what == "refuse" else {}
    try:
        _DEEDS[what](held, actor=request.user, **more)
        messages.success(request, _SAID[what])
    except DisposalNotAllowedError as error:
        messages.error(request, str(error))
    except ConflictError:  # clicked twice, or by two at once
        messages.error(request, _("Someone was faster. Look again and decide anew."))
    return redirect_after(reverse("desk:disposal", args=[held.pk]), request)


_SAID: Final[dict[str, Any]] = {
    "review": gettext_lazy("The list was looked through."),
    "approve": gettext_lazy("The list is approved. Nothing is destroyed until it is executed."),
    "refuse": gettext_lazy("The list is refused; its letters stay."),
    "order": gettext_lazy("The list is being executed."),
}


@verb(reads_lists)
def leave_out(request: StaffRequest, entry_id: int) -> HttpResponse:
    """Take a letter off the list, with a reason."""
    mine = lists_seen_by(permissions_of(request.user))
    rows = DisposalEntry.objects.filter(disposal__in=mine).select_related("disposal")
    entry = get_object_or_404(rows, pk=entry_id)
    try:
        lists.leave_out(entry, actor=request.user, reason=request.POST.get("reason", ""))
        messages.success(request, _("The letter is left out."))
    except DisposalNotAllowedError as error:
        messages.error(request, str(error))
    return redirect_after(reverse("desk:disposal", args=[entry.disposal_id]), request)


@page(reads_lists)
def certificate(request: StaffRequest, list_id: int) -> HttpResponseBase:
    """Serve the certificate of an executed list."""
    held = _list(request, list_id)
    if held.certificate is None:
        raise Http404
    return stored(held.certificate, "application/pdf", name=f"{held.number}.pdf")


def _list(request: StaffRequest, list_id: int) -> DisposalList:
    people = ("proposed_by", "reviewed_by", "decided_by", "ordered_by")
    rows = lists_seen_by(permissions_of(request.user)).select_related("department", *people)
    found: DisposalList = get_object_or_404(rows, pk=list_id)
    return found


def _from(request: StaffRequest) -> str:
    return str(request.GET.get("from", ""))
