"""Which passwords are refused: those that somebody who guesses tries early."""

from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

LEAST_SCORE: Final = 3  # of 4: more than 10^8 guesses
MOST_LOOKED_AT: Final = 72  # letters; the estimate takes long for more, and needs no more


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
