"""The organisation's directory, for administrators: its access, and what its groups grant."""

from typing import Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity.directory.groups import give_department
from identity.models import ApiToken, Area, DirectoryGroup, DirectoryPerson
from org.errors import BadOrganisationError
from org.models import Department
from web.shared.guard import StaffRequest, administers, page, redirect_after, verb
from web.shared.paging import page_of
from web.signin.confirmation import confirms

ROWS: Final = 50
MOST_TOKENS: Final = 20


class GroupForm(forms.Form):
    """Which department the members of a group are members of."""

    department = forms.ModelChoiceField(
        label=gettext_lazy("Department"),
        queryset=Department.objects.filter(active=True),
        empty_label=gettext_lazy("No department"),
        required=False,
    )


@page(administers)
def show(request: StaffRequest) -> HttpResponse:
    """Show the address, the tokens in force, how many people it keeps, and its groups."""
    now = timezone.now()
    found = page_of(
        DirectoryGroup.objects.filter(own=False).prefetch_related("members__person"),
        order=["display_name", "pk"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    tokens = ApiToken.objects.filter(revoked_at=None, expires_at__gt=now).select_related("person")
    rows = [token for token in tokens if Area.SCIM in token.areas][:MOST_TOKENS]
    kept = DirectoryPerson.objects.filter(removed_at=None)
    context = {
        "address": f"{settings.PUBLIC_URL}/scim/v2",
        "tokens": rows,
        "kept": kept.count(),
        "last": kept.order_by("-changed_at").first(),
        "provider": settings.OIDC_URL,
        "rows": found.rows,
        "next": found.next_cursor,
        "departments": list(Department.objects.filter(active=True)),
    }
    return render(request, "web/administration/directory.html", context)


@verb(administers)
@confirms()
def give(request: StaffRequest, group_id: int) -> HttpResponse:
    """Give a group of the directory a department, or none any more."""
    row = get_object_or_404(DirectoryGroup, pk=group_id, own=False)
    filled = GroupForm(request.POST)
    if not filled.is_valid():
        messages.error(request, _("There is no such department."))
        return redirect_after(reverse("desk:directory"), request)
    unit = filled.cleaned_data["department"]
    try:
        give_department(row, unit, actor=request.user)
    except BadOrganisationError as error:
        messages.error(request, str(error))
    else:
        said = (
            _("The members of %(group)s are members of %(department)s.")
            if unit
            else _("%(group)s gives no department any more.")
        )
        name = unit.name if unit else ""
        messages.success(request, said % {"group": row.display_name, "department": name})
    return redirect_after(reverse("desk:directory"), request)
