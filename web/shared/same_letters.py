"""Letters that belong with another, as pages and the API name them."""

from uuid import UUID

from language.numerals import registry_number_key
from org.models import User
from registry.access import NoSuchLetterError, get_letter, reads_letter
from registry.doubles.finding import known_hashes, same_files
from registry.models.duplicates import LetterLink
from registry.models.letters import Letter


def registered_before(letter: Letter, viewer: User) -> list[Letter]:
    """Return letters that this user may read and that came with the very same file."""
    before = same_files(known_hashes(letter), letter.pk)
    if not before:
        return []
    readable = Letter.objects.visible_to(viewer).exclude(stage="voided")
    return list(readable.filter(pk__in=before).order_by("registered_at")[:5])


def other_letter(viewer: User, named: str) -> Letter:
    """Return the letter of this id or registry number, where it may be read.

    Raise NoSuchLetterError for any other.
    """
    key = registry_number_key(named.strip())
    if key is None:
        return get_letter(viewer, named.strip())
    rows = Letter.objects.visible_to(viewer).numbered(key).select_related("register")
    found: Letter | None = rows.first()
    if found is None:
        raise NoSuchLetterError
    return found


def readable_link(viewer: User, letter: Letter, link_id: UUID) -> LetterLink | None:
    """Return a link of this letter with one that the user may read too; else None."""
    rows = LetterLink.objects.select_related("letter", "other")
    row = rows.filter(reads_letter(viewer, "letter", "other"), pk=link_id).first()
    return row if row and letter.pk in (row.letter_id, row.other_id) else None
