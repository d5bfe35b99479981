"""The page of a row that administrators add or change by a form, with its history."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from org.errors import BadOrganisationError
from registry.states import ConflictError
from web.desk.administration.history import history_of
from web.desk.administration.seen import SeenForm
from web.desk.forms import add_problems
from web.shared.guard import StaffRequest, redirect_after


class RowForm(SeenForm):
    """A form that begins with the columns of the row that it changes."""

    COLUMNS: ClassVar[Sequence[str]] = ()

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs.setdefault("initial", {name: getattr(row, name) for name in self.COLUMNS})
        super().__init__(*args, **kwargs)


@dataclass(frozen=True, slots=True)
class RowPage:
    """Where a row is added or changed: `save` keeps what the form says, `back` is the list of all.

    `done`: the words for a row that was kept; `key`: the column by which its history names it.
    """

    model: type[Model]
    form: type[RowForm]
    save: Callable[..., object]
    noun: str
    template: str
    back: str
    done: Any
    key: str = "pk"

    def answer(self, request: StaffRequest, row_id: int | None) -> HttpResponse:
        """Show the form of a row, or of a new one, or keep what it says."""
        row = get_object_or_404(self.model, pk=row_id) if row_id is not None else None
        filled = self.form(request.POST if request.method == "POST" else None, row=row)
        filled.watch(row, self.noun, getattr(row, self.key, ""))
        if request.method != "POST":
            return self._shown(request, row, filled)
        if not filled.is_valid():
            return self._shown(request, row, filled, status=422)
        try:
            with filled.unchanged():
                self.save(filled.cleaned_data, actor=request.user, row=row)
        except ConflictError:
            return self._shown(request, row, filled, status=409)
        except BadOrganisationError as error:
            add_problems(filled, error.problems)
            return self._shown(request, row, filled, status=422)
        messages.success(request, str(self.done))
        return redirect_after(reverse(self.back), request)

    def _shown(
        self, request: StaffRequest, row: Model | None, filled: RowForm, *, status: int = 200
    ) -> HttpResponse:
        history = history_of(self.noun, getattr(row, self.key)) if row else {}
        context: dict[str, Any] = {"form": filled, "row": row, "back": self.back, **history}
        return render(request, self.template, context, status=status)
