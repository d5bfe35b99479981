"""`manage read_archive_package PATH… [--json]`: prove that packages for the archives are whole."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.disposal.package_reading import NotAPackageError, read_package


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
                raise CommandError(f"{path} is no package: {error}", returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            for name, wrong in found.items():
                for line in wrong or ["whole"]:
                    self.stdout.write(f"{name}: {line}")
        if any(found.values()):
            sys.exit(1)
