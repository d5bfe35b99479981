"""Texts that are told before Django is set up, as by a start that is refused, and after it too.

Before, LANGUAGE_CODE alone says in which language; after, Django does, as of any other text.
"""

from django.apps import apps
from django.utils import translation

from signer.words import speaker

_before = speaker("config", "search", "channels", "eservices", "routing")


def gettext(text: str) -> str:
    """Return the text in the language of the moment, or of the office where Django is not ready."""
    return translation.gettext(text) if apps.ready else _before(text)
