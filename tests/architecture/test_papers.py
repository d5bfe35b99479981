"""What is promised on paper stands there: settings, migrations, catalogues.

Map and translations: the checks `map` and `translations` of `./sijill check`.
"""

import re
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.architecture.test_house import ROOT, modules, name_of
from tools.check import HOUSE

READERS = re.compile(r'env\.(?:text|flag|whole|words)\(\s*"([A-Z_]+)"')


def settings_read() -> set[str]:
    """Every variable that the code reads through config/env.py."""
    return {
        name for path in modules() for name in READERS.findall(path.read_text(encoding="utf-8"))
    }


def test_every_setting_is_documented() -> None:
    said = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    missing = sorted(name for name in settings_read() if f"`{name}" not in said)
    assert not missing, f"docs/settings.md says nothing of {missing}"


def test_no_setting_is_documented_that_nobody_reads() -> None:
    said = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\|\s*`([A-Z][A-Z_]+)", said, flags=re.MULTILINE))
    read = settings_read()
    unread = {n for n in rows if n not in read and n.removesuffix("_FILE") not in read}
    code = "\n".join(p.read_text(encoding="utf-8") for p in [*modules(), ROOT / "sijill"])
    assert not {name for name in unread if name not in code}


def test_only_one_file_reads_the_environment() -> None:
    """Beside config/env.py: entry points that name the settings module, and child processes."""
    readers = {
        name_of(path)
        for path in modules()
        if re.search(r"os\.(environ|getenv)", path.read_text(encoding="utf-8"))
    }
    allowed = {"config/env.py", "config/celery.py", "config/wsgi.py", "config/starting.py"}
    allowed |= {"config/signer_process.py", "signer/given.py", "signer/words.py"}
    # Their child processes are given an environment, or read the one that is made for them.
    allowed |= {"config/backup/database.py", "config/backup/checking.py"}
    allowed |= {"sandbox/process.py", "sandbox/walls.py"}
    children = {name for name in readers if name.startswith("ocr/")}
    commands = {
        name for name in readers if "/management/" in name or name.startswith("config/demo")
    }
    assert readers <= allowed | children | commands


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def catalogues() -> list[Path]:
    return [p for name in HOUSE for p in (ROOT / name).rglob("locale/*/LC_MESSAGES/*.po")]


@pytest.mark.parametrize("path", catalogues(), ids=name_of)
def test_a_catalogue_is_sound(path: Path) -> None:
    """Its placeholders agree with the text's, and no entry is fuzzy."""
    done = subprocess.run(
        # To the output: as root msgfmt would remove a device that it is told to write into.
        ["msgfmt", "--check-format", "--output-file=-", str(path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "#, fuzzy" not in path.read_text(encoding="utf-8")
