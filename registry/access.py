"""The one door to a letter, and the tokens by which search engines know who may read it."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from org.models import Level, User
from org.people import Standing, standing_of
from registry.models import Letter


class NoSuchLetterError(LookupError):
    """There is no such letter for this person; whether it exists for others is not said."""


def get_letter(viewer: User | AnonymousUser, letter_id: UUID | str) -> Letter:
    """Fetch a letter on somebody's behalf; NoSuchLetterError when it is not theirs to read."""
    try:
        wanted = UUID(str(letter_id))
    except ValueError as error:
        raise NoSuchLetterError from error
    letter: Letter | None = Letter.objects.visible_to(viewer).for_lists().filter(pk=wanted).first()
    if letter is None:
        raise NoSuchLetterError
    return letter


def reader_tokens(viewer: User | AnonymousUser) -> frozenset[str]:
    """What this person can open: `all:0`, `dept:EAU:0`… Empty for nobody."""
    if not viewer.is_authenticated:
        return frozenset()
    return _tokens(standing_of(viewer))


def _tokens(standing: Standing) -> frozenset[str]:
    tokens: set[str] = set()
    if standing.reads_all:
        tokens |= {f"all:{level}" for level in Level.values if level <= standing.clearance}
    for code in standing.departments:
        top = standing.department_level(code)
        tokens |= {f"dept:{code}:{level}" for level in Level.values if level <= top}
    return frozenset(tokens)


def letter_tokens(letter: Letter) -> frozenset[str]:
    """What opens this letter: one token for all-readers, one for each department that reads it."""
    codes = letter.readers.filter(active=True).values_list("department__code", flat=True)
    return tokens_of(letter.confidentiality, codes)


def tokens_of(level: int, departments: Iterable[str]) -> frozenset[str]:
    """What opens a letter of that level of confidentiality, read by these departments (codes)."""
    return frozenset({f"all:{level}", *(f"dept:{code}:{level}" for code in departments)})
