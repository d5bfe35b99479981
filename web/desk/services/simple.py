"""A simple service from one page: who never saw a file of a service makes one here."""

from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eservices.catalogue.definition import BadServiceTypeError
from eservices.catalogue.publishing import keep_version
from eservices.catalogue.simple import Asked, Names, SimpleService, simple_content
from org.models import Department
from registry.states import ConflictError
from web.desk.services.drafts import after_keeping
from web.desk.services.found import place_of
from web.shared.guard import StaffRequest, administers, form

ROWS: Final = 6  # questions, and pieces; more are added on the service's own pages
LANGUAGES: Final = {
    "ar": gettext_lazy("in Arabic"),
    "fr": gettext_lazy("in French"),
    "en": gettext_lazy("in English"),
}
TYPES: Final = {
    "text": gettext_lazy("A line of text"),
    "long_text": gettext_lazy("Several lines of text"),
    "number": gettext_lazy("A number"),
    "date": gettext_lazy("A day"),
    "yes_no": gettext_lazy("Yes or no"),
    "phone": gettext_lazy("A telephone number"),
    "email": gettext_lazy("An e-mail address"),
    "address": gettext_lazy("An address"),
}
_FIRST: Final = {"ar": "موضوع طلبكم", "fr": "Objet de votre demande", "en": "What you ask for"}


class SimpleForm(forms.Form):
    """Names in three languages, department, term, questions and pieces."""

    department = forms.ModelChoiceField(
        label=gettext_lazy("Department that answers"), queryset=Department.objects.none()
    )
    days = forms.IntegerField(
        label=gettext_lazy("Answered within (days)"), min_value=1, max_value=365, initial=30
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Counted in"),
        choices=[
            ("working", gettext_lazy("working days")),
            ("calendar", gettext_lazy("calendar days")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = Department.objects.filter(active=True).order_by("code")
        self.fields["department"].queryset = active  # type: ignore[attr-defined]
        self._add_texts("title", gettext_lazy("Name of the service"), most=120, needed=True)
        self._add_texts("summary", gettext_lazy("In one sentence"), most=300, needed=True)
        for number in range(ROWS):
            first = _FIRST if number == 0 else {}
            self._add_texts(f"question_{number}", gettext_lazy("Question"), first=first)
            self.fields[f"question_{number}_type"] = forms.ChoiceField(
                label=gettext_lazy("Answered by"),
                choices=list(TYPES.items()),
            )
            self._add_flag(f"question_{number}_required", initial=number == 0)
            self._add_texts(f"piece_{number}", gettext_lazy("Piece"))
            self._add_flag(f"piece_{number}_required", initial=False)

    def _add_texts(
        self,
        name: str,
        label: Any,
        *,
        most: int = 200,
        needed: bool = False,
        first: Names | None = None,
    ) -> None:
        for language, words in LANGUAGES.items():
            side = "rtl" if language == "ar" else "ltr"
            self.fields[f"{name}_{language}"] = forms.CharField(
                label=f"{label} {words}",
                max_length=most,
                required=needed and language != "en",
                initial=(first or {}).get(language, ""),
                widget=forms.TextInput(attrs={"dir": side, "lang": language}),
            )

    def _add_flag(self, name: str, *, initial: bool) -> None:
        self.fields[name] = forms.BooleanField(
            label=gettext_lazy("required"), required=False, initial=initial
        )

    @property
    def names(self) -> list[Any]:
        """The inputs of title and summary."""
        return [self[f"{name}_{one}"] for name in ("title", "summary") for one in LANGUAGES]

    @property
    def questions(self) -> list[dict[str, Any]]:
        """The rows of questions, each with its inputs."""
        return [self._row(f"question_{number}", with_type=True) for number in range(ROWS)]

    @property
    def pieces(self) -> list[dict[str, Any]]:
        """The rows of pieces, each with its inputs."""
        return [self._row(f"piece_{number}", with_type=False) for number in range(ROWS)]

    def _row(self, name: str, *, with_type: bool) -> dict[str, Any]:
        texts = [self[f"{name}_{one}"] for one in LANGUAGES]
        return {
            "texts": texts,
            "type": self[f"{name}_type"] if with_type else None,
            "required": self[f"{name}_required"],
            "open": name.endswith("_0") or any(one.value() for one in texts),
        }

    def clean(self) -> dict[str, Any]:
        """Say which row lacks a language, and that a service asks something."""
        values: dict[str, Any] = super().clean() or {}
        for name in (f"{kind}_{n}" for kind in ("question", "piece") for n in range(ROWS)):
            given = self._texts(name, values)
            for language in ("ar", "fr"):
                if any(given.values()) and not given[language]:
                    self.add_error(f"{name}_{language}", _("Write it in this language too."))
        if not any(any(self._texts(f"question_{n}", values).values()) for n in range(ROWS)):
            self.add_error("question_0_fr", _("A service asks one question at least."))
        return values

    @staticmethod
    def _texts(name: str, values: dict[str, Any]) -> Names:
        return {one: str(values.get(f"{name}_{one}", "") or "").strip() for one in LANGUAGES}

    def told(self) -> SimpleService:
        """Return what was said."""
        values = self.cleaned_data
        return SimpleService(
            title=self._texts("title", values),
            summary=self._texts("summary", values),
            department=values["department"].code,
            days=values["days"],
            unit=values["unit"],
            questions=self._asked("question"),
            pieces=self._asked("piece"),
        )

    def _asked(self, kind: str) -> list[Asked]:
        values = self.cleaned_data
        rows = ((f"{kind}_{n}", self._texts(f"{kind}_{n}", values)) for n in range(ROWS))
        return [
            Asked(names, values[f"{name}_required"], values.get(f"{name}_type", "text"))
            for name, names in rows
            if any(names.values())
        ]


@form(administers)
def simple(request: StaffRequest) -> HttpResponse:
    """Make a service of names, questions, pieces, department and term; it is kept as a draft."""
    if request.method != "POST":
        return _page(request, SimpleForm())
    filled = SimpleForm(request.POST)
    if not filled.is_valid():
        return _page(request, filled, status=422)
    try:
        kept = keep_version(simple_content(filled.told()), actor=request.user, seen=0)
    except BadServiceTypeError as error:
        problems = [(place_of(one), one.words, "") for one in error.problems]
        return _page(request, filled, problems=problems, status=422)
    except ConflictError:
        return _page(request, filled, faster=True, status=409)
    return after_keeping(request, kept)


def _page(
    request: StaffRequest, filled: SimpleForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"form": filled, **more}
    return render(request, "web/services/simple.html", context, status=status)
