"""Letters as they are read: fetched within a person's rights, and put on record."""

from uuid import UUID

from identity.events import record_reading
from org.models import User
from registry.access import get_letter
from registry.models.letters import Letter


def read_letter(viewer: User, letter_id: UUID) -> Letter:
    """Return the letter for a page or a file that shows what it says; the reading is on record.

    Raise NoSuchLetterError.
    """
    letter = get_letter(viewer, letter_id)
    record_reading(person=viewer, letter_id=letter.pk)
    return letter
