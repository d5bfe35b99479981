"""A call that makes a row and comes twice under one Idempotency-Key makes it once."""

from collections.abc import Callable
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db.models import Model
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from web.api.deposit import LONGEST_KEY, idempotency_key
from web.shared.once import SentBeforeError, id_for, once

Row = TypeVar("Row", bound=Model)
ONCE: Final = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": LONGEST_KEY},
    OpenApiParameter.HEADER,
    description="The same content under the same key of the same caller is made once: a repeat "
    "answers what the first made.",
)


def make_once(
    request: Request, model: type[Row], make: Callable[[UUID | None], Row], *, said: Any
) -> Row:
    """Return the row that `make` makes under the id that it is given, or made the first time.

    `said`: the checked words of the call. Raise ValidationError for a key that is too long.
    """
    key = idempotency_key(request)
    pk = id_for(request, key, said) if key else None
    try:
        with once(model, pk):
            return make(pk)
    except SentBeforeError:
        return model._default_manager.get(pk=pk)
