"""`manage mandates list|confirm|refuse [ID] [--by USERNAME] [--json]`: citizens' mandates."""

import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from eservices.people import mandates
from eservices.people.models import Mandate
from org.models import User


class Command(BaseCommand):
    """List the mandates that wait; confirm or refuse one as a member of the staff."""

    help = "list the mandates of citizens that wait, confirm or refuse one"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the action, the mandate's id, and who decides."""
        parser.add_argument("action", choices=["list", "confirm", "refuse"])
        parser.add_argument("id", nargs="?", type=UUID)
        parser.add_argument("--by", default="", metavar="USERNAME")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the action. Raise CommandError (exit 2) where it cannot be done."""
        if options["action"] == "list":
            self._list(as_json=options["json"])
            return
        actor = User.objects.filter(username=options["by"], is_active=True).first()
        if actor is None:
            raise CommandError(_("There is nobody of this name."), returncode=2)
        if options["id"] is None:
            raise CommandError(_("Say which mandate: its id is listed."), returncode=2)
        confirm = options["action"] == "confirm"
        do = mandates.confirm_by_staff if confirm else mandates.refuse_by_staff
        try:
            done = do(options["id"], actor=actor)
        except (PermissionError, mandates.MandateError) as error:
            raise CommandError(str(error), returncode=2) from error
        if not done:
            raise CommandError(_("No such mandate waits."), returncode=2)
        self.stdout.write(str(options["id"]))

    def _list(self, *, as_json: bool) -> None:
        rows = mandates.waiting().select_related("agent").order_by("made_at", "id")
        told = [_row(row) for row in rows.iterator()]
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        for row in told:
            self.stdout.write("\t".join([row["id"], row["agent"], row["for"], row["made_at"]]))


def _row(row: Mandate) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "agent": row.agent.name,
        "for": row.named,
        "services": row.services,
        "contracts": row.contracts,
        "until": row.until.isoformat() if row.until else None,
        "proof": row.proof_name,
        "made_at": row.made_at.isoformat(timespec="seconds"),
    }
