"""The codes of the API's errors: for programs the code, for people the words."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

# code → (HTTP status, words)
WORDS: Final[dict[str, tuple[int, Any]]] = {
    "malformed": (400, _("The request could not be read.")),
    "invalid": (400, _("Some values are missing or not usable.")),
    "bad_cursor": (400, _("This page of results no longer exists. Begin again.")),
    "not_authenticated": (401, _("Log in first, or send a valid token.")),
    "bad_credentials": (401, _("User name and password do not fit.")),
    "out_of_scope": (403, _("This token is not for this.")),
    "unconfirmed": (403, _("Confirm on your account page that it is you, then do it again.")),
    "second_step": (403, _("Your account has a second step: make a token on your account page.")),
    "not_allowed": (403, _("This is not yours to do.")),
    "not_found": (404, _("There is nothing here for you.")),
    "method_not_allowed": (405, _("This address does not answer that method.")),
    "not_acceptable": (406, _("The answer is not available in the form asked for.")),
    "moved_on": (409, _("Someone was faster. Look again and decide anew.")),
    "not_possible": (409, _("This cannot be done now.")),
    "key_used": (
        409,
        _("This Idempotency-Key has registered another content. Send the new one under a new key."),
    ),
    "stale": (
        412,
        _("This was changed since you read it. Read it again, then decide anew."),
    ),
    "too_large": (413, _("The request is larger than is taken here.")),
    "too_long": (414, _("The address is longer than is read here.")),
    "unsupported_media_type": (415, _("Content of this type is not read here.")),
    "refused": (422, _("The deposit was refused. Nothing was registered.")),
    "bad_answers": (422, _("Some answers are missing or not usable. Nothing was registered.")),
    "throttled": (429, _("Too many attempts. Wait a little.")),
    "server_error": (500, _("Something failed on our side. The office was told.")),
    "unavailable": (503, _("A part of the office is away. Try again in a few minutes.")),
}
