"""What an export holds, in words: of a search, a list of work, a register, a person."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from figures.sheets import list_of_address
from registry.book.register_book import book_of
from search.exports.models import Export
from search.services import SearchRequest
from web.desk.chips import Chip
from web.desk.figures.filter import address_of
from web.desk.figures.lists import TITLES
from web.desk.find.facets import Names, chips_of

PAGES = {
    "backlog": "desk:backlog",
    "due": "desk:due_list",
    "refusals": "desk:refusals",
    "outcomes": "desk:outcomes",
}


@dataclass(frozen=True, slots=True)
class ExportContents:
    """The contents of an export: in words, with chips, and the page where it was requested."""

    words: str
    chips: list[Chip]
    link: str
    search: str | None


def contents_of(export: Export, names: Names) -> ExportContents:
    """Describe what an export holds, in the current language."""
    if export.source == Export.Source.SEARCH:
        asked = SearchRequest.of_address(export.address)
        link = f"{reverse('desk:search')}?{asked.address()}"
        return ExportContents(
            asked.words or _("All letters"), chips_of(asked, names), link, asked.address()
        )
    if export.source == Export.Source.BOOK:
        book = book_of(export.address)
        words = _("Register %(register)s · %(period)s")
        shown: dict[str, Any] = {"register": book.register, "period": book.period}
        return ExportContents(words % shown, [], reverse("desk:book"), None)
    if export.source == Export.Source.PERSON:
        return ExportContents(_("Data of a person"), [], reverse("desk:printouts"), None)
    work = list_of_address(export.source, export.address)
    link = f"{reverse(PAGES[export.source])}?{address_of(work)}"
    return ExportContents(f"{TITLES[export.source]} {work.department}".strip(), [], link, None)
