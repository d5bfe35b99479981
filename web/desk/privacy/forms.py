"""Forms of personal data: why a print-out is made, what is to be corrected."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from eservices.privacy.models import REASON, VALUE, Rectification
from org.models import User
from registry.models.letters import Letter
from web.shared.widgets import Day


def _letter_field(label: Any) -> forms.CharField:
    attrs = {"dir": "ltr", "placeholder": "2026/IN/000123", "autocomplete": "off"}
    return forms.CharField(
        label=label, max_length=60, required=False, widget=forms.TextInput(attrs=attrs)
    )


class _OfLetters(forms.Form):
    """A form that names letters by their numbers, which who fills it in may read."""

    LETTERS: tuple[str, ...] = ()

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._viewer = viewer

    def clean(self) -> dict[str, Any]:
        """Replace the numbers by the letters."""
        given = dict(super().clean() or {})
        for name in self.LETTERS:
            number = str(given.get(name) or "").strip()
            rows = Letter.objects.visible_to(self._viewer).filter(number=number)
            given[name] = rows.first() if number else None
            if number and given[name] is None:
                self.add_error(name, _("There is no such letter."))
        return given


class PrintForm(_OfLetters):
    """Why everything of a person is printed, and how."""

    LETTERS = ("letter",)

    reason = forms.CharField(
        label=gettext_lazy("Who asks, and how they showed who they are"), max_length=REASON
    )
    letter = _letter_field(gettext_lazy("Number of the letter that asks for it"))
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=settings.LANGUAGES, required=False
    )
    documents = forms.BooleanField(
        label=gettext_lazy("with the documents of their own letters"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"language": (get_language() or "fr")[:2], "documents": True})
        super().__init__(*args, **kwargs)


class RectificationForm(_OfLetters):
    """What a person wants to have corrected."""

    LETTERS = ("letter", "about")

    what = forms.ChoiceField(
        label=gettext_lazy("What is wrong"), choices=Rectification.What.choices
    )
    present = forms.CharField(
        label=gettext_lazy("As it is kept now"), max_length=VALUE, required=False
    )
    wanted = forms.CharField(label=gettext_lazy("As it is to read"), max_length=VALUE)
    about = _letter_field(gettext_lazy("The registered letter in which it stands"))
    reason = forms.CharField(
        label=gettext_lazy("What the person says of it"), max_length=REASON, required=False
    )
    letter = _letter_field(gettext_lazy("Number of the letter that asks for it"))
    asked_on = forms.DateField(label=gettext_lazy("Asked on"), required=False, widget=Day)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"asked_on": timezone.localdate()})
        super().__init__(*args, **kwargs)
