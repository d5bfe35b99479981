"""Related letters: what is proposed, what was decided, and deciding."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from org.models import User
from registry.access import NoSuchLetterError, get_letter
from registry.doubles.same_mail import LinkNotAllowedError, Near, link_letters, near_to, undo_link
from registry.models.letters import Letter
from routing.acting.access import need
from routing.acting.verbs import LetterVerb
from web.shared.guard import StaffRequest, back_to_letter, reads_letters, verb
from web.shared.same_letters import other_letter, readable_link

REASONS: Final[dict[str, Any]] = {
    "same_file": gettext_lazy("It is the same file."),
    "same_message": gettext_lazy("It is the same e-mail."),
    "same_text": gettext_lazy("It says the same."),
    "same_pages": gettext_lazy("Its pages look the same."),
    "same_sender_reference_date": gettext_lazy("Sender, reference and date are the same."),
    "quotes_number": gettext_lazy("It names the number of the other letter."),
}
# Seen from the later letter, and from the earlier one.
DECIDED: Final[dict[str, tuple[Any, Any]]] = {
    "duplicate": (gettext_lazy("Duplicate of"), gettext_lazy("Came again as")),
    "copy": (gettext_lazy("Copy by another channel of"), gettext_lazy("Came by another way as")),
    "reminder": (gettext_lazy("Reminder of"), gettext_lazy("Reminded by")),
    "different": (gettext_lazy("Not the same as"), gettext_lazy("Not the same as")),
    "related": (gettext_lazy("Same matter as"), gettext_lazy("Same matter as")),
    "follows": (gettext_lazy("Follows"), gettext_lazy("Followed by")),
    "replaces": (gettext_lazy("Replaces"), gettext_lazy("Replaced by")),
}
CHOICES: Final[tuple[tuple[str, Any], ...]] = (
    ("duplicate", gettext_lazy("It is a duplicate")),
    ("copy", gettext_lazy("It is a copy by another channel")),
    ("reminder", gettext_lazy("It is a reminder")),
    ("different", gettext_lazy("It is another letter")),
)

_FOLLOWS: Final = ("follows", gettext_lazy("The later one follows the other"))
# Kinds of links set by hand; for a proposal only CHOICES make sense.
BY_HAND: Final[tuple[tuple[str, Any], ...]] = (
    ("related", gettext_lazy("They are of the same matter")),
    _FOLLOWS,
    ("replaces", gettext_lazy("The later one replaces the other")),
    *CHOICES,
)


@dataclass(frozen=True, slots=True)
class RelatedLetter:
    """A related letter in words; `choices` are (kind, words), the likeliest first."""

    near: Near
    words: str
    percent: int
    reasons: list[str]
    choices: list[tuple[str, str]]


def shown_near(letter: Letter, viewer: User) -> list[RelatedLetter]:
    """Return the letters related to this one, as far as this user may read them."""
    return [_shown(near) for near in near_to(letter, viewer)]


def _shown(near: Near) -> RelatedLetter:
    decided = DECIDED[near.kind][0 if near.later else 1]
    proposed = _("Probably a reminder of") if near.later else _("Probably reminded by")
    if near.kind == "follows":
        proposed = _("Probably answers") if near.later else _("Probably answered by")
    elif near.kind != "reminder":
        proposed = _("Probably the same as")
    offered = (_FOLLOWS, *CHOICES) if near.kind == "follows" else CHOICES
    likely = sorted(offered, key=lambda choice: choice[0] != near.kind)
    return RelatedLetter(
        near=near,
        words=str(decided) if near.link else proposed,
        percent=round(100 * near.score),
        reasons=reason_words(near.reasons),
        choices=[(kind, str(words)) for kind, words in likely],
    )


def reason_words(reasons: Iterable[str]) -> list[str]:
    """Return reason codes as sentences; an unknown one is left out."""
    return [str(REASONS[reason]) for reason in reasons if reason in REASONS]


@verb(reads_letters)
def link(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Record how this letter and another are related, or that they are not."""
    letter = get_letter(request.user, letter_id)
    need(request.user, letter, LetterVerb.LINK)
    try:
        other = other_letter(request.user, request.POST.get("other", ""))
        need(request.user, other, LetterVerb.LINK)
        kind = request.POST.get("kind", "")
        link_letters(letter, other, kind=kind, actor=request.user)
    except NoSuchLetterError:
        messages.error(request, _("There is no letter of this number."))
        return back_to_letter(request, letter.pk, "#related")
    except LinkNotAllowedError as error:
        messages.error(request, str(error))
        return back_to_letter(request, letter.pk, "#related")
    messages.success(request, _("Kept in both letters’ history."))
    return back_to_letter(request, letter.pk, "#related")


@verb(reads_letters)
def unlink(request: StaffRequest, letter_id: UUID, link_id: UUID) -> HttpResponse:
    """Remove a link, with a reason."""
    letter = get_letter(request.user, letter_id)
    need(request.user, letter, LetterVerb.LINK)
    row = readable_link(request.user, letter, link_id)
    if row is None:
        raise Http404
    try:
        undo_link(row, actor=request.user, reason=request.POST.get("reason", ""))
        messages.success(request, _("The link is taken back."))
    except LinkNotAllowedError as error:
        messages.error(request, str(error))
    return back_to_letter(request, letter.pk, "#related")
