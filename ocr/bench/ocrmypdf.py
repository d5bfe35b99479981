"""OCRmyPDF for the benchmark alone: the system's, else its wheel in a separate environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from ocr.engines.tessdata import ROOT

VERSION = "17.13.0"
_INSTALL_SECONDS = 600


def program() -> Path:
    """Return the command; install it into DATA_DIR/cache/bench when it is first requested.

    Raise FileNotFoundError where it can't be had.
    """
    found = shutil.which("ocrmypdf")
    if found:
        return Path(found)
    folder = Path(os.environ.get("DATA_DIR") or ROOT / "var") / "cache" / "bench"
    installed = folder.absolute() / f"ocrmypdf-{VERSION}" / "bin" / "ocrmypdf"
    if not installed.is_file():
        print(f"Installing OCRmyPDF {VERSION} for this bench …", file=sys.stderr, flush=True)
        _install(installed.parent.parent)
    return installed


def _install(folder: Path) -> None:
    commands = (
        [sys.executable, "-m", "venv", str(folder)],
        [str(folder / "bin" / "pip"), "install", "--quiet", f"ocrmypdf=={VERSION}"],
    )
    try:
        for command in commands:
            subprocess.run(command, check=True, timeout=_INSTALL_SECONDS, stdout=sys.stderr)
    except (OSError, subprocess.SubprocessError):
        shutil.rmtree(folder, ignore_errors=True)
        raise FileNotFoundError(f"OCRmyPDF {VERSION} could not be installed") from None
