"""Who seems to have sent letters of which nobody has said it yet: for search, which marks it."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from routing.models.suggestions import Suggestion

_FIELDS: Final = (Suggestion.Field.SENDER, Suggestion.Field.SENDER_ORGANISATION)


def proposed_senders(letter_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return letter → its proposed sender, as a register shows one; one query.

    The best of the proposals that stand; what a person has decided is no proposal any more.
    """
    rows = Suggestion.objects.filter(
        letter__in=list(letter_ids),
        field__in=_FIELDS,
        current=True,
        decision=Suggestion.Decision.PENDING,
    ).order_by("letter_id", "-score", "value")
    best: dict[tuple[UUID, str], str] = {}
    for letter_id, field, value in rows.values_list("letter_id", "field", "value"):
        best.setdefault((letter_id, field), value)
    parts: dict[UUID, list[str]] = {}
    for field in _FIELDS:
        for (letter_id, of), value in best.items():
            if of == field and value not in parts.setdefault(letter_id, []):
                parts[letter_id].append(value)
    return {letter_id: " — ".join(named) for letter_id, named in parts.items()}
