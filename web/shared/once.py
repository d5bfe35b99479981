"""A form, or a call of the API, that arrives twice makes its row once.

The form carries a key that its page drew. The id of the row is made of that key, of who sent it,
where to, and of all that was sent: a second click, a reload or a retry comes to the same id, and
words that were changed after going back come to another.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID, uuid5

from django.db import IntegrityError
from django.db.models import Model
from django.http import HttpRequest

FIELD: Final = "once"
_LEAST: Final = 16
_MOST: Final = 128
_SPACE: Final = UUID("5a1f0f57-9c0e-4b43-8f1c-2f6f0c9f4a11")
_BESIDES: Final = frozenset(("csrfmiddlewaretoken",))


class SentBeforeError(Exception):
    """The same form has made its row already."""


def row_id(request: HttpRequest) -> UUID | None:
    """Return the id of the row that this form makes; None for a form without a usable key."""
    key = request.POST.get(FIELD, "")
    said = [[name, values] for name, values in request.POST.lists() if name not in _BESIDES]
    return id_for(request, key, said) if _LEAST <= len(key) <= _MOST else None


def id_for(request: Any, key: str, said: Any) -> UUID:
    """Return the id of what a request under this key makes, `said` being its words."""
    files = [[name, file.name, file.size] for name, file in _files(request)]
    whole = [request.user.pk, request.path, key, said, files]
    return uuid5(_SPACE, json.dumps(whole, default=str, ensure_ascii=True))


def _files(request: Any) -> Iterable[tuple[str, Any]]:
    return ((name, file) for name, files in request.FILES.lists() for file in files)


@contextmanager
def once(model: type[Model], pk: UUID | None) -> Iterator[None]:
    """Make a row of this id in the block; raise SentBeforeError where there is one already.

    Of two requests at the same moment the database lets one make it.
    """
    if _exists(model, pk):
        raise SentBeforeError
    try:
        yield
    except IntegrityError:
        if _exists(model, pk):
            raise SentBeforeError from None
        raise


def _exists(model: type[Model], pk: UUID | None) -> bool:
    return pk is not None and model._default_manager.filter(pk=pk).exists()
