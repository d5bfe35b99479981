"""The letter to which a mail belongs: by the mails it answers, or numbers in its subject."""

import re
from collections.abc import Sequence
from typing import Final

from django.db.models import Q

from channels.mailbox.models import MailItem
from language.bidi import strip_bidi_controls
from language.numerals import ascii_digits, registry_number_key
from registry.bounces import named_by
from registry.models.letters import Letter, ReplyLink

_NUMBER: Final = re.compile(
    r"(?<![\w/\-])(?:\d{4}[/\-][A-Za-z]{1,8}[/\-]\d{1,9}|[A-Za-z]{1,8}[/\-]\d{4}[/\-]\d{1,9})(?![\w/\-])"
)
_MOST: Final = 8


def sent_letter(message_id: str) -> Letter | None:
    """Return the outgoing letter that left by e-mail under this Message-ID.

    Ours name the letter in a way that nobody can guess (`registry.bounces.mail_name`).
    """
    named = named_by(message_id)
    return Letter.objects.filter(pk=named[1], register__direction="out").first() if named else None


def numbered_letters(subject: str) -> list[Letter]:
    """Return the letters whose registry numbers stand in a subject, at most eight."""
    plain = ascii_digits(strip_bidi_controls(subject))
    keys = {key for found in _NUMBER.findall(plain) if (key := registry_number_key(found))}
    wanted = Q()
    for key in sorted(keys)[:_MOST]:
        year, code, serial = key.split("/")
        wanted |= Q(year=int(year), register__code=code, serial=int(serial))
    return list(Letter.objects.filter(wanted).select_related("register")) if wanted else []


def answered_letter(references: Sequence[str], subject: str) -> Letter | None:
    """Return the letter that a mail continues.

    The one that came with a mail it answers, else the one that our reply answered, else the one
    whose number its subject names.
    """
    mails = MailItem.objects.filter(message_id__in=references, letter__isnull=False)
    by_id = {item.message_id: item.letter for item in mails.select_related("letter__register")}
    for reference in references:
        found = by_id.get(reference) or sent_letter(reference)
        if found is not None:
            return _first_of(found)
    named = numbered_letters(subject)
    return _first_of(named[0]) if len(named) == 1 else None


def _first_of(letter: Letter) -> Letter:
    """Return the letter that a reply of ours answers."""
    link = ReplyLink.objects.filter(outgoing=letter).select_related("incoming").first()
    return link.incoming if link else letter
