"""What the centre refuses, with the field that is wrong."""

from typing import Any

from registry.contacts.directory import BadContactError as BadError


class BadContactError(BadError):
    """Something that cannot be kept; `field` names what is wrong, the words say why."""

    def __init__(self, field: str, words: Any) -> None:
        super().__init__(field, str(words))
