"""`manage rules --export FILE | --import FILE [--json]`: carry routing rules to another office."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from org.file_errors import file_error
from routing.acting.errors import NotAllowedError
from routing.rules.editing import import_rules
from routing.rules.format import BadRuleError, plain_rule
from routing.rules.reading import listed_rules

FORM: Final = "sijill.rules/1"
MOST_BYTES: Final = 5_000_000
_TOLD: Final = {
    "created": gettext_lazy("Rules added: %(n)d"),
    "changed": gettext_lazy("Rules written anew: %(n)d"),
    "same": gettext_lazy("Rules that are so already: %(n)d"),
}


class Command(BaseCommand):
    """Write all rules into a file, or import those of a file."""

    help = (
        "Write the routing rules into a JSON file, or take a file's rules over: known titles are "
        "written anew, others are added, all or none."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the two exclusive options; "-" is standard output."""
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--export", metavar="FILE")
        which.add_argument("--import", metavar="FILE", dest="source", type=Path)
        parser.add_argument("--json", action="store_true", help="tell what was done as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export or import the rules.

        Exit 1 with the reason where a file's rules cannot be taken, then nothing was changed; 2
        where the file cannot be read or written.
        """
        if options["export"]:
            self._export(options["export"])
        else:
            self._import(options["source"], as_json=options["json"])

    def _export(self, target: str) -> None:
        rules = [{**plain_rule(rule), "position": rule.position} for rule in listed_rules()]
        text = json.dumps({"form": FORM, "rules": rules}, ensure_ascii=False, indent=2)
        if target == "-":
            self.stdout.write(text)
        else:
            try:
                Path(target).write_text(f"{text}\n", encoding="utf-8")
            except OSError as error:
                words = _("%(file)s cannot be written: %(reason)s.")
                told = {"file": target, "reason": file_error(error)}
                raise CommandError(words % told, returncode=2) from error
            words = _("Rules written to %(file)s: %(n)d")
            self.stderr.write(words % {"file": target, "n": len(rules)})

    def _import(self, source: Path, *, as_json: bool) -> None:
        try:
            told = import_rules(_read(source), actor=None)
        except BadRuleError as error:
            words = _("No rule was taken over: %(why)s")
            raise CommandError(words % {"why": error}) from error
        except NotAllowedError as error:
            raise CommandError(str(error)) from error
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            for what, titles in told.items():
                self.stdout.write(_TOLD[what] % {"n": len(titles)})


def _read(source: Path) -> list[dict[str, Any]]:
    """Read the rules of a file: a list, or an object with the list under "rules"."""
    try:
        if source.stat().st_size > MOST_BYTES:
            raise CommandError(_("The file is too large to hold rules."))
        content = json.loads(source.read_text(encoding="utf-8"))
    except OSError as error:
        words = _("%(file)s cannot be read: %(reason)s.")
        told = {"file": source, "reason": file_error(error)}
        raise CommandError(words % told, returncode=2) from error
    except UnicodeDecodeError as error:
        raise CommandError(_("The file is no text in UTF-8."), returncode=2) from error
    except (ValueError, RecursionError) as error:
        words = _("The file is no JSON: its line %(n)d cannot be read.")
        told = {"n": getattr(error, "lineno", 1)}
        raise CommandError(words % told, returncode=2) from error
    rules = content.get("rules") if isinstance(content, dict) else content
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise CommandError(_("The file holds no list of rules."))
    return rules
