"""Access to letters: fetching one for a person, and the access tokens of the search indexes."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q

from org.models import Level, Membership, User
from org.people import Permissions, permissions_of
from registry.models.letters import Letter
from registry.models.readers import DepartmentReader


class NoSuchLetterError(LookupError):
    """There is no such letter for this person; whether it exists for others is not disclosed."""


def get_letter(viewer: User | AnonymousUser, letter_id: UUID | str) -> Letter:
    """Fetch a letter on a person's behalf. Raise NoSuchLetterError where they may not read it."""
    try:
        wanted = UUID(str(letter_id))
    except ValueError as error:
        raise NoSuchLetterError from error
    letter: Letter | None = Letter.objects.visible_to(viewer).for_lists().filter(pk=wanted).first()
    if letter is None:
        raise NoSuchLetterError
    return letter


def reads_letter(viewer: User | AnonymousUser, *columns: str) -> Q:
    """Return the condition that the viewer may read the letters in all of these columns of a row.

    The column is "letter" if unsaid; "pk" is the letter itself. Each row's one is looked up: with
    `letter__in=Letter.objects.visible_to(viewer)` SQLite would gather all letters that the viewer
    may read, even for a single row, which takes seconds among a million.
    """
    letters = Letter.objects.visible_to(viewer)
    return Q(*(Exists(letters.filter(pk=OuterRef(one))) for one in columns or ("letter",)))


def readable_among(letter_ids: Iterable[UUID], viewer: User | AnonymousUser) -> set[UUID]:
    """Return those of the letters that this person may read; no query where there are none."""
    if not (wanted := set(letter_ids)):
        return set()
    return set(Letter.objects.visible_to(viewer).filter(pk__in=wanted).values_list("pk", flat=True))


def reader_tokens(viewer: User | AnonymousUser) -> frozenset[str]:
    """Return the access tokens of this person; none for an anonymous one.

    They are `all:0`, `dept:EAU:0`, `person:7:0`, `directors:0`…
    """
    if not viewer.is_authenticated:
        return frozenset()
    return _tokens(permissions_of(viewer))


def _tokens(permissions: Permissions) -> frozenset[str]:
    upto = {"all": permissions.clearance} if permissions.reads_all else {}
    for code, role in permissions.departments.items():
        upto[f"dept:{code}"] = permissions.department_level(code)
        if role == Membership.Role.HEAD:
            upto[f"head:{code}"] = permissions.department_level(code)
    upto |= {f"person:{pk}": level for pk, level in permissions.asked_as.items()}
    upto["directors"] = permissions.directing
    # Each letter has the all-readers' token of its level: up to theirs no other one adds a letter.
    free = permissions.clearance if permissions.reads_all else -1
    return frozenset(
        f"{who}:{at}"
        for who, top in upto.items()
        for at in Level.values
        if at <= top and (at > free or who == "all")
    )


def letter_tokens(letter: Letter) -> frozenset[str]:
    """Return the tokens of this letter: one for all-readers, one for each other reader."""
    return tokens_of(letter.confidentiality, readers_among([letter.pk])[letter.pk])


def readers_among(letter_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return to whom each letter is addressed.

    `dept:EAU`, `head:EAU` (its heads alone), `person:7`, `directors`.
    """
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = DepartmentReader.objects.filter(letter__in=letter_ids, active=True)
    columns = ("letter_id", "department__code", "heads", "person_id")
    for letter_id, code, heads, person_id in rows.values_list(*columns):
        if code:
            name = f"{'head' if heads else 'dept'}:{code}"
        else:
            name = f"person:{person_id}" if person_id else "directors"
        found[letter_id].append(name)
    return found


def tokens_of(level: int, readers: Iterable[str]) -> frozenset[str]:
    """Return the tokens of a letter of that level of confidentiality with these `readers_among`."""
    return frozenset({f"all:{level}", *(f"{name}:{level}" for name in readers)})
