"""Facts that are columns of a letter or of its sender: as words, and as the columns keep them."""

from datetime import date
from typing import Any, Final

from language.lines import one_line
from org.models import LetterKind
from registry.corrections import BadCorrectionError
from registry.models.letters import Party

COLUMNS: Final = ("subject", "kind", "document_date", "external_reference")
FACTS: Final = (*COLUMNS, "sender", "department")
# Fact -> column of the sender's row. The name stands first: it makes the row.
OF_SENDER: Final = {
    "sender": "name",
    "sender_organisation": "organisation",
    "sender_address": "address",
    "sender_email": "email",
    "sender_phone": "phone",
}


def column_value(field: str, value: str) -> Any:
    """Return a fact's words as its column stores them; raise BadCorrectionError if impossible."""
    if field == "kind":
        kind = LetterKind.objects.filter(code=value).first() if value else None
        if value and kind is None:
            raise BadCorrectionError(field)
        return kind
    if field == "document_date":
        try:
            return date.fromisoformat(value) if value else None
        except ValueError as error:
            raise BadCorrectionError(field) from error
    return value[:120] if field == "external_reference" else value


def column_words(value: Any) -> str:
    """Return a column's value as a suggestion writes it: a code, an ISO date, one line of words."""
    if isinstance(value, LetterKind):
        return value.code
    return value.isoformat() if isinstance(value, date) else one_line(str(value or ""))


def sender_words(sender: Any) -> dict[str, str]:
    """Return fact -> words of a sender (Party or PartyData); all empty for None."""
    return {fact: one_line(getattr(sender, name, "")) for fact, name in OF_SENDER.items()}


def sender_lengths() -> dict[str, int]:
    """Return column of the sender's row -> how many characters it takes."""
    fields = [field for field in Party._meta.concrete_fields if field.name in OF_SENDER.values()]
    return {field.name: field.max_length or 500 for field in fields}
