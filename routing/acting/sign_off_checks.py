"""Reasons why a letter cannot be signed off or closed yet, given by packages above routing.

Such a package registers its check when the program starts (`AppConfig.ready`).
"""

from collections.abc import Callable

from registry.models.letters import Letter
from routing.acting.errors import NotAllowedError
from routing.models.assignments import Assignment

Check = Callable[[Assignment], object]  # the reason, translated when it is shown; or None
ClosingCheck = Callable[[Letter], object]  # as above, against closing the letter itself
_checks: list[Check] = []
_closing_checks: list[ClosingCheck] = []


def add_sign_off_check(check: Check) -> None:
    """Register `check` to be called before each sign-off; registering it again changes nothing."""
    if check not in _checks:
        _checks.append(check)


def refuse_sign_off(assignment: Assignment) -> None:
    """Raise NotAllowedError with the first reason against signing off, where there is one."""
    for check in _checks:
        if reason := check(assignment):
            raise NotAllowedError(reason)


def add_closing_check(check: ClosingCheck) -> None:
    """Register `check` to be called before the last sign-off closes a letter."""
    if check not in _closing_checks:
        _closing_checks.append(check)


def refuse_closing(letter: Letter) -> None:
    """Raise NotAllowedError with the first reason against closing the letter, if there is one."""
    for check in _closing_checks:
        if reason := check(letter):
            raise NotAllowedError(reason)
