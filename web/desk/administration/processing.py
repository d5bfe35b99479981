"""The record of processing, for administrators, and who answers for personal data."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext

from eservices.privacy import officers
from eservices.privacy.paper import record_pdf
from eservices.privacy.rights import DataNotAllowedError
from org.models import OrgChange, Processing, User
from org.processing import (
    LANGUAGES,
    LONGEST,
    NEEDED,
    PLAIN,
    TEXTS,
    add_usual,
    kept_for,
    save_processing,
    written,
)
from org.signs import comma
from web.desk.administration.row_page import RowForm, RowPage
from web.shared.guard import StaffRequest, administers, form, page, redirect_after, verb
from web.shared.widgets import Day, set_languages
from web.signin.confirmation import confirms

_AREA: Final = {"rows": 2}
_IN: Final[dict[str, Any]] = {
    "ar": gettext_lazy("in Arabic"),
    "fr": gettext_lazy("in French"),
    "en": gettext_lazy("in English"),
}


class ProcessingForm(RowForm):
    """A row of the record; its texts in three languages are added by their names."""

    COLUMNS = PLAIN

    code = forms.CharField(label=gettext_lazy("Code"), max_length=40)
    ground = forms.ChoiceField(
        label=gettext_lazy("Legal ground"), choices=Processing.Ground.choices
    )
    ground_text = forms.CharField(
        label=gettext_lazy("Texts of law"), max_length=300, required=False
    )
    cndp = forms.CharField(label=gettext_lazy("CNDP number"), max_length=60, required=False)
    cndp_on = forms.DateField(label=gettext_lazy("Given on"), required=False, widget=Day)
    by_schedule = forms.BooleanField(
        label=gettext_lazy("kept as the schedule of retention says"), required=False
    )
    active = forms.BooleanField(label=gettext_lazy("in use"), required=False, initial=True)

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = written(row)
        super().__init__(*args, row=row, **kwargs)
        for name in TEXTS:
            column: Any = Processing._meta.get_field(name)
            label = column.verbose_name
            for code in LANGUAGES:
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=f"{str(label).capitalize()}{comma()}{_IN[code]}",
                    max_length=LONGEST,
                    required=name in NEEDED and code != "en",
                    widget=forms.Textarea(attrs=_AREA),
                )
        set_languages(self.fields)

    def texts(self) -> list[Any]:
        """Return the fields of the texts, in their order."""
        return [self[f"{name}_{code}"] for name in TEXTS for code in LANGUAGES]


@page(administers)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the record, and who answers for personal data."""
    rows = [
        (row, row.translated("purpose"), kept_for(row)) for row in Processing.objects.all()[:500]
    ]
    context = {
        "rows": rows,
        "officers": officers.officers(),
        "clerks": officers.may_be_appointed(),
    }
    return render(request, "web/administration/processing.html", context)


@verb(administers)
def usual(request: StaffRequest) -> HttpResponse:
    """Add what the software itself processes; rows that are there stay."""
    made = add_usual(actor=request.user)
    words = ngettext("%(n)d row was added.", "%(n)d rows were added.", made) % {"n": made}
    messages.success(request, words)
    return redirect_after(reverse("desk:processing"), request)


@page(administers)
def paper(_request: StaffRequest) -> HttpResponse:
    """Send the record as a PDF in the language of the page."""
    content = record_pdf(language=(get_language() or "fr")[:2])
    answer = HttpResponse(content, content_type="application/pdf")
    name = f"processing-{timezone.localdate()}.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@verb(administers)
@confirms()
def officer(request: StaffRequest) -> HttpResponse:
    """Appoint a clerk to answer for personal data, or end it."""
    person = get_object_or_404(User, username=request.POST.get("person", "")[:150])
    ends = request.POST.get("what") == "end"
    try:
        (officers.end if ends else officers.appoint)(person, actor=request.user)
        messages.success(request, str(_ENDED if ends else _APPOINTED))
    except DataNotAllowedError as error:
        messages.error(request, str(error))
    return redirect_after(reverse("desk:processing"), request)


@form(administers)
def row(request: StaffRequest, row_id: int | None = None) -> HttpResponse:
    """Write a row of the record, or change one."""
    return _ROW.answer(request, row_id)


_APPOINTED: Final = gettext_lazy("The person answers for personal data from now on.")
_ENDED: Final = gettext_lazy("The appointment is ended.")
_ROW: Final = RowPage(
    Processing,
    ProcessingForm,
    save_processing,
    OrgChange.Noun.PROCESSING,
    "web/administration/processing_row.html",
    back="desk:processing",
    done=gettext_lazy("The row is kept."),
)
