"""The record of sign-ins that failed, on the page and for programs.

A name that nobody has costs the same statements as somebody's, whether the failure is put on record
or not: no answer reveals by its time who is known here.
"""

from typing import Final

from django.db import transaction
from django.db.models import Case, Value, When
from django.http import HttpRequest

from identity import events
from identity.kinds import SecurityKind
from org.models import User
from org.security_log import LoggedEvent, write_event
from web.addresses import plain_address
from web.throttle import Limit, TooManyAttemptsError, check_limit, counted

# So many rows a quarter of an hour at most, whatever somebody tries.
BRAKED_TOLD: Final = Limit("login.told", 1, 900)  # by name, of somebody
TOLD_OF_NOBODY: Final = Limit("login.nobody", 200, 900)
# Counted and never asked for: what is written where nothing else is, at the same cost.
FOR_EQUAL_COST: Final = Limit("login.equal_cost", 0, 900)


def record_failure(request: HttpRequest, name: str, *, kind: SecurityKind, way: str = "") -> None:
    """Record a failed attempt: whose account it was, if there is one; never the name typed."""
    person = _named(name)
    if not _is_recorded(person, name, kind=kind):
        write_as_much(name)
        return
    told = {"way": way} if way else {}
    events.record(kind, person=None, subject=person, address=plain_address(request), detail=told)


def write_as_much(name: str) -> None:
    """Write two rows in one transaction, as an event and its entry in the ledger are written."""
    with transaction.atomic(savepoint=False):
        counted(FOR_EQUAL_COST, f"event {name}")
        counted(FOR_EQUAL_COST, f"entry {name}")


def _named(name: str) -> User | None:
    """Return whose name it is: of several that differ in case, the one written so."""
    exact_first = Case(When(username=name, then=Value(0)), default=Value(1))
    return User.objects.filter(username__iexact=name).order_by(exact_first, "pk").first()


def _is_recorded(person: User | None, name: str, *, kind: SecurityKind) -> bool:
    """Return whether the failure is put on record; one query and one count in any case.

    The one row that counts all unknown names is written no more once its limit is reached: a wait
    for its lock would reveal that a name is unknown.
    """
    spent = _is_spent()
    if person is None and not spent:
        count = counted(TOLD_OF_NOBODY, "all")
        if count == TOLD_OF_NOBODY.most:  # once a window: what follows is on no record
            write_event(LoggedEvent.BRAKED, limit=TOLD_OF_NOBODY.bucket)
        return count <= TOLD_OF_NOBODY.most
    if person is not None and kind == SecurityKind.SIGN_IN_BRAKED:
        return counted(BRAKED_TOLD, name) <= BRAKED_TOLD.most
    counted(FOR_EQUAL_COST, name)
    return person is not None


def _is_spent() -> bool:
    try:
        check_limit(TOLD_OF_NOBODY, "all")
    except TooManyAttemptsError:
        return True
    return False
