"""Distribution lists, for administrators: listed, created, changed, deactivated."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from org.models import Department, OrgChange
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.assigning import lists
from routing.models.distribution import DistributionList
from web.desk.administration.history import history_of
from web.desk.letter.opinions import departments_named
from web.shared.guard import StaffRequest, form, keeps_models, page, redirect_after
from web.shared.paging import page_of

ROWS: Final = 50


@page(keeps_models)
def listed(request: StaffRequest) -> HttpResponse:
    """Show all lists, inactive ones too."""
    rows = DistributionList.objects.prefetch_related("entries__department")
    found = page_of(rows, order=["name", "pk"], cursor=request.GET.get("from", ""), limit=ROWS)
    context = {"rows": found.rows, "next": found.next_cursor}
    return render(request, "web/distribution_lists.html", context)


@form(keeps_models)
def edit(request: StaffRequest, list_id: int | None = None) -> HttpResponse:
    """Create or change a list; a refusal is shown, and what was chosen stays."""
    row = get_object_or_404(DistributionList, pk=list_id) if list_id is not None else None
    if request.method != "POST":
        seen = lists.list_seal(row) if row else ""
        return _form(request, row, name=row.name if row else "", roles=_roles_of(row), seen=seen)
    roles = {
        unit.pk: role for role in ("copy", "action") for unit in departments_named(request, role)
    }
    name, seen = request.POST.get("name", ""), request.POST.get("seen", "")
    units = Department.objects.in_bulk(roles)
    try:
        kept = lists.keep_list(
            row,
            name=name,
            entries=[(units[pk], role) for pk, role in roles.items()],
            actor=request.user,
            active=not row or bool(request.POST.get("active")),
            seen=seen,
        )
    except ConflictError:
        words = _("Somebody changed this list meanwhile. Please look again.")
        return _form(request, row, name=name, roles=roles, seen=seen, refusal=words, status=409)
    except NotAllowedError as error:
        words = str(error)
        return _form(request, row, name=name, roles=roles, seen=seen, refusal=words, status=422)
    messages.success(request, _("The list “%(name)s” is kept.") % {"name": kept.name})
    return redirect_after(reverse("desk:distribution_lists"), request)


def _roles_of(row: DistributionList | None) -> dict[int, str]:
    return dict(row.entries.values_list("department", "role")) if row else {}


def _form(
    request: StaffRequest,
    row: DistributionList | None,
    *,
    name: str,
    roles: dict[int, str],
    seen: str = "",
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    units = Department.objects.filter(active=True)
    context: dict[str, Any] = {
        "row": row,
        "name": name,
        "seen": seen,
        "units": [(unit, roles.get(unit.pk, "")) for unit in units],
        "refusal": refusal,
        **(history_of(OrgChange.Noun.LIST, row.pk) if row else {}),
    }
    return render(request, "web/distribution_list.html", context, status=status)
