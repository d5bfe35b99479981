"""How the fields of a reading are checked, on the citizens' pages and at the desk."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.phone_words import phone_problem
from eservices.readings.entering import MOST_FIGURES, is_contact
from language.numerals import ungrouped


class ReadingFields(forms.Form):
    """The checks of `index`, `read_on` and `contact`; the fields are those of the form itself."""

    most_days: int | None = None  # that the day may lie back

    def clean_index(self) -> int:
        """Return the whole number; what stands behind a comma is no part of it."""
        text = ungrouped(self.cleaned_data["index"])
        if not text.isdecimal() or len(text) > MOST_FIGURES:
            raise ValidationError(
                _("Give the whole number of the meter, without the digits after the comma.")
            )
        return int(text)

    def clean_read_on(self) -> date:
        """Refuse days ahead, and long ago."""
        day: date = self.cleaned_data["read_on"]
        today = timezone.localdate()
        if day > today:
            raise ValidationError(_("This day is still to come."))
        if self.most_days is not None and (today - day).days > self.most_days:
            raise ValidationError(_("Read the meter again: this date is too long ago."))
        return day

    def clean_contact(self) -> str:
        """Return the address or number."""
        given = str(self.cleaned_data["contact"]).strip()
        if given and not is_contact(given):
            raise ValidationError(_("Give an e-mail address or a phone number."))
        if given and "@" not in given and (problem := phone_problem(given)):
            raise ValidationError(problem)
        return given
