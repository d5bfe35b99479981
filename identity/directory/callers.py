"""Who calls in the directory's name, what is refused to it, and what is put on record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from identity import events
from identity.kinds import SecurityKind
from org.models import User


@dataclass(frozen=True, slots=True)
class Caller:
    """The administrator whose token the directory uses, the token's beginning, and the address.

    `signs`: whether visas or signatures fall to somebody by name; answered by the correspondence.
    """

    person: User
    token: str
    address: str = ""
    signs: Callable[[User], bool] = lambda _person: False

    def record(self, kind: SecurityKind, *, subject: User | None = None, **detail: Any) -> None:
        """Put what the directory did, or was refused, on record."""
        events.record(
            kind,
            person=self.person,
            subject=subject,
            address=self.address,
            token=self.token,
            **detail,
        )

    def changed(self, change: str, *, subject: User | None = None, **detail: Any) -> None:
        """Put a change by the directory on record."""
        self.record(SecurityKind.DIRECTORY_CHANGED, subject=subject, change=change, **detail)


class DirectoryRefusedError(Exception):
    """The directory may not do it; the words say who does it."""

    def __init__(self, words: str, *, subject: User | None = None) -> None:
        super().__init__(words)
        self.subject = subject


class TakenError(Exception):
    """Somebody, or another group, has this name already."""


class UnknownError(Exception):
    """The directory names somebody or a group that is not here."""
