"""`manage try_channel mailbox|folder|email|sms [--to X] [--json]`: try a channel."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from web.desk.administration.channel_settings import NAMES
from web.desk.administration.channel_trials import try_channel


class Command(BaseCommand):
    help = "Opens the mailbox, writes into the watched folder, sends a mail or an SMS. Exit 1: no."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the channel, and whom a mail or an SMS goes to."""
        parser.add_argument("channel", choices=list(NAMES))
        parser.add_argument("--to", default="", help="an address or a number, of email and sms")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Try it, and say what came of it."""
        tried = try_channel(options["channel"], to=options["to"])
        told = json.dumps(asdict(tried), ensure_ascii=False) if options["json"] else tried.words
        self.stdout.write(told)
        if not tried.ok:
            sys.exit(1)
