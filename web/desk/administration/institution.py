"""The institution's page: its name, face and texts today, planned and before; a new version."""

from datetime import date
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from org.errors import BadOrganisationError
from org.institution import FIELDS, institution_on, keep_institution, keep_logo
from org.models import Institution, Logo
from org.theme import colour_problems
from registry.states import ConflictError
from web.desk.administration.seen import SeenForm
from web.shared.guard import StaffRequest, administers, form, page, redirect_after
from web.shared.paging import page_of
from web.shared.widgets import ChosenFile, Day, set_languages

ROWS: Final = 20
MOST_WORDS: Final = 8000
LEFT_TO_RIGHT: Final = {
    "telephones", "emergency", "email", "website", "colour_main", "colour_head"
}  # fmt: skip
GROUPS: Final = (
    (gettext_lazy("Name"), ("name_ar", "name_fr", "name_en", "short_name")),
    (
        gettext_lazy("Where and when"),
        ("address_ar", "address_fr", "address_en", "hours_ar", "hours_fr", "hours_en"),
    ),
    (gettext_lazy("How it is reached"), ("telephones", "emergency", "email", "website")),
    (gettext_lazy("Legal notice"), ("legal_ar", "legal_fr", "legal_en")),
    (gettext_lazy("Data protection"), ("privacy_ar", "privacy_fr", "privacy_en")),
    (
        gettext_lazy("Accessibility"),
        ("accessibility_ar", "accessibility_fr", "accessibility_en"),
    ),
    (gettext_lazy("Colours"), ("colour_main", "colour_head")),
)


class InstitutionForm(forms.Form):
    """What the institution is called and how it shows itself."""

    name_ar = forms.CharField(label=gettext_lazy("Name in Arabic"), max_length=200)
    name_fr = forms.CharField(label=gettext_lazy("Name in French"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=200, required=False)
    short_name = forms.CharField(label=gettext_lazy("Short name"), max_length=40, required=False)
    telephones = forms.CharField(label=gettext_lazy("Telephones"), max_length=200, required=False)
    emergency = forms.CharField(
        label=gettext_lazy("Emergency number"), max_length=60, required=False
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    website = forms.URLField(
        label=gettext_lazy("Web site"), required=False, assume_scheme="https", max_length=200
    )
    colour_main = forms.CharField(
        label=gettext_lazy("Colour of buttons and links"),
        max_length=7,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "#0d5a5f"}),
    )
    colour_head = forms.CharField(
        label=gettext_lazy("Colour of the head of pages"),
        max_length=7,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "#0b3f44"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, labels, most in _TEXTS:
            for language, label in zip(("ar", "fr", "en"), labels, strict=True):
                area = forms.Textarea(attrs={"rows": 4}) if most == MOST_WORDS else None
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=label, max_length=most, required=False, widget=area
                )
        set_languages(self.fields)
        for name in LEFT_TO_RIGHT & self.fields.keys():
            self.fields[name].widget.attrs["dir"] = "ltr"

    def clean(self) -> dict[str, Any]:
        """Refuse colours on which words cannot be read, each beside its field."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        main, head = values.get("colour_main", ""), values.get("colour_head", "")
        for name, words in colour_problems(main=main, head=head).items():
            self.add_error(name, words)
        return values

    @property
    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The fields under their headings."""
        return [(words, [self[name] for name in names]) for words, names in GROUPS]


_TEXTS: Final = (
    (
        "address",
        (
            gettext_lazy("Address in Arabic"),
            gettext_lazy("Address in French"),
            gettext_lazy("Address in English"),
        ),
        300,
    ),
    (
        "hours",
        (
            gettext_lazy("Opening hours in Arabic"),
            gettext_lazy("Opening hours in French"),
            gettext_lazy("Opening hours in English"),
        ),
        200,
    ),
    *(
        (
            name,
            (gettext_lazy("In Arabic"), gettext_lazy("In French"), gettext_lazy("In English")),
            MOST_WORDS,
        )
        for name in ("legal", "privacy", "accessibility")
    ),
)


class FaceForm(InstitutionForm, SeenForm):
    """A new version: with its first day and the logo; `seen` is the id of the newest one."""

    valid_from = forms.DateField(label=gettext_lazy("Valid from"), widget=Day)
    logo = forms.FileField(
        label=gettext_lazy("Another logo (PNG or JPEG)"),
        required=False,
        widget=ChosenFile(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    no_logo = forms.BooleanField(label=gettext_lazy("without a logo"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.newest()

    def newest(self) -> int:
        """Return the id of the newest version, 0 before the first."""
        return Institution.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def lock(self) -> None:
        """Lock the newest version: another is written after this one."""
        list(Institution.objects.select_for_update(of=("self",)).order_by("-pk")[:1])

    def clean_valid_from(self) -> date:
        """Refuse to change what an earlier day said: papers of that day carry it."""
        day: date = self.cleaned_data["valid_from"]
        if day < timezone.localdate() and Institution.objects.exists():
            raise forms.ValidationError(_("Days that are over keep the name they had."))
        return day


@page(administers)
def picture(request: StaffRequest, version_id: int) -> HttpResponse:
    """Serve the logo of a version, also of a planned or a former one."""
    row = Institution.objects.select_related("logo").filter(pk=version_id).first()
    if row is None or row.logo is None:
        return HttpResponse(status=404)
    return HttpResponse(bytes(row.logo.content), content_type="image/png")


@form(administers)
def show(request: StaffRequest) -> HttpResponse:
    """Show the institution with its history, and keep a new version."""
    present = institution_on()
    if request.method != "POST":
        known = {name: getattr(present, name) for name in FIELDS} if present else {}
        return _page(
            request, FaceForm(initial={**known, "valid_from": timezone.localdate().isoformat()})
        )
    filled = FaceForm(request.POST, request.FILES)
    if not filled.is_valid():
        return _page(request, filled, status=422)
    values = filled.cleaned_data
    try:
        logo = _logo(values, present)
        with filled.unchanged():
            keep_institution(values, actor=request.user, valid_from=values["valid_from"], logo=logo)
    except ConflictError:
        return _page(request, filled, status=409)
    except BadOrganisationError as error:
        for name, words in error.problems.items():
            filled.add_error(name or None, words)
        return _page(request, filled, status=422)
    messages.success(request, _("The institution is kept."))
    return redirect_after(reverse("desk:institution"), request)


def _logo(values: dict[str, Any], present: Institution | None) -> Logo | None:
    if values.get("logo"):
        return keep_logo(values["logo"])
    return None if values["no_logo"] or present is None else present.logo


def _page(request: StaffRequest, filled: FaceForm, *, status: int = 200) -> HttpResponse:
    today, present = timezone.localdate(), institution_on()
    found = page_of(
        Institution.objects.select_related("made_by"),
        order=["-valid_from", "-pk"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    context = {
        "form": filled,
        "present": present,
        "rows": found.rows,
        "next": found.next_cursor,
        "today": today,
    }
    return render(request, "web/administration/institution.html", context, status=status)
