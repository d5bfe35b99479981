"""Reasons why a letter cannot be signed off yet, given by packages above routing.

Such a package registers its check when the program starts (`AppConfig.ready`).
"""

from collections.abc import Callable

from routing.acting.errors import NotAllowedError
from routing.models.assignments import Assignment

Check = Callable[[Assignment], object]  # the reason, translated when it is shown; or None
_checks: list[Check] = []


def add_sign_off_check(check: Check) -> None:
    """Register `check` to be called before each sign-off; registering it again changes nothing."""
    if check not in _checks:
        _checks.append(check)


def refuse_sign_off(assignment: Assignment) -> None:
    """Raise NotAllowedError with the first reason against signing off, where there is one."""
    for check in _checks:
        if reason := check(assignment):
            raise NotAllowedError(reason)
