"""The model that a new office begins with: trained on the starting set once, by set-up.

`python -m understanding.learning.first_model make` puts it beside the virtual environment, `check`
says by its exit status whether it is there. `calibrate` writes what the cross-validation of the
starting set fits to a file of the program, after a change of its letters or of what learns from
them; while the file is that of the set, `make` leaves the cross-validation out. Needs no Django.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import Final

from understanding.learning.classification import Model
from understanding.learning.figures import Figures
from understanding.learning.fingerprints import fingerprint
from understanding.learning.model_file import ForeignModelError, load, ready_model, save
from understanding.learning.training import Calibration, train
from understanding.starting_set import learning_set
from understanding.starting_set.examples import Example

FOLDER: Final = Path(__file__).resolve().parents[2] / ".venv" / "understanding"
MANY: Final = 500  # letters: for fewer a second process takes longer to start than it saves
CALIBRATIONS: Final = Path(__file__).resolve().parents[1] / "starting_set" / "calibrations.json"
_log = logging.getLogger(__name__)


@cache
def first_model(spare: Path) -> Model:
    """Return the model of the starting set, cached per process.

    Where set-up has made none (or other code has), it is trained here and kept at `spare`:
    seconds. Raise OSError where `spare` can't be written.
    """
    examples = learning_set()
    version = fingerprint(examples)
    if (made := _made(version)) is not None:
        return made
    _log.info("no model from set-up: learning from the starting set")
    learn = partial(train, calibrations=known_calibrations(version))
    return ready_model(spare, examples=examples, train=learn, version=version)


def make(folder: Path | None = None, *, examples: Sequence[Example] | None = None) -> Path:
    """Train on the starting set unless that is done; remove models of other sets or code.

    Two at once both learn the same, and the last file stands. Raise OSError where `folder` can't
    be written.
    """
    folder = folder or FOLDER
    examples = learning_set() if examples is None else examples
    version = fingerprint(examples)
    path = _path(folder, version)
    if _made(version, folder) is None:
        known = known_calibrations(version)
        save(train(examples, calibrations=known, two_cores=len(examples) > MANY), path)
        path.chmod(0o644)  # in an image the office runs as another user
    for other in folder.glob("*.model"):
        if other != path:
            other.unlink(missing_ok=True)
    return path


def calibrate(path: Path = CALIBRATIONS, *, examples: Sequence[Example] | None = None) -> Model:
    """Cross-validate the starting set, keep what that fits at `path`, and return the model."""
    model = train(learning_set() if examples is None else examples)
    questions = {
        field: {
            "temperature": head.temperature,
            "rule_weight": head.rule_weight,
            "threshold": head.threshold,
            "figures": model.figures[field].plain(),
        }
        for field, head in model.heads.items()
    }
    kept = {"fingerprint": model.version, "questions": questions}
    path.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    return model


def known_calibrations(version: str, path: Path = CALIBRATIONS) -> dict[str, Calibration] | None:
    """Return what `calibrate` kept of letters and code of this fingerprint, by question.

    Return None where it is of others, or cannot be read: they are fitted anew then.
    """
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["fingerprint"] != version:
            return None
        return {
            field: Calibration(
                one["temperature"], one["rule_weight"], one["threshold"], Figures(**one["figures"])
            )
            for field, one in kept["questions"].items()
        }
    except (OSError, ValueError, KeyError, TypeError):
        _log.warning("what is kept of the cross-validation cannot be read")
        return None


def _path(folder: Path, version: str) -> Path:
    return folder / f"{version}.model"


def _made(version: str, folder: Path | None = None) -> Model | None:
    try:
        return load(_path(folder or FOLDER, version), version=version)
    except (ForeignModelError, OSError):
        return None


def main(arguments: Sequence[str]) -> int:
    """Run `make`, which trains where needed, `calibrate`, or `check`, which exits 1 for `make`."""
    if list(arguments) == ["make"]:
        make()
        return 0
    if list(arguments) == ["calibrate"]:
        calibrate()
        return 0
    if list(arguments) == ["check"]:
        return 0 if _made(fingerprint(learning_set())) else 1
    sys.stderr.write("usage: python -m understanding.learning.first_model make|check|calibrate\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
