"""The mark of a demo: whether this office is one, said by an act in its database alone.

The demo's people with their published password come only into an office that is empty or marked. A
demo older than the mark is recognised by what only a demo holds.
"""

from typing import Final

from django.db import transaction

from config.organisation import (
    DEMO_PASSWORD,
    PEOPLE,
    load_institution,
    load_number_formats,
    load_organisation,
)
from org.models import Department, LetterKind, User
from registry.acts import record_act
from registry.deposit_keys import stored_key
from registry.models.acts import Act
from registry.models.letters import Letter
from registry.models.registers import Register
from routing.rules.defaults import load_defaults

MARK: Final = "demo_loaded"


class NotADemoError(Exception):
    """Raised where the office holds other data than a demo's: demo accounts must stay out."""


def is_demo() -> bool:
    """Return whether the demo was loaded into this office."""
    return Act.objects.filter(kind=MARK).exists()


def has_organisation() -> bool:
    """Return whether the office has departments, kinds, registers or letters of its own."""
    tables = (Register, Department, LetterKind, Letter)
    return any(table._default_manager.exists() for table in tables)


def load_demo() -> None:
    """Load the demo organisation, people and rules where they are missing, and mark the office.

    Raise NotADemoError for an office that is neither empty nor a demo.
    """
    with transaction.atomic():
        if not is_demo():
            empty = not has_organisation() and not User.objects.exists()
            if not empty and not _was_a_demo():
                raise NotADemoError
            record_act(MARK, actor=None, data={})
        load_organisation()
        load_institution()
        load_number_formats()
        load_defaults()


def _was_a_demo() -> bool:
    """Return whether a demo was loaded here before the mark existed.

    Its clerk's password is the published one, and either the letters are the samples, or there are
    no letters and no further people.
    """
    amina = User.objects.filter(username="amina").first()
    if amina is None or not amina.check_password(DEMO_PASSWORD):
        return False
    if Letter.objects.exists():
        return Letter.objects.filter(deposit_key__in=_sample_keys(amina)).exists()
    return not User.objects.exclude(username__in=[person[0] for person in PEOPLE]).exists()


def _sample_keys(clerk: User) -> list[str]:
    """Return the deposit keys under which the demo registers its samples."""
    from config.demo_walk import deposit_key_of, load_samples

    return [stored_key(clerk, deposit_key_of(sample.key)) for sample in load_samples()]
