"""`manage statement CONTRACT [--from DAY] [--to DAY] [--json | --csv FILE | --pdf FILE]`."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from eservices.bills.statement import Statement, as_json, statement_of
from eservices.bills.statement_paper import as_csv, as_pdf
from eservices.contracts.finding import contract_numbered
from eservices.money import decimal


class Command(BaseCommand):
    """The statement of account of a contract."""

    help = "Bills, credits and payments of a contract, and the balance. Amounts in MAD."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the contract, the days and the form."""
        parser.add_argument("contract", help="number of the contract")
        parser.add_argument("--from", dest="since", type=_day, help="first day, YYYY-MM-DD")
        parser.add_argument("--to", dest="until", type=_day, help="last day, YYYY-MM-DD")
        parser.add_argument("--json", action="store_true", help="opening, movements, balance")
        parser.add_argument("--csv", metavar="FILE", help="write a table")
        parser.add_argument("--pdf", metavar="FILE", help="write a paper")
        parser.add_argument("--language", choices=("ar", "fr", "en"), default="fr")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print or write the statement. Exit 2 where there is no such contract."""
        contract = contract_numbered(options["contract"])
        if contract is None:
            raise CommandError(_("There is no contract of this number."), returncode=2)
        found = statement_of(contract, since=options["since"], until=options["until"])
        if options["csv"]:
            Path(options["csv"]).write_bytes(as_csv(found, language=options["language"]))
        if options["pdf"]:
            Path(options["pdf"]).write_bytes(as_pdf(found, language=options["language"]))
        if options["json"]:
            self.stdout.write(json.dumps(as_json(found), ensure_ascii=False))
        elif not options["csv"] and not options["pdf"]:
            self._print(found)

    def _print(self, found: Statement) -> None:
        self.stdout.write(f"{'opening':<34}{decimal(found.opening):>16}")
        for one in found.movements:
            what = f"{one.on:%Y-%m-%d} {one.kind.value} {one.reference}"
            self.stdout.write(f"{what:<34}{decimal(one.amount):>16}{decimal(one.balance):>16}")
        self.stdout.write(f"{'balance':<34}{decimal(found.balance):>16}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no day, written like 2026-11-27") from error
