"""Which pages of a batch a letter is made of, in the words of its history."""

from collections.abc import Iterable

from django.utils.translation import ngettext

from language.bidi import isolate
from org.signs import listed
from registry.kinds import RegistryEvent
from registry.models.events import LetterEvent


def scan_words(event: LetterEvent) -> Iterable[str]:
    """Return the pages of the scan, those turned and those left out; nothing for other events."""
    data = event.data
    if event.kind != RegistryEvent.REGISTERED or not data.get("batch"):
        return
    pages, turned, out = (list(data.get(n) or ()) for n in ("pages", "turned", "left_out"))
    for words, numbers in (
        (ngettext("page of the scan: %(n)s", "pages of the scan: %(n)s", len(pages)), pages),
        (ngettext("page turned: %(n)s", "pages turned: %(n)s", len(turned)), turned),
        (ngettext("page left out: %(n)s", "pages left out: %(n)s", len(out)), out),
    ):
        if numbers:
            yield words % {"n": isolate(listed(numbers))}
