"""`manage retrain_model [--use VERSION] [--json]`: learn from people's decisions, or go back."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from registry import states
from routing.acting import errors
from routing.training import model_choice, office_training
from understanding.models.versions import ModelVersion


class Command(BaseCommand):
    """Train a candidate now, in this process; or bring an earlier version back."""

    help = "Learn from what people decided; the new version is used only if it is not worse."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --use VERSION ("first": the bundled letters' model) and --json."""
        parser.add_argument("--use", metavar="VERSION", help='a version, or "first"')
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 whether or not the candidate was accepted, 1 where a version cannot be used."""
        if options["use"]:
            self._use(options["use"])
            answer: dict[str, Any] = {"version": options["use"], "state": "live"}
        else:
            row = office_training.retrain_now()
            answer = _as_json(row) if row else {"version": None, "state": "nothing_new"}
        if options["json"]:
            self.stdout.write(json.dumps(answer))
        else:
            self.stdout.write(", ".join(f"{name}: {value}" for name, value in answer.items()))

    def _use(self, version: str) -> None:
        try:
            model_choice.use_version(version, actor=None)
        except errors.NotAllowedError as error:
            raise CommandError(str(error)) from error
        except states.ConflictError as error:
            raise CommandError(_("Another version was chosen at the same moment.")) from error


def _as_json(row: ModelVersion) -> dict[str, Any]:
    return {
        "version": row.version,
        "state": row.state,
        "reason": row.reason,
        "bundled_letters": row.bundled_letters,
        "office_letters": row.office_letters,
        "figures": row.figures,
        "rival": row.rival,
        "rival_figures": row.rival_figures,
        "office_figures": row.office_figures,
        "office_rival_figures": row.office_rival_figures,
    }
