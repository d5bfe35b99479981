"""A program of the house loads it without a search for garbage, and collects from then on."""

import subprocess
import sys

from tests.imports import ROOT

TOLD = "import gc; print(gc.isenabled(), gc.get_freeze_count() > 100_000)"


def test_garbage_is_collected_once_all_is_loaded() -> None:
    command = [sys.executable, str(ROOT / "manage.py"), "shell", "--no-imports", "-c", TOLD]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["True", "True"], done.stderr
