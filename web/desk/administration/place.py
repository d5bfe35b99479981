"""A page of the administration: what a place is, and the groups of places."""

from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

ADMINISTRATORS: Final = _("Administrators see and change it.")
RULES: Final = _("Administrators change it; auditors and the director read it.")
WATCHED: Final = _("Administrators change it; auditors read it.")
FACE, PEOPLE, LETTERS, OUT, MACHINE = "face", "people", "letters", "out", "machine"
GROUPS: Final[dict[str, Any]] = {
    FACE: _("What citizens read"),
    PEOPLE: _("The organisation"),
    LETTERS: _("How letters are handled"),
    OUT: _("What goes out"),
    MACHINE: _("Connections and state"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the administration; `help` are some sentences for who opens it first."""

    key: str
    name: str
    group: str
    icon: str
    title: Any
    lede: Any
    who: Any
    help: Any

    @property
    def url(self) -> str:
        """The page's address."""
        return reverse(self.name)
