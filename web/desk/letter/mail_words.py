"""Attachments that stayed inside their mail: how many, which and why, in words."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from language.bidi import isolate
from org.signs import colon, listed
from registry.left_out import TOO_MANY
from registry.models.documents import Document
from registry.models.events import LetterEvent

REASONS: Final[dict[str, Any]] = {
    TOO_MANY: _("after the hundredth"),
    "executable": _("programs"),
    "not_allowed": _("of a type that is not taken"),
    "empty": _("empty"),
    "infected": _("with a virus"),
    "too_large": _("too large"),
    "too_many_pages": _("too many pages"),
    "too_many_pixels": _("too large"),
}
DAMAGED: Final = _("cannot be opened")
SHOWN: Final = 20  # names in the notice above the letter
LISTED: Final = 200  # names in its history


def attachment_words(event: LetterEvent) -> Iterator[str]:
    """Return how many attachments of mails stayed in them, with their names by reason."""
    refused = event.data.get("refused")
    if not isinstance(refused, list) or not refused:
        return
    left = len(refused)
    yield gettext("attachments left inside their mail: %(count)d") % {"count": left}
    yield from _by_reason(_named(event)[:LISTED], left)


def left_in_mails(
    documents: Iterable[Document], events: Iterable[LetterEvent]
) -> list[tuple[Document, str]]:
    """Return (mail, words) for each mail of the letter in which attachments stayed."""
    found: dict[int, list[dict[str, Any]]] = {}
    for event in events:
        for one in _named(event):
            found.setdefault(int(one["mail"]), []).append(one)
    return [(mail, _notice(found[mail.position])) for mail in documents if mail.position in found]


def _notice(named: list[dict[str, Any]]) -> str:
    count = len(named)
    words = ngettext(
        "%(count)d attachment of this mail is no document of the letter. It is kept in the mail, "
        "which you can save: %(what)s",
        "%(count)d attachments of this mail are no documents of the letter. They are kept in the "
        "mail, which you can save: %(what)s",
        count,
    )
    return words % {"count": count, "what": " · ".join(_by_reason(named[:SHOWN], count))}


def _by_reason(named: list[dict[str, Any]], count: int) -> Iterator[str]:
    groups: dict[str, list[str]] = {}
    for one in named:
        name = isolate(str(one.get("name") or "…"))
        groups.setdefault(str(REASONS.get(str(one.get("code")), DAMAGED)), []).append(name)
    for reason, names in groups.items():
        yield f"{reason}{colon()} {listed(names)}"
    if named and (more := count - len(named)):
        yield ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}


def _named(event: LetterEvent) -> list[dict[str, Any]]:
    named = event.data.get("attachments_left")
    return [one for one in named if isinstance(one, dict)] if isinstance(named, list) else []
