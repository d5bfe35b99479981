"""`manage sim_nestpay [--port N]`: a simulated bank for cards, as a process of its own."""

import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from eservices.payments import address

PROGRAM = Path(address.__file__).with_name("simulated_nestpay.py")


class Command(BaseCommand):
    """Become the simulated gateway, for whom PAYMENT_URL names where it stands on this machine."""

    help = "Run a simulated NestPay gateway for a demo: no card is charged."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the port, by default that of PAYMENT_URL, else 8099."""
        parser.add_argument("--port", type=int)
        parser.add_argument("--late", type=float, default=20.0, help="seconds of a late call")

    def handle(self, *args: Any, **options: Any) -> None:
        """Replace this process by the program, which shares no code with the office."""
        given = ["--late", str(options["late"])]
        port = options["port"] or 8099
        if settings.PAYMENT_URL:
            known = address.read_address(settings.PAYMENT_URL)
            port = options["port"] or int(known.origin.rpartition(":")[2])
            given += ["--client", known.client, "--key", known.key]
            if known.user:
                given += ["--user", known.user, "--password", known.password]
        else:
            self.stderr.write(
                "PAYMENT_URL is not set; for the office: PAYMENT_URL="
                f"nestpay://600000001:TEST1234@127.0.0.1:{port}/fim/est3Dgate?tls=no"
                "&user=programs&password=programs"
            )
        sys.stdout.flush()
        command = [sys.executable, str(PROGRAM), "--port", str(port), *given]
        os.execv(sys.executable, command)  # noqa: S606 - our own program, without a shell
