"""`manage bank_partner add|rotate|list|stop|start [CODE] [--json]`: partners of the biller API."""

import json
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.bank.keys import live_secrets, make_secret
from eservices.bank.models import BankPartner
from eservices.bank.partners import add_partner, set_active
from eservices.money import decimal
from org.errors import BadOrganisationError

_VALUES: Final = ("name", "most_a_payment", "most_a_day", "calls_a_minute", "fee_fixed", "fee_rate")


class Command(BaseCommand):
    """Add a partner, make a new secret of one, list them, stop one or let it in again."""

    help = "add a partner of the biller API, rotate its secret, list partners, stop or start one"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the action, the partner's code, and what is agreed with a new one."""
        parser.add_argument("action", choices=["add", "rotate", "list", "stop", "start"])
        parser.add_argument("code", nargs="?", default="")
        parser.add_argument("--name", default="")
        parser.add_argument(
            "--rights", help=f"some of {','.join(BankPartner.Right.values)}; all if unsaid"
        )
        parser.add_argument("--most-a-payment", metavar="MAD", help="0: no limit")
        parser.add_argument("--most-a-day", metavar="MAD", help="0: no limit")
        parser.add_argument("--calls-a-minute", metavar="N", help="0: no limit")
        parser.add_argument("--fee-fixed", metavar="MAD", help="of each posting")
        parser.add_argument("--fee-rate", metavar="PERCENT", help="of a posting's amount")
        parser.add_argument(
            "--at-once", action="store_true", help="rotate: the secrets before end now"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the action. Raise CommandError (exit 2) where it cannot be done."""
        action = options["action"]
        if action == "list":
            self._list(as_json=options["json"])
            return
        if not options["code"]:
            raise CommandError(_("Say which partner, by its code."), returncode=2)
        if action == "add":
            self._add(options)
        else:
            self._on_partner(action, options)

    def _add(self, options: dict[str, Any]) -> None:
        values = {name: options[name] for name in _VALUES}
        if options["rights"] is not None:
            values["rights"] = [one.strip() for one in options["rights"].split(",") if one.strip()]
        try:
            row, secret = add_partner(options["code"], values, by=None)
        except BadOrganisationError as error:
            raise CommandError(str(error), returncode=2) from error
        self._tell_secret(row, secret, as_json=options["json"])

    def _on_partner(self, action: str, options: dict[str, Any]) -> None:
        row = BankPartner.objects.filter(code=options["code"]).first()
        if row is None:
            raise CommandError(_("There is no such partner."), returncode=2)
        if action == "rotate":
            secret = make_secret(row, by=None, at_once=options["at_once"])
            self._tell_secret(row, secret, as_json=options["json"])
            return
        row = set_active(row, active=action == "start", by=None)
        told = {"partner": row.code, "active": row.active}
        self.stdout.write(json.dumps(told) if options["json"] else row.code)

    def _tell_secret(self, row: BankPartner, secret: str, *, as_json: bool) -> None:
        told = {"partner": row.code, "secret": secret}
        self.stdout.write(json.dumps(told) if as_json else f"{row.code}\t{secret}")

    def _list(self, *, as_json: bool) -> None:
        rows = [_row(row) for row in BankPartner.objects.order_by("code")]
        if as_json:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in rows:
            told = [row["partner"], "active" if row["active"] else "stopped", row["name"]]
            self.stdout.write("\t".join([*told, ",".join(row["rights"])]))


def _row(row: BankPartner) -> dict[str, Any]:
    secrets = live_secrets().filter(partner=row)
    return {
        "partner": row.code,
        "name": row.name,
        "active": row.active,
        "rights": row.rights,
        "most_a_payment": decimal(row.most_a_payment),
        "most_a_day": decimal(row.most_a_day),
        "calls_a_minute": row.calls_a_minute,
        "fee_fixed": decimal(row.fee_fixed),
        "fee_rate": str(row.fee_rate),
        "secrets": [
            {
                "made_at": timezone.localtime(one.made_at).isoformat(timespec="seconds"),
                "ends_at": one.ends_at
                and timezone.localtime(one.ends_at).isoformat(timespec="seconds"),
            }
            for one in secrets
        ],
    }
