"""python -m tests.upgrades VERSION: keep an office of this code as that of a release.

Run beside a PostgreSQL, since the schema is kept of both databases:

    python -m tests.services run --postgres -- python -m tests.upgrades 0.2.0
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.upgrades.dump import FOLDER, Release, keep_office


def main(arguments: Sequence[str]) -> int:
    """Write the folder of the release; 2 where it exists or no PostgreSQL is there."""
    parser = argparse.ArgumentParser(prog="python -m tests.upgrades", description=__doc__)
    parser.add_argument("version")
    parser.add_argument("--schema", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.schema:
        _keep_schema(asked.schema)
        return 0
    folder = FOLDER / asked.version
    if not re.fullmatch(r"\d+(\.\d+)+", asked.version) or folder.exists():
        print(f"{folder} exists, or {asked.version} is no version", file=sys.stderr)
        return 2
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        print("no PostgreSQL: python -m tests.services run --postgres -- …", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="sijill-release-") as made:
        command = [sys.executable, "-m", "tests.upgrades", asked.version, "--schema", made]
        for database in (os.environ["DATABASE_URL"], ""):
            with tempfile.TemporaryDirectory(prefix="sijill-release-") as data:
                environment = os.environ | _settings(data, database)
                subprocess.run(command, env=environment, check=True)
        shutil.copytree(made, folder)
    print(f"{folder} is written; check it in")
    return 0


def _settings(data: str, database: str) -> dict[str, str]:
    names = ("SEARCH_URL", "BROKER_URL", "VAULT_URL", "CLAMD_URL", "EMAIL_URL", "MAILBOX_URL")
    return dict.fromkeys(names, "") | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": data,
        "DATABASE_URL": database,
        "JOB_DELIVERY": "none",
        "LANGUAGE_CODE": "fr",
        "TIME_ZONE": "Africa/Casablanca",
        "MEANING": "no",
    }


def _keep_schema(folder: Path) -> None:
    """Keep the schema of this process's database, and the office where it is SQLite."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.upgrades.office import build
    from tests.upgrades.schema import schema_of

    call_command("migrate", verbosity=0, interactive=False)
    Release(folder).schema_file(connection.vendor).write_text(schema_of(connection))
    if connection.vendor == "sqlite":
        keep_office(folder, told=build())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
