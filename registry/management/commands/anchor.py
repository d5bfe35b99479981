"""`manage anchor [--list] [--json]`: queue anchors of the register's checkpoint, or list them."""

import json
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from registry.models.anchors import Anchor
from registry.proof import anchor_channels
from registry.proof.anchoring import anchor_now
from registry.proof.checkpoints import current

_LISTED: Final = 100


class Command(BaseCommand):
    """Anchor the newest checkpoint now."""

    help = "Ask for an anchor of the newest checkpoint in every place; --list: the newest anchors."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --list and --json."""
        parser.add_argument("--list", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Queue them; exit 2 where no place is named or no signer answers."""
        if options["list"]:
            self._tell(list(Anchor.objects.all()[:_LISTED]), options["json"])
            return
        if not anchor_channels.configured_channels():
            raise CommandError(
                _("Set TIMESTAMP_URL, ANCHOR_URL, ANCHOR_WITNESSES or WITNESS_URLS first."),
                returncode=2,
            )
        point = current()
        if point is None:
            words = _("The signer does not answer, or has signed nothing yet.")
            raise CommandError(words, returncode=2)
        with transaction.atomic():
            anchor_now(point)
        self._tell(list(Anchor.objects.filter(size=point.size)), options["json"])

    def _tell(self, anchors: list[Anchor], as_json: bool) -> None:
        rows = [
            {"size": a.size, "root": a.root, "way": a.way, "place": a.place, "state": a.state}
            | {"why": a.why}
            for a in anchors
        ]
        if as_json:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write(" ".join(str(value) for value in row.values() if value != ""))
