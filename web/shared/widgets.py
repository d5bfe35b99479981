"""Fields as the pages show them: a day and a moment by the browser's own calendar, a file."""

from django import forms


class Day(forms.DateInput):
    """A day, picked with the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Moment(forms.DateTimeInput):
    """A day and hour, picked with the browser's own calendar."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class ChosenFile(forms.FileInput):
    """A file, chosen by a button in the page's language instead of the browser's."""

    template_name = "web/parts/chosen_file.html"
