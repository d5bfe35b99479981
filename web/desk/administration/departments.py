"""Departments, for administrators: the tree, a form with history, and closing with an heir."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from correspondence.succession import close_department, foresee_closing
from org.errors import BadOrganisationError
from org.models import Department, OrgChange
from org.units import COLUMNS, save_department, tree
from registry.states import ConflictError
from web.desk.administration.history import history_of
from web.desk.administration.seen import SeenForm
from web.desk.forms import add_problems
from web.shared.guard import StaffRequest, administers, form, page, redirect_after
from web.shared.widgets import set_languages


class DepartmentForm(SeenForm):
    """A department as an administrator writes it."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=12,
        help_text=gettext_lazy(
            "Short, in capital letters: rules, lists and people name it by this. It stays."
        ),
    )
    name_ar = forms.CharField(label=gettext_lazy("Name in Arabic"), max_length=200)
    name_fr = forms.CharField(label=gettext_lazy("Name in French"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=200, required=False)
    parent = forms.ChoiceField(label=gettext_lazy("Belongs to"), required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    position = forms.IntegerField(
        label=gettext_lazy("Place in lists"), min_value=0, max_value=9999, initial=0
    )
    head_office = forms.BooleanField(
        label=gettext_lazy("this is the registry office"), required=False
    )

    def __init__(self, *args: Any, department: Department | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department = department
        self.watch(department, OrgChange.Noun.DEPARTMENT, getattr(department, "code", ""))
        if department:
            del self.fields["code"]
        else:
            self.fields["code"].widget.attrs |= {"dir": "ltr", "autocapitalize": "characters"}
        set_languages(self.fields)
        fields: Any = self.fields
        fields["parent"].choices = [("", "—"), *_choices(without=department)]

    @classmethod
    def of(cls, department: Department | None) -> "DepartmentForm":
        """Return a form filled with the department as it is; empty for a new one."""
        if department is None:
            return cls()
        known = {name: getattr(department, name) for name in COLUMNS}
        known["parent"] = department.parent.code if department.parent else ""
        return cls(initial=known, department=department)


def _choices(*, without: Department | None) -> list[tuple[str, str]]:
    """Return the open departments as a list with their depth shown."""
    return [
        (
            branch.department.code,
            f"{'– ' * branch.depth}{branch.department.code} · {branch.department.name}",
        )
        for branch in tree()
        if without is None or branch.department.pk != without.pk
    ]


@page(administers)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the tree; on request with the departments that were closed."""
    closed = request.GET.get("show") == "closed"
    rows = tree(closed=closed)
    return render(request, "web/administration/departments.html", {"rows": rows, "closed": closed})


@form(administers)
def new(request: StaffRequest) -> HttpResponse:
    """Create a department."""
    return _edit(request, None)


@form(administers)
def change(request: StaffRequest, department_id: int) -> HttpResponse:
    """Show a department with its history, and change it."""
    return _edit(request, get_object_or_404(Department, pk=department_id))


@form(administers)
def close(request: StaffRequest, department_id: int) -> HttpResponse:
    """Show what the heir would get, and close the department."""
    row = get_object_or_404(Department, pk=department_id)
    context: dict[str, Any] = {
        "department": row,
        "choices": _choices(without=row),
        "foreseen": foresee_closing(row),
        "chosen": request.POST.get("heir", ""),
    }
    if request.method != "POST":
        return render(request, "web/administration/department_close.html", context)
    heir = Department.objects.filter(code=request.POST.get("heir", ""), active=True).first()
    try:
        if heir is None:
            raise BadOrganisationError({"heir": _("Choose the department that is the heir.")})
        if not request.POST.get("sure"):
            return render(
                request, "web/administration/department_close.html", {**context, "heir": heir}
            )
        close_department(row, heir=heir, actor=request.user)
    except BadOrganisationError as error:
        context["refusal"] = str(error)
        return render(request, "web/administration/department_close.html", context, status=422)
    words = _("%(code)s is closed; its letters go to %(heir)s.")
    messages.success(request, words % {"code": row.code, "heir": heir.code})
    return redirect_after(reverse("desk:departments"), request)


def _edit(request: StaffRequest, row: Department | None) -> HttpResponse:
    if request.method != "POST":
        return _form(request, DepartmentForm.of(row))
    filled = DepartmentForm(request.POST, department=row)
    if not filled.is_valid():
        return _form(request, filled, status=422)
    try:
        with filled.unchanged():
            kept, _outcome = save_department(
                filled.cleaned_data, actor=request.user, department=row
            )
    except ConflictError:
        return _form(request, filled, status=409)
    except BadOrganisationError as error:
        add_problems(filled, error.problems)
        return _form(request, filled, status=422)
    messages.success(request, _("The department %(code)s is kept.") % {"code": kept.code})
    return redirect_after(reverse("desk:departments"), request)


def _form(request: StaffRequest, filled: DepartmentForm, *, status: int = 200) -> HttpResponse:
    row = filled.department
    context: dict[str, Any] = {"form": filled, "department": row}
    if row:
        context |= {
            "people": row.memberships.select_related("user").order_by("-role", "user__last_name"),
            **history_of(OrgChange.Noun.DEPARTMENT, row.code),
        }
    return render(request, "web/administration/department.html", context, status=status)
