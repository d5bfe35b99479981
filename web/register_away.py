"""Database or disk failing while a deposit is registered: a refusal that passes by itself.

The registration's transaction was rolled back. The form is shown again with its files and texts; a
fault of our own (a row that the database refuses) is none that passes.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    ProgrammingError,
)

from registry.refusals import DepositRefusedError, Refusal

log = logging.getLogger(__name__)
_OUR_FAULTS: Final = (DataError, IntegrityError, NotSupportedError, ProgrammingError)


def passes(error: BaseException) -> bool:
    """Return whether the database or the disk failed for a reason that passes."""
    return database_away(error) or isinstance(error, OSError)


def database_away(error: BaseException) -> bool:
    """Return whether the database cannot serve: away, full, locked, read-only or damaged."""
    failed = isinstance(error, DatabaseError | InterfaceError)
    return failed and not isinstance(error, _OUR_FAULTS)


@contextmanager
def register_away() -> Iterator[None]:
    """Raise DepositRefusedError in place of a failure that passes."""
    try:
        yield
    except (DatabaseError, InterfaceError, OSError) as error:
        if not passes(error):
            raise
        log.exception("a deposit met a database or a disk that cannot serve it")
        raise DepositRefusedError(Refusal("register_away")) from error
