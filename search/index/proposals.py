"""The port to whoever proposes senders: search knows a letter, not what is made of it."""

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


def proposed_senders(letter_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return letter → its proposed sender, by the function that the settings name."""
    ask: Callable[[Iterable[UUID]], Mapping[UUID, str]] = import_string(settings.SENDER_PROPOSALS)
    return ask(letter_ids)
