"""Kinds of letters and registers, for administrators: lists, and forms with history."""

from typing import Any, ClassVar, Final

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from org import letter_kinds as kind_rules
from org.errors import BadOrganisationError
from org.models import LetterKind, OrgChange
from registry.book import registers as register_rules
from registry.book.beginning import MOST_FIRST, begin_with, first_number, may_begin
from registry.book.registers import next_number, next_serial, preview
from registry.book.versions import FACE, face_on, faces_on, upcoming
from registry.models.registers import Register, RegisterVersion
from registry.states import ConflictError
from web.desk.administration.history import history_of
from web.desk.administration.seen import SeenForm
from web.desk.forms import add_problems
from web.shared.guard import StaffRequest, administers, form, page, redirect_after, verb
from web.shared.widgets import Day, set_languages

PATTERN: Final = "{year}/{register}/{serial:06d}"
FIRST_HELP: Final = gettext_lazy(
    "Empty: 1. An office that goes on from paper or another program says the number after its "
    "last one, as long as this year has no number here."
)


class NamesForm(SeenForm):
    """Three names, and a code while the row is new."""

    NOUN: ClassVar[str]

    code = forms.CharField(label=gettext_lazy("Code"), max_length=40)
    name_ar = forms.CharField(label=gettext_lazy("Name in Arabic"), max_length=200)
    name_fr = forms.CharField(label=gettext_lazy("Name in French"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=200, required=False)

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        if row is not None:
            names = [name for name in self.base_fields if hasattr(row, name)]
            kwargs.setdefault("initial", {name: getattr(row, name) for name in names})
        super().__init__(*args, **kwargs)
        self.row = row
        if row is not None:
            self.watch(row, self.NOUN, row.code)
            del self.fields["code"]
            self.fields.pop("direction", None)
        for name in ("code", "pattern"):
            if name in self.fields:
                self.fields[name].widget.attrs["dir"] = "ltr"
        set_languages(self.fields)


class KindForm(NamesForm):
    """A kind of letter."""

    NOUN = OrgChange.Noun.KIND

    position = forms.IntegerField(
        label=gettext_lazy("Place in lists"), min_value=0, max_value=9999, initial=0
    )
    active = forms.BooleanField(label=gettext_lazy("in use"), required=False, initial=True)


class RegisterForm(NamesForm):
    """A register; what its pattern writes is shown beside it."""

    NOUN = OrgChange.Noun.REGISTER

    direction = forms.ChoiceField(
        label=gettext_lazy("Direction"), choices=Register.Direction.choices
    )
    pattern = forms.CharField(
        label=gettext_lazy("Number pattern"),
        max_length=60,
        initial=PATTERN,
        help_text=gettext_lazy("Made of {year}, {register}, {serial:06d} and signs like / or -."),
    )
    valid_from = forms.DateField(
        label=gettext_lazy("From the day"),
        required=False,
        widget=Day,
        help_text=gettext_lazy("Empty: at once."),
    )

    first = forms.IntegerField(
        label=gettext_lazy("First number of this year"),
        required=False,
        min_value=1,
        max_value=MOST_FIRST,
        help_text=FIRST_HELP,
    )

    def __init__(self, *args: Any, row: Register | None = None, **kwargs: Any) -> None:
        if row is not None:
            face, first = face_on(row), first_number(row)
            known = {name: getattr(face, name) for name in FACE}
            kwargs.setdefault("initial", {**known, "first": first if first > 1 else None})
        super().__init__(*args, row=row, **kwargs)
        self.fields["first"].widget.attrs["dir"] = "ltr"
        if row is None:
            del self.fields["valid_from"]
        elif not may_begin(row) and "first" not in self.data:  # whoever typed one is told
            del self.fields["first"]


@page(administers)
def kinds(request: StaffRequest) -> HttpResponse:
    """Show all kinds of letters, those out of use too."""
    return render(request, "web/administration/kinds.html", {"rows": LetterKind.objects.all()})


@form(administers)
def kind(request: StaffRequest, kind_id: int | None = None) -> HttpResponse:
    """Create or change a kind of letter."""
    row = get_object_or_404(LetterKind, pk=kind_id) if kind_id is not None else None
    if request.method != "POST":
        return _kind_page(request, KindForm(row=row))
    filled = KindForm(request.POST, row=row)
    if filled.is_valid():
        try:
            with filled.unchanged():
                kind_rules.save_kind(filled.cleaned_data, actor=request.user, kind=row)
        except ConflictError:
            return _kind_page(request, filled, status=409)
        except BadOrganisationError as error:
            add_problems(filled, error.problems)
        else:
            messages.success(request, _("The kind of letter is kept."))
            return redirect_after(reverse("desk:kinds"), request)
    return _kind_page(request, filled, status=422)


@page(administers)
def registers(request: StaffRequest) -> HttpResponse:
    """Show all registers with the number that each gives next."""
    found = list(Register.objects.order_by("pk"))
    faces, coming = faces_on(found), upcoming(found)
    rows = [
        {
            "register": row,
            "face": faces[row.pk],
            "next": next_number(row, faces[row.pk]),
            "upcoming": coming.get(row.pk, []),
        }
        for row in found
    ]
    return render(request, "web/administration/registers.html", {"rows": rows})


@form(administers)
def register(request: StaffRequest, register_id: int | None = None) -> HttpResponse:
    """Create or change a register; first its coming numbers are shown."""
    row = get_object_or_404(Register, pk=register_id) if register_id is not None else None
    if request.method != "POST":
        return _register_page(request, RegisterForm(row=row))
    filled = RegisterForm(request.POST, row=row)
    if not filled.is_valid():
        return _register_page(request, filled, status=422)
    if request.POST.get("preview"):
        return _register_page(request, filled)
    day = filled.cleaned_data.get("valid_from")
    try:
        with filled.unchanged():
            _keep_register(request, filled, row)
    except ConflictError:
        return _register_page(request, filled, status=409)
    except BadOrganisationError as error:
        add_problems(filled, error.problems)
        return _register_page(request, filled, status=422)
    messages.success(request, _("The register is kept."))
    if row and day and day > timezone.localdate():
        return redirect_after(reverse("desk:register", args=[row.pk]), request)
    return redirect_after(reverse("desk:registers"), request)


def _keep_register(request: StaffRequest, filled: RegisterForm, row: Register | None) -> None:
    """Keep the register, and the first number of its year where that can still be said."""
    given = filled.cleaned_data
    with transaction.atomic():
        kept, _outcome = register_rules.save_register(
            given, actor=request.user, register=row, valid_from=given.get("valid_from")
        )
        if "first" in filled.fields and (row or given["first"]):
            begin_with(kept, given["first"] or 1, actor=request.user)


@verb(administers)
def withdraw(request: StaffRequest, register_id: int, version_id: int) -> HttpResponse:
    """Take back what a register was to be from a day to come on."""
    version = get_object_or_404(RegisterVersion, pk=version_id, register=register_id)
    try:
        register_rules.withdraw_version(version, actor=request.user)
        messages.success(request, _("The change to come is withdrawn."))
    except BadOrganisationError as error:
        messages.error(request, str(error))
    return redirect_after(reverse("desk:register", args=[register_id]), request)


def _kind_page(request: StaffRequest, filled: KindForm, *, status: int = 200) -> HttpResponse:
    context = {"form": filled, "row": filled.row, **_history(OrgChange.Noun.KIND, filled.row)}
    return render(request, "web/administration/kind.html", context, status=status)


def _register_page(
    request: StaffRequest, filled: RegisterForm, *, status: int = 200
) -> HttpResponse:
    row = filled.row
    pattern = str(filled["pattern"].value() or "")
    code = row.code if row else str(filled["code"].value() or "IN").upper()[:12]
    numbers: list[str] = []
    try:
        year = _year_of(filled)
        serial = _first_typed(filled, year) or next_serial(row, year)
        serials = [serial, serial + 1, serial + 1000]
        numbers = preview(pattern, code=code, serials=serials, year=year)
    except BadOrganisationError as error:
        if "pattern" not in filled.errors:
            add_problems(filled, error.problems)
    context = {
        "form": filled,
        "row": row,
        "numbers": numbers,
        "face": face_on(row) if row else None,
        "upcoming": upcoming([row]).get(row.pk, []) if row else [],
        **_history(OrgChange.Noun.REGISTER, row),
    }
    return render(request, "web/administration/register.html", context, status=status)


def _first_typed(filled: RegisterForm, year: int) -> int | None:
    """Return the first number that was typed and is for this year."""
    if "first" not in filled.fields or not filled.is_bound or year != timezone.localdate().year:
        return None
    return filled.cleaned_data.get("first") or 1 if filled.is_valid() else None


def _year_of(filled: RegisterForm) -> int:
    """Return the year whose numbers are shown: that of the day from which they are to be."""
    day = filled.cleaned_data.get("valid_from") if filled.is_bound and filled.is_valid() else None
    return (day or timezone.localdate()).year


def _history(noun: str, row: Any) -> dict[str, Any]:
    if row is None:
        return {}
    return history_of(noun, row.code)
