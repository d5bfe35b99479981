"""Why a sign-in by the provider failed, in the log: for whoever connects it, naming nobody."""

import logging
from typing import Final

from allauth.socialaccount.providers.oauth2.client import OAuth2Error

log: Final = logging.getLogger(__name__)


class UntrueError(OAuth2Error):  # type: ignore[misc]
    """What the provider tells is not to be believed; the text says why, and names nobody."""


def log_failure(failed: Exception | None, *, said: str = "") -> None:
    """Log why; of an error that is not ours its kind alone, since its text may hold anything."""
    why = str(failed) if isinstance(failed, UntrueError) else type(failed).__name__
    log.warning("a sign-in by the provider failed: %s", why if failed else said or "no reason")
