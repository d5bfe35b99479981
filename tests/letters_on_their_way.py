"""A letter on its way through the departments of the demo office, with the office's own rules.

This file is read before Django is set up: what needs it is imported in the fixtures.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from correspondence.models.replies import Reply
    from org.models import User
    from registry.models.letters import Letter
    from routing.models.assignments import Assignment


@pytest.fixture
def rules(db: None) -> None:
    """The demo office's routing and deadline rules."""
    from routing.rules.defaults import load_defaults

    load_defaults()


@pytest.fixture
def letter(db: None) -> "Letter":
    """A letter that came in and lies with nobody."""
    from tests.factories import deposit

    return deposit(subject="Fuite d'eau rue des Orangers").letter


@pytest.fixture
def assigned(letter: "Letter", amina: "User") -> "Assignment":
    """The letter, given to EAU."""
    from routing.assigning import giving
    from tests.factories import department

    return giving.assign(letter, department=department("EAU"), actor=amina)


@pytest.fixture
def accepted(assigned: "Assignment", badr: "User") -> "Assignment":
    """The letter, taken in hand by Badr of EAU."""
    from routing.inbox import assignments

    return assignments.accept(assigned, actor=badr)


@pytest.fixture
def approved(accepted: "Assignment", badr: "User", dounia: "User") -> "Reply":
    """A reply of EAU that its head has approved."""
    from correspondence.replies import circuit, drafting

    reply = drafting.draft_reply(
        accepted.letter, actor=badr, subject="Votre fuite", body="La fuite est réparée."
    )
    circuit.submit_reply(reply, actor=badr)
    return circuit.approve_reply(reply, actor=dounia)


@pytest.fixture
def register_is_clean(db: None) -> Callable[[], None]:
    """Says that verify_register finds nothing."""
    from registry.verification import verify_register

    def check() -> None:
        problems: list[Any] = list(verify_register())
        assert problems == []

    return check
