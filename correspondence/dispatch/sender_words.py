"""What a sender is told of their letter in a line: subject of a mail, text of an SMS."""

from enum import StrEnum

from django.utils.translation import gettext as _


class About(StrEnum):
    """What a message is about."""

    DEPOSIT = "deposit"
    ANSWER = "answer"
    REQUEST = "request"
    CODE = "code"


def words_about(about: About, *, is_request: bool) -> tuple[str, str]:
    """Return subject and short text in the active language, with places for their facts.

    Who asked for a service by its form is told of their request, as its pages call it.
    """
    return (_of_request if is_request else _of_letter)(about)


def _of_letter(about: About) -> tuple[str, str]:
    match about:
        case About.DEPOSIT:
            return (
                _("%(office)s: your letter is registered as %(number)s"),
                _("%(office)s: your letter is registered as %(number)s. Follow it at %(address)s"),
            )
        case About.ANSWER:
            return (_("%(office)s: the answer to your letter %(number)s is there"), _answer())
        case About.REQUEST:
            return (
                _("%(office)s: your letter %(number)s"),
                _("%(office)s: follow your letter %(number)s at %(address)s"),
            )
    short = _(
        "%(office)s: tracking code %(code)s for letter %(number)s. Give it to nobody. %(address)s"
    )
    return _code(), short


def _of_request(about: About) -> tuple[str, str]:
    match about:
        case About.DEPOSIT:
            return (
                _("%(office)s: your request is registered as %(number)s"),
                _("%(office)s: your request is registered as %(number)s. Follow it at %(address)s"),
            )
        case About.ANSWER:
            return (_("%(office)s: the answer to your request %(number)s is there"), _answer())
        case About.REQUEST:
            return (
                _("%(office)s: your request %(number)s"),
                _("%(office)s: follow your request %(number)s at %(address)s"),
            )
    short = _(
        "%(office)s: tracking code %(code)s for request %(number)s. Give it to nobody. %(address)s"
    )
    return _code(), short


def _answer() -> str:
    return _("%(office)s: your answer %(number)s is ready. Read it at %(address)s")


def _code() -> str:
    return _("%(office)s: your tracking code")
