"""The base of every sealed row."""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any, ClassVar

from django.db import models
from django.utils.encoding import force_str


class Sealed(models.Model):
    """A row whose every column is sealed in an event of its letter; verify_register checks it.

    UNSEALED names columns left out, COMPUTED those of them that are made from sealed ones; ADDED
    those that were added after rows were sealed (chain.row_seal); LETTER is the path from the row
    to its letter's id.
    """

    UNSEALED: ClassVar[tuple[str, ...]] = ()
    COMPUTED: ClassVar[tuple[str, ...]] = ()
    ADDED: ClassVar[tuple[str, ...]] = ()
    LETTER: ClassVar[str] = "letter_id"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: models.Field[Any, Any]) -> str:  # noqa: N802 - Django's
        """Return the label of a value, as Django does; lists ask for so many."""
        value = getattr(self, field.attname)
        label: str = force_str(_labels(field).get(value, value), strings_only=True)
        return label


@cache
def _labels(field: models.Field[Any, Any]) -> dict[Any, Any]:
    """Return the labels of a field's choices by their values; they are translated when used."""
    return dict(field.flatchoices)
