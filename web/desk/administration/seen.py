"""Forms of rows that two people may have open at once: the second is told, and overwrites nothing.

A form carries the newest change of its row's history as it was when the form was opened.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django import forms
from django.db import transaction
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext as _

from org.models import OrgChange
from registry.states import ConflictError

# Of a person, and nothing that their form shows.
BESIDES: Final = ("invited", "password_set", "stand_in", "stand_in_ended")


class SeenForm(forms.Form):
    """A form with a hidden `seen`: the id of its row's newest change, 0 where there was none."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    _watched: tuple[Model, str, str] | None = None

    def watch(self, row: Model | None, noun: str, key: Any) -> None:
        """Say which row it changes, None for a new one, and how the history names that."""
        if row is not None:
            self._watched = (row, noun, str(key))
            self.initial["seen"] = self.newest()

    def newest(self) -> int | None:
        """Return the id of the newest change, None for a row that is not there yet."""
        if self._watched is None:
            return None
        _row, noun, key = self._watched
        rows = OrgChange.objects.filter(noun=noun, key=key).exclude(action__in=BESIDES)
        return rows.order_by("-pk").values_list("pk", flat=True).first() or 0

    def lock(self) -> None:
        """Lock what the form changes, in the present transaction."""
        if self._watched:
            row = self._watched[0]
            type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Hold the row, as it was when the form was opened, while the block keeps the valid form.

        Raise ConflictError where somebody has changed it since. The form then says so, keeps what
        was typed, and overwrites that change when it is sent again.
        """
        seen = self.cleaned_data.get("seen")
        with transaction.atomic():
            self.lock()
            newest = self.newest()
            if None not in (seen, newest) and seen != newest:
                self._tell(newest)
                raise ConflictError
            yield

    def _tell(self, newest: int | None) -> None:
        given = QueryDict(mutable=True)
        given.update(self.data)
        given["seen"] = str(newest)
        self.data = given
        words = _(
            "Somebody changed this meanwhile: their change stands below. What you typed is kept "
            "here; keep it again to put it in the place of theirs."
        )
        self.add_error(None, words)
