"""`manage sim_bank [--port N]`: a simulated bank with a page like a banking app.

A process of its own that shares no code with the office and speaks to it by the biller API alone.
"""

import os
import sys
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections, transaction
from django.utils.translation import gettext as _

from eservices.bank.keys import make_secret
from eservices.bank.models import BankPartner
from eservices.bank.partners import add_partner, set_active

PARTNER: Final = "SIMBANK"
PROGRAM: Final = "samples.banking_app"


class Command(BaseCommand):
    """Start the simulated bank; without a secret it gets one here, never in production."""

    help = "start a simulated bank that pays over the biller API"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where the office is, where the bank listens, and who it is."""
        parser.add_argument("--url", default="", help="the office; this one if unsaid")
        parser.add_argument("--port", type=int, default=8090, help="0: any free one")
        parser.add_argument("--partner", default="", help="with --secret, or SIM_BANK_SECRET")
        parser.add_argument("--secret", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Become the bank's process. Raise CommandError (exit 2) where it has no secret."""
        secret = options["secret"] or os.environ.get("SIM_BANK_SECRET", "")
        partner = options["partner"]
        if not (partner and secret):
            partner, secret = self._own(partner)
        address = options["url"] or f"http://127.0.0.1:{settings.PORT}"
        command = [sys.executable, "-m", PROGRAM, "--address", address, "--partner", partner]
        connections.close_all()
        os.chdir(settings.ROOT)
        os.execve(  # noqa: S606 - our own program, without a shell
            sys.executable,
            [*command, "--port", str(options["port"])],
            {**os.environ, "SIM_BANK_SECRET": secret},
        )

    def _own(self, partner: str) -> tuple[str, str]:
        """Return a partner of this office and a secret of its own, made now."""
        if settings.PRODUCTION or partner:
            words = _("Say --partner and --secret: they are made by “manage bank_partner add”.")
            raise CommandError(words, returncode=2)
        with transaction.atomic():
            row = BankPartner.objects.filter(code=PARTNER).first()
            if row is None:
                row, secret = add_partner(PARTNER, _AGREED, by=None)
                return row.code, secret
            if not row.active:
                set_active(row, active=True, by=None)
            return row.code, make_secret(row, by=None)


_AGREED: Final = {"name": "Banque Atlas (simulée)", "fee_fixed": "1.50"}
