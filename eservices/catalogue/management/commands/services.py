"""`manage services [--json]`: what is published: titles, pieces, fee, terms, address."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from eservices.catalogue.definition import Definition, Term
from eservices.catalogue.described import address_of, row_of
from eservices.catalogue.publishing import Published, published_types


class Command(BaseCommand):
    """List the services that citizens find today, in the order of the catalogue."""

    help = "The services that are published today; --json: one list, texts in three languages."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --json."""
        parser.add_argument("--json", action="store_true", help="one JSON list on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them."""
        found = published_types()
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(one) for one in found], ensure_ascii=False))
            return
        for one in found:
            self._tell(one.definition)

    def _tell(self, service: Definition) -> None:
        language = (get_language() or "fr")[:2]
        pieces = ", ".join(piece.title.in_(language) for piece in service.pieces)
        fee = service.fee.words.in_(language) if service.fee else _("free of charge")
        self.stdout.write(f"{service.code}  {service.title.in_(language)}")
        term = _in_words(service.term, language)
        self.stdout.write("    " + _("Pieces: %(pieces)s") % {"pieces": pieces or "—"})
        self.stdout.write("    " + _("Fee: %(fee)s") % {"fee": fee})
        self.stdout.write("    " + _("Term: %(term)s") % {"term": term})
        self.stdout.write(f"    {address_of(service.code)}")


def _as_json(one: Published) -> dict[str, Any]:
    row = row_of(one.definition)
    row["titles"] = row.pop("title")
    for piece in row["pieces"]:
        piece["titles"] = piece.pop("title")
    start, end = one.version.published_from, one.version.published_to
    return {
        **row,
        "version": one.version.version,
        "published_from": start.isoformat() if start else None,
        "published_to": end.isoformat() if end else None,
    }


def _in_words(term: Term, language: str) -> str:
    if term.words:
        return term.words.in_(language)
    days = term.norm_days or term.legal_days
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days} if days else "—"
