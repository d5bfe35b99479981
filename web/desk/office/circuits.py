"""Circuits, for administrators: their list, and each one edited and previewed before saving."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from correspondence.models.steps import Circuit, CircuitStep
from correspondence.replies.choosing import shown_steps
from correspondence.replies.editing import checked_steps, save_circuit
from org.models import OrgChange
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from web.desk.administration.history import history_of
from web.desk.office.circuit_form import CircuitForm, data_of, steps_form
from web.desk.reply_steps import who_words
from web.desk.rules.pages import edits_rules, may_edit, sees_rules
from web.shared.guard import StaffRequest, form, page, redirect_after
from web.shared.paging import page_of

ROWS = 50


@page(sees_rules)
def listed(request: StaffRequest) -> HttpResponse:
    """Show all circuits with their steps."""
    steps = CircuitStep.objects.select_related("person", "department")
    rows = Circuit.objects.select_related("department", "kind")
    found = page_of(
        rows.prefetch_related(Prefetch("steps", steps)),
        order=["-active", "pk"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    context = {
        "rows": [(row, preview_of(row.steps.all())) for row in found.rows],
        "next": found.next_cursor,
        "may_edit": may_edit(request),
    }
    return render(request, "web/circuits.html", context)


def preview_of(steps: Any) -> list[list[tuple[Any, str]]]:
    """Return, rank by rank, each step with the words for who is to do it."""
    return [[(step, who_words(step)) for step in rank] for rank in shown_steps(steps)]


@form(edits_rules)
def new(request: StaffRequest) -> HttpResponse:
    """Create a circuit."""
    return _form(request, None)


@form(edits_rules)
def change(request: StaffRequest, circuit_id: int) -> HttpResponse:
    """Change a circuit."""
    return _form(request, get_object_or_404(Circuit, pk=circuit_id))


def _form(request: StaffRequest, circuit: Circuit | None) -> HttpResponse:
    if request.method != "POST":
        filled = CircuitForm.of(circuit)
        return _page(request, circuit, filled, steps_form(circuit=circuit))
    filled, rows = CircuitForm(request.POST), steps_form(data=request.POST)
    if request.POST.get("more"):
        return _page(request, circuit, filled, steps_form(data=request.POST, more=3))
    if not (filled.is_valid() & rows.is_valid()):
        return _page(request, circuit, filled, rows, status=422)
    data = data_of(filled, rows)
    try:
        if request.POST.get("save"):
            save_circuit(
                data, actor=request.user, circuit=circuit, seen=filled.cleaned_data["seen"] or 0
            )
            messages.success(request, _("The circuit is kept."))
            return redirect_after(reverse("desk:circuits"), request)
        preview = preview_of(_rows_of(data))
    except ConflictError:
        filled.add_error(None, _("Somebody changed this circuit meanwhile. Please look again."))
        return _page(request, circuit, filled, rows, status=409)
    except NotAllowedError as error:
        filled.add_error(None, str(error))
        return _page(request, circuit, filled, rows, status=422)
    return _page(request, circuit, filled, rows, preview=preview)


def _rows_of(data: Any) -> list[CircuitStep]:
    """Return the steps as they would be saved; raise NotAllowedError for invalid ones."""
    return [
        CircuitStep(rank=s.rank, act=s.act, who=s.who, person=s.person, department=s.department)
        for s in checked_steps(data.steps)
    ]


def _page(
    request: StaffRequest,
    circuit: Circuit | None,
    filled: CircuitForm,
    rows: Any,
    *,
    status: int = 200,
    preview: Any = None,
) -> HttpResponse:
    context = {
        "circuit": circuit,
        "form": filled,
        "rows": rows,
        "preview": preview,
        **(history_of(OrgChange.Noun.CIRCUIT, circuit.pk) if circuit else {}),
    }
    return render(request, "web/circuit.html", context, status=status)
