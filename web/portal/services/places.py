"""Pages, no services, that people look for among these: a lost code, following a letter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from language.fold import fold


@dataclass(frozen=True, slots=True)
class Place:
    """A page, as it stands above the services that a search finds."""

    name: str
    title: Any
    summary: Any
    icon: str

    @property
    def address(self) -> str:
        """The address of the page."""
        return reverse(self.name)


LOST_CODE: Final = Place(
    "portal:lost_code",
    _("Lost your code?"),
    _("How to get the code of your letter or request again."),
    "lock",
)
FOLLOW: Final = Place(
    "portal:follow",
    _("Follow my request or letter"),
    _("Where your letter or request stands, with its number and its code."),
    "search",
)
_CODE: Final = frozenset(fold("code codes kod lcode lkod كود الكود رمز الرمز كودي رمزي").split())
_LOST: Final = frozenset(
    fold(
        "perdu perdus perdre oublie oublier egare retrouver recuperer lost lose forgot forgotten "
        "recover nsit nssit msit ضاع ضيعت ضيعته ضائع نسيت نسيته نسيان فقدت فقدان استرجاع "
        "استعادة تلفت"
    ).split()
)
_FOLLOW: Final = frozenset(
    fold("suivi suivre follow track tracking تتبع اتتبع أتتبع نتبع متابعة نتابع تتبعي").split()
)
_WORDS: Final = re.compile(r"[^\W_]+")


def places_for(asked: str) -> Iterator[Place]:
    """Yield the pages that the words of a search name, the nearest first."""
    words = set(_WORDS.findall(fold(asked)))
    if words & _LOST and words & _CODE:
        yield LOST_CODE
    elif words & _FOLLOW:
        yield FOLLOW
