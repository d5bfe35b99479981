"""Fields as the pages show them: a day and a moment by the browser's own calendar, a file."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from language.numerals import ascii_digits

_DIRECTIONS: Final = {"ar": "rtl", "fr": "ltr", "en": "ltr"}


def set_languages(fields: Mapping[str, forms.Field]) -> None:
    """Mark the fields whose names end in a language (`name_ar`) with it and its direction."""
    for name, field in fields.items():
        language = name.rpartition("_")[2]
        if direction := _DIRECTIONS.get(language):
            field.widget.attrs |= {"lang": language, "dir": direction}


class Day(forms.DateInput):
    """A day, picked with the browser's own calendar or typed in digits of any script."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Return what was given, in ASCII digits."""
        given = super().value_from_datadict(data, files, name)
        return ascii_digits(given) if isinstance(given, str) else given


class Moment(forms.DateTimeInput):
    """A day and hour, picked with the browser's own calendar."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class ChosenFile(forms.FileInput):
    """A file, chosen by a button in the page's language instead of the browser's."""

    template_name = "web/parts/chosen_file.html"
