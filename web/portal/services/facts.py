"""The page of a service before the start: pieces, fee, time, law, silence, who, how."""

from typing import Any, Final

from django.utils.translation import gettext_lazy, ngettext

from eservices.catalogue.definition import Definition, Piece, Term
from eservices.catalogue.publishing import Published
from eservices.money_words import price
from web.portal.services.cards import AUDIENCES, NEEDS, start_address

SILENCE: Final[dict[str, Any]] = {
    "granted": gettext_lazy("Without an answer in this time, your request counts as granted."),
    "refused": gettext_lazy(
        "Without an answer in this time, your request counts as refused, and you can appeal."
    ),
}
IDENTITY: Final[dict[int, Any]] = {
    0: gettext_lazy("No account and no proof of identity."),
    1: gettext_lazy("No account: we send a code once to your e-mail or your phone."),
    2: gettext_lazy("You show once that the contract is yours."),
    3: gettext_lazy("You identify yourself with your national electronic identity card."),
}


def facts_of(found: Published, language: str) -> dict[str, Any]:
    """Return what the page of a service shows, in a language."""
    told = found.definition
    known = [need for need in told.needs if need in NEEDS]
    return {
        "code": told.code,
        "title": told.title.in_(language),
        "summary": told.summary.in_(language),
        "before": told.before.in_(language),
        "icon": NEEDS[known[0]][1] if known else "letter",
        "need": (known[0], NEEDS[known[0]][0]) if known else None,
        "dangerous": told.danger is not None,
        "pieces": [_piece(piece, language) for piece in told.pieces],
        "fee": _fee(told, language),
        "durations": durations_of(told.term),
        "term_words": told.term.words.in_(language),
        "silence": SILENCE.get(told.term.silence, ""),
        "law": told.law.in_(language),
        "identity": IDENTITY.get(told.identity, ""),
        "audiences": [AUDIENCES[one][0] for one in told.audiences if one in AUDIENCES],
        "articles": [
            (one.question.in_(language), one.answer.in_(language)) for one in told.knowledge
        ],
        "channels": told.channels,
        "start": start_address(told.code) if "portal" in told.channels else "",
    }


def durations_of(term: Term) -> dict[str, str]:
    """Return how long a service takes: as the office promises, and at most by law."""
    calendar = term.unit == "calendar"
    days = {"norm": term.norm_days, "legal": term.legal_days}
    return {name: _days(count, calendar=calendar) for name, count in days.items() if count}


def _days(count: int, *, calendar: bool) -> str:
    if calendar:
        words = ngettext("%(count)d day", "%(count)d days", count)
    else:
        words = ngettext("%(count)d working day", "%(count)d working days", count)
    return words % {"count": count}


def _fee(told: Definition, language: str) -> dict[str, Any] | None:
    """Return amount and words of the fee; None where the service costs nothing."""
    if told.fee is None or (told.fee.amount == 0 and not told.fee.words):
        return None
    amount = told.fee.amount
    return {
        "amount": price(int(amount * 100), told.fee.currency) if amount else "",
        "words": told.fee.words.in_(language),
    }


def _piece(piece: Piece, language: str) -> dict[str, Any]:
    return {
        "title": piece.title.in_(language),
        "help": piece.help.in_(language),
        "required": piece.required and piece.show_if is None,
        "sometimes": piece.show_if is not None,
    }
