"""The forms of the wizard, one a step: institution, departments, numbers, calendar, people."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from org.departments_table import DEPARTMENTS
from org.errors import BadOrganisationError
from org.institution import FIELDS, keep_logo
from org.models import User
from org.starting import SETS, StartingSet, starting_registers, starting_set
from org.tables import BadTableError, import_table, text_of
from registry.book.beginning import MOST_FIRST
from registry.book.pattern_clash import may_clash
from registry.book.registers import preview
from registry.models.registers import Register
from routing.starting_set import PATTERN
from web.desk.administration.institution import InstitutionForm
from web.shared.widgets import ChosenFile, set_languages

MOST_BYTES: Final = 500_000
FIRST: Final = "first_"  # begins the name of the input for a register's first number


class InstitutionStep(InstitutionForm):
    """What the institution is called and how it is reached."""

    logo = forms.FileField(
        label=gettext_lazy("Logo (PNG or JPEG)"),
        required=False,
        widget=ChosenFile(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )

    def answers(self, before: dict[str, Any]) -> dict[str, Any]:
        """Return what is kept of the step. Raise BadOrganisationError for a bad picture."""
        values = {name: self.cleaned_data[name] for name in FIELDS}
        upload = self.cleaned_data.get("logo")
        logo = keep_logo(upload).pk if upload else before.get("logo", "")
        return {**values, "logo": logo}


class DepartmentsStep(forms.Form):
    """A set of departments, or the office's own as a table."""

    starting_set = forms.ChoiceField(
        label=gettext_lazy("What kind of institution is it?"),
        choices=[(code, code) for code in SETS],
        widget=forms.RadioSelect,
        initial="utility",
    )
    table = forms.FileField(
        label=gettext_lazy("Or your own departments (CSV)"),
        required=False,
        widget=ChosenFile(attrs={"accept": ".csv,text/csv"}),
    )
    no_table = forms.BooleanField(
        label=gettext_lazy("without the table brought before"), required=False
    )

    @property
    def sets(self) -> list[tuple[StartingSet, str, list[str], bool]]:
        """The sets with their name and departments in the page's language, and the chosen one."""
        language, chosen = (get_language() or "fr")[:2], str(self["starting_set"].value())
        return [
            (
                one,
                one.name.name(language),
                [f"{row.code} · {row.name(language)}" for row in one.departments],
                one.name.code == chosen,
            )
            for one in map(starting_set, SETS)
        ]

    def answers(self, before: dict[str, Any]) -> dict[str, Any]:
        """Return what is kept of the step. Raise BadOrganisationError for a bad table."""
        text = "" if self.cleaned_data["no_table"] else str(before.get("table", ""))
        if upload := self.cleaned_data.get("table"):
            text = _checked_table(upload)
        return {"starting_set": self.cleaned_data["starting_set"], "table": text}


def _checked_table(upload: Any) -> str:
    """Return the text of a table of departments that could be kept as it is."""
    if (upload.size or 0) > MOST_BYTES:
        raise BadOrganisationError({"table": _("The table is too long.")})
    try:
        text = text_of(bytes(upload.read()))
        report = import_table(DEPARTMENTS, text, actor=None, dry_run=True)
    except BadTableError as error:
        raise BadOrganisationError({"table": str(error)}) from error
    if report.wrong or not report.lines:
        said = "; ".join(f"{line.number}: {line.words}" for line in report.wrong[:5])
        raise BadOrganisationError({"table": said or _("The table has no lines.")})
    return text


class NumbersStep(forms.Form):
    """The number pattern of each register, and the number with which it goes on this year."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = (get_language() or "fr")[:2]
        for row in starting_registers():
            self.fields[row.code] = forms.CharField(
                label=row.name(language),
                max_length=60,
                initial=PATTERN,
                widget=forms.TextInput(attrs={"dir": "ltr"}),
            )
            if row.of != Register.Direction.MINUTES:
                self.fields[f"{FIRST}{row.code}"] = forms.IntegerField(
                    label=gettext_lazy("First number of this year"),
                    required=False,
                    min_value=1,
                    max_value=MOST_FIRST,
                    widget=forms.NumberInput(attrs={"dir": "ltr", "placeholder": "1"}),
                )

    @property
    def rows(self) -> list[tuple[Any, Any, list[str]]]:
        """Each pattern with its first number, if one may be said, and what they would give."""
        return [
            (self[code], self._first(code), self._numbers(code))
            for code in self.fields
            if not code.startswith(FIRST)
        ]

    def _first(self, code: str) -> Any:
        return self[f"{FIRST}{code}"] if f"{FIRST}{code}" in self.fields else None

    def _numbers(self, code: str) -> list[str]:
        given = self._first(code)
        typed = str(given.value() or "") if given else ""
        first = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 8 else 1
        try:
            return preview(str(self[code].value() or ""), code=code, serials=[first, first + 1])
        except BadOrganisationError:
            return []

    def clean(self) -> dict[str, Any]:
        """Say beside each pattern what is wrong with it, and which two write the same numbers."""
        values: dict[str, Any] = super().clean() or {}
        seen: list[tuple[str, str]] = []
        for code, pattern in list(values.items()):
            if code.startswith(FIRST):
                continue
            try:
                preview(pattern, code=code, serials=[1])
            except BadOrganisationError as error:
                self.add_error(code, str(error))
                continue
            if any(may_clash((pattern, code), other) for other in seen):
                self.add_error(code, _("Another register writes the same numbers."))
            seen.append((pattern, code))
        return values

    def answers(self, _before: dict[str, Any]) -> dict[str, Any]:
        """Return what is kept of the step."""
        return dict(self.cleaned_data)


class CalendarStep(forms.Form):
    """Whether the holidays of Morocco are proposed."""

    holidays = forms.BooleanField(
        label=gettext_lazy("Propose the public holidays of Morocco"), required=False, initial=True
    )

    def answers(self, _before: dict[str, Any]) -> dict[str, Any]:
        """Return what is kept of the step."""
        return dict(self.cleaned_data)


class PeopleStep(forms.Form):
    """The first administrator with their password, and perhaps the first clerk."""

    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=150)
    name_ar = forms.CharField(label=gettext_lazy("Name in Arabic"), max_length=200, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=40,
        help_text=gettext_lazy(
            "Two to forty small letters, digits, dots or hyphens, as in “a.benali”."
        ),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Twelve characters at least; a sentence is easiest to remember."),
    )
    again = forms.CharField(
        label=gettext_lazy("The same once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    clerk_first_name = forms.CharField(
        label=gettext_lazy("First name"), max_length=150, required=False
    )
    clerk_last_name = forms.CharField(
        label=gettext_lazy("Last name"), max_length=150, required=False
    )
    clerk_email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    clerk_username = forms.CharField(label=gettext_lazy("User name"), max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"language": (get_language() or "fr")[:2]})
        super().__init__(*args, **kwargs)
        for name in ("username", "email", "password", "again", "clerk_email", "clerk_username"):
            self.fields[name].widget.attrs |= {"dir": "ltr", "autocapitalize": "none"}
        set_languages(self.fields)

    def clean(self) -> dict[str, Any]:
        """Check the password as everybody's is checked."""
        values: dict[str, Any] = super().clean() or {}
        password = values.get("password", "")
        if password and password != values.get("again"):
            self.add_error("again", _("The two passwords differ."))
        names = ("username", "first_name", "last_name", "email")
        told = User(**{name: values.get(name, "") for name in names})
        try:
            if password:  # without one the field says so already
                validate_password(password, told)
        except ValidationError as error:
            self.add_error("password", error)
        return values

    def administrator(self) -> dict[str, Any]:
        """Return the administrator as `save_person` takes them."""
        names = ("username", "first_name", "last_name", "name_ar", "email", "language")
        return {name: self.cleaned_data[name] for name in names}

    def clerk(self) -> dict[str, Any] | None:
        """Return the clerk as `save_person` takes them; None where nobody is named."""
        values = {
            name: self.cleaned_data[f"clerk_{name}"]
            for name in ("first_name", "last_name", "email", "username")
        }
        if not any(values.values()):
            return None
        return {**values, "language": self.cleaned_data["language"]}
