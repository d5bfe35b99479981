"""Services as pages show them: in one language, by need and by audience, the most used first."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext_lazy

from eservices.catalogue.publishing import Published
from eservices.requests.models import Request

# Each need with its words and its icon, in the order of the home page.
NEEDS: Final[dict[str, tuple[Any, str]]] = {
    "water": (gettext_lazy("Drinking water"), "drop"),
    "electricity": (gettext_lazy("Electricity"), "bolt"),
    "sewage": (gettext_lazy("Sewage and rainwater"), "waves"),
    "bill": (gettext_lazy("Bills and payment"), "bill"),
    "meter": (gettext_lazy("Meter and reading"), "gauge"),
    "contract": (gettext_lazy("Subscription and contract"), "contract"),
    "works": (gettext_lazy("Works and building projects"), "works"),
    "information": (gettext_lazy("Information and your rights"), "info"),
    "other": (gettext_lazy("Write to us"), "letter"),
}
AUDIENCES: Final[dict[str, tuple[Any, str]]] = {
    "person": (gettext_lazy("Private persons"), "person"),
    "company": (gettext_lazy("Companies"), "office"),
    "developer": (gettext_lazy("Developers and architects"), "works"),
    "institution": (gettext_lazy("Institutions and municipalities"), "book"),
    "association": (gettext_lazy("Associations"), "contacts"),
}
POPULAR: Final = 6
_COUNTED: Final = 500  # newest requests that say what is asked for most


@dataclass(frozen=True, slots=True)
class Card:
    """A service on a list."""

    code: str
    title: str
    summary: str
    icon: str
    needs: tuple[str, ...]
    audiences: tuple[str, ...]
    dangerous: bool

    @property
    def address(self) -> str:
        """The address of the service's page."""
        return reverse("portal:service", args=[self.code])


@dataclass(frozen=True, slots=True)
class Group:
    """Services of one need or for one audience."""

    code: str
    title: str
    icon: str
    cards: Sequence[Card]


def cards_of(types: Iterable[Published]) -> list[Card]:
    """Return the types as cards in the language of the page."""
    language = page_language()
    return [_card(one, language) for one in types]


def page_language() -> str:
    """Return the language of the page as the catalogue names it."""
    return (get_language() or "fr")[:2]


def by_need(cards: Sequence[Card]) -> list[Group]:
    """Return the needs that have services, in order; a service stands under each of its needs."""
    return _grouped(cards, NEEDS, "needs")


def by_audience(cards: Sequence[Card]) -> list[Group]:
    """Return the audiences that have services, in order."""
    return _grouped(cards, AUDIENCES, "audiences")


def popular(types: Sequence[Published], cards: Sequence[Card]) -> list[Card]:
    """Return the services requested most of late; else the first one of each need."""
    newest = Request.objects.filter(parent=None).order_by("-opened_at", "-id")
    asked = Counter(newest.values_list("service_id", flat=True)[:_COUNTED])
    counts = {one.definition.code: asked[one.version.service_id] for one in types}
    firsts = [group.cards[0] for group in by_need(cards)]
    offered = dict.fromkeys([*firsts, *cards])
    return sorted(offered, key=lambda card: -counts[card.code])[:POPULAR]


def start_address(code: str) -> str:
    """Return where the form of a service begins, "" while there are no forms."""
    try:
        return reverse("portal:service_start", args=[code])
    except NoReverseMatch:
        return ""


def _card(one: Published, language: str) -> Card:
    found = one.definition
    known = [need for need in found.needs if need in NEEDS]
    return Card(
        code=found.code,
        title=found.title.in_(language),
        summary=found.summary.in_(language),
        icon=NEEDS[known[0]][1] if known else "letter",
        needs=found.needs,
        audiences=found.audiences,
        dangerous=found.danger is not None,
    )


def _grouped(cards: Sequence[Card], names: dict[str, tuple[Any, str]], field: str) -> list[Group]:
    groups = [
        Group(code, str(title), icon, [card for card in cards if code in getattr(card, field)])
        for code, (title, icon) in names.items()
    ]
    return [group for group in groups if group.cards]
