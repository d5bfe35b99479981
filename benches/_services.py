"""Services that a bench cannot do without."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.services import Services, running


@contextmanager
def required(names: set[str], *, durable: bool = False) -> Iterator[Services]:
    """Run these services (see `tests.services`); exit with 3 where one of them is missing."""
    with running(names, durable=durable) as services:
        if services.missing:
            print(f"missing: {services.missing}", file=sys.stderr)
            sys.exit(3)
        yield services
