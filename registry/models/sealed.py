"""The base of every sealed row."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


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
