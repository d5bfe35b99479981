"""`manage read_archive_package PATH… [--json]`: prove that packages for the archives are whole."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from org.file_errors import file_error
from registry.disposal.package_reading import NotAPackageError, read_package

# What `read_package` finds, by the beginning of its lines, which programs read.
_WORDS: Final = {
    "missing": gettext_lazy("the file is missing"),
    "changed": gettext_lazy("its content was changed"),
    "other size": gettext_lazy("it has another size"),
    "no SHA-256": gettext_lazy("no SHA-256 is named for it"),
    "not in METS": gettext_lazy("METS.xml does not name it"),
    "METS names no file": gettext_lazy("METS.xml names no file"),
}


class Command(BaseCommand):
    """Hash every file of packages again and compare with what their METS says."""

    help = "Exit 1: a file is missing, changed or not named; 2: no such package."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the packages."""
        parser.add_argument("packages", nargs="+", type=Path)
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print what is wrong, a line each, or that all is whole."""
        found: dict[str, list[str]] = {}
        for path in options["packages"]:
            try:
                found[str(path)] = list(read_package(path))
            except (OSError, NotAPackageError) as error:
                words = _("%(file)s is not a package: %(reason)s.")
                told = {"file": path, "reason": _reason(error)}
                raise CommandError(words % told, returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            for name, wrong in found.items():
                lines = [_in_words(one) for one in wrong] or [_("the package is whole")]
                self.stdout.write("\n".join(f"{name}: {line}" for line in lines))
        if any(found.values()):
            sys.exit(1)


def _in_words(line: str) -> str:
    """Return a line of `read_package` in the person's language, the file first."""
    what, _colon, file = line.partition(": ")
    words = str(_WORDS[what])
    return f"{file}: {words}" if file else words


def _reason(error: OSError | NotAPackageError) -> str:
    if isinstance(error, OSError):
        return file_error(error)
    return _("it is no ZIP file with a METS.xml that can be read")
