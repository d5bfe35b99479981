"""Letters as they are read: fetched within a person's rights, and put on record."""

from uuid import UUID

from correspondence.models.replies import Reply
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


def note_reading(viewer: User, reply: Reply) -> Reply:
    """Put on record that somebody reads a reply; return it.

    It tells what the letter says that it answers, and what the one says that it became.
    """
    for letter_id in dict.fromkeys((reply.letter_id, reply.outgoing_id)):
        if letter_id:
            record_reading(person=viewer, letter_id=letter_id)
    return reply
