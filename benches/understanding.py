"""The understanding of letters: right, sure and right when sure, and what a letter costs.

Cross-validation over the starting set split by author, and every file of letters that is kept back
from learning; then the processor time of one letter, with and without loading the model.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from language.vectors import vectors_version
from ocr.bench.processes import resident
from routing.evaluate import main as evaluate
from routing.starting_set import read_letters, starting_set
from routing.training import train
from routing.understanding import understand_text

HELD_BACK = Path(__file__).resolve().parents[1] / "tests" / "routing"


def main(arguments: Sequence[str]) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="sijill bench understanding", description=__doc__)
    parser.add_argument("files", nargs="*", help="JSONL files of letters; else the held-back ones")
    files = parser.parse_args(arguments).files
    files = files or [str(path) for path in sorted(HELD_BACK.glob("letters_held_back*.jsonl"))]
    print(f"sentence vectors: {vectors_version() or 'none'}")
    evaluate(files)
    _cost([one.text for name in files for one in read_letters(Path(name))])


def _cost(texts: Sequence[str]) -> None:
    """Processor time of understanding a letter, all fields, by a model that is loaded."""
    import os

    model = train(starting_set())
    started = time.process_time()
    for text in texts:
        understand_text(text, language="", model=model)
    spent = (time.process_time() - started) / len(texts)
    print(f"\n{1000 * spent:.0f} ms of CPU a letter; {resident(os.getpid()) / 1e6:.0f} MB resident")


if __name__ == "__main__":
    main(sys.argv[1:])
