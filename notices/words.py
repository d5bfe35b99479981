"""A notice in words, in the language of now: what happened, with the letter's number."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from language.bidi import isolate
from notices.kinds import NoticeKind
from notices.models import Notice
from org.addresses import staff_address
from org.written_days import date_format

# With the number of the letter; what has no letter says what its kind says.
SENTENCES: Final[Mapping[str, Any]] = {
    NoticeKind.GIVEN: _("Letter %(number)s is assigned to you or your department"),
    NoticeKind.COPY: _("Your department receives a copy of letter %(number)s"),
    NoticeKind.REFUSED: _("Letter %(number)s comes back: the department refuses it"),
    NoticeKind.OPINION_ASKED: _("An opinion is asked for on letter %(number)s"),
    NoticeKind.OPINION_GIVEN: _("The opinion on letter %(number)s is given"),
    NoticeKind.TO_SIGN: _("The reply to letter %(number)s waits for your visa or signature"),
    NoticeKind.RETURNED: _("Your reply to letter %(number)s is returned with a remark"),
    NoticeKind.BOUNCED: _("The reply to letter %(number)s did not reach its addressee"),
    NoticeKind.ANSWERED: _("Letter %(number)s was answered"),
    NoticeKind.REOPENED: _("Letter %(number)s is taken up again"),
    NoticeKind.RATED: _("The answer to letter %(number)s was rated"),
    NoticeKind.PIECES: _("The sender has added something to letter %(number)s"),
    NoticeKind.DUE: _("Letter %(number)s is due soon"),
    NoticeKind.OVERDUE: _("Letter %(number)s is late"),
    NoticeKind.REQUEST_LATE: _("Request %(number)s is late"),
    NoticeKind.MENTIONED: _("A note on letter %(number)s names you"),
}
_ADDRESSES: Final[Mapping[str, str]] = {
    NoticeKind.STAND_IN: "/absences/",
    NoticeKind.MAILBOX: "/mailbox/",
    NoticeKind.EXPORT: "/search/exports/",
    NoticeKind.SECURITY: "/account/",
    NoticeKind.TO_SIGN: "/signing-folder/",
}


def sentence(row: Notice, *, plain: bool = False) -> str:
    """Return what the notice says; the number is set apart from the text's direction."""
    words = SENTENCES.get(row.kind)
    if row.kind == NoticeKind.STAND_IN and row.detail.get("head"):
        return str(_("A stand-in is appointed in a department that you head"))
    if row.letter is None or words is None:
        return str(NoticeKind(row.kind).label)
    number = row.letter.number
    return str(words) % {"number": number if plain else isolate(number)}


def more(row: Notice) -> str:
    """Return the further details of its row on the page: score, due date, days of an absence."""
    told = row.detail
    if "score" in told:
        return str(_("%(score)s of 5")) % {"score": told["score"]}
    if "due_on" in told:
        return date_format(date.fromisoformat(told["due_on"]), "j F Y")
    if row.kind == NoticeKind.STAND_IN and "from" in told:
        days = [date_format(date.fromisoformat(told[name]), "j F Y") for name in ("from", "to")]
        return " – ".join(days)
    return ""


def address_of(row: Notice) -> str:
    """Return the path of the page where something can be done about it."""
    if row.kind == NoticeKind.DANGER:
        return f"/danger/{row.detail.get('alarm', '')}/"
    if row.letter_id:
        return f"/letters/{row.letter_id}/"
    if row.reply_id:
        return f"/drafts/{row.reply_id}/"
    return _ADDRESSES.get(row.kind, "/notifications/")


def link_of(row: Notice) -> str:
    """Return the whole address, for mails."""
    return f"{staff_address()}{address_of(row)}"
