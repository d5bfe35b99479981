"""The bare PATH holds what set-up installs, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

from tools.bare_path import ROOT, fill, set_up_packages


def test_the_packages_of_set_up_are_all_named() -> None:
    named = set(set_up_packages())
    wanted = {"tesseract-ocr", "gettext", "poppler-utils", "openssl", "libreoffice-writer-nogui"}
    assert wanted <= named
    assert not named & {"postgresql", "redis-server", "maven"}


def test_it_holds_programs_of_set_up_and_none_beside(tmp_path: Path) -> None:
    fill(tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert {"bash", "ls", "sed", "python", "tesseract", "msgfmt"} <= names
    assert not names & {"git", "gcc", "curl", "psql", "redis-server", "java", "mvn", "apt-get"}
    assert all(os.access(path, os.X_OK) for path in tmp_path.iterdir())


def test_its_python_is_that_of_the_run(tmp_path: Path) -> None:
    fill(tmp_path)
    code = "import django, sys; print(sys.version_info[:2])"
    done = subprocess.run(
        ["python", "-c", code],
        env={"PATH": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == str(sys.version_info[:2]), done.stderr
