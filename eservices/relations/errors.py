"""What the centre refuses, with the field that is wrong."""

from typing import Any


class BadContactError(ValueError):
    """Something that cannot be kept; `field` names what is wrong, the words say why."""

    def __init__(self, field: str, words: Any) -> None:
        super().__init__(str(words))
        self.field = field
