"""The cost of understanding one letter: CPU with and without sentence vectors, and memory.

`python -m benches._understanding_cost MODEL VERSION` reads letters as JSON from stdin, so that the
figures include neither training nor reading.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ocr.bench.processes import resident
from understanding.learning.classification import Model
from understanding.learning.model_file import load
from understanding.letters.understanding import understand_text


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds of a letter, the median and the slowest, and resident bytes."""

    without_vectors: float
    with_vectors: float
    slowest: float
    bytes_without: int
    bytes_with: int

    def line(self) -> str:
        """Return one line for people."""
        return (
            f"a letter: {1000 * self.without_vectors:.0f} ms of CPU without vectors, "
            f"{1000 * self.with_vectors:.0f} ms with (slowest {1000 * self.slowest:.0f} ms); "
            f"memory {self.bytes_without / 1e6:.0f} MB without, {self.bytes_with / 1e6:.0f} MB with"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


def measured(model: Path, version: str, texts: Sequence[str]) -> Cost:
    """Return the cost of understanding each of `texts`, measured in a fresh process."""
    answer = subprocess.run(
        [sys.executable, "-m", "benches._understanding_cost", str(model), version],
        input=json.dumps(list(texts)),
        capture_output=True,
        text=True,
        check=True,
    )
    return Cost(**json.loads(answer.stdout))


def main(arguments: Sequence[str]) -> None:
    """Measure in this process, and answer as JSON."""
    model = load(Path(arguments[0]), version=arguments[1])
    texts = json.load(sys.stdin)
    bare = without_vectors(model)
    plain = _seconds(texts, bare)
    memory = resident(os.getpid())
    full = _seconds(texts, model)
    cost = Cost(_median(plain), _median(full), max(full), memory, resident(os.getpid()))
    print(json.dumps(cost.to_dict()))


def without_vectors(model: Model) -> Model:
    """Return the same model without its sentence vectors, as where the package is absent."""
    heads = {
        field: replace(head, vector_weights=head.vector_weights[:, :0])
        for field, head in model.heads.items()
    }
    return replace(model, heads=heads)


def _seconds(texts: Sequence[str], model: Model) -> list[float]:
    understand_text(texts[0], language="", model=model)  # what is loaded once is no letter's cost
    spent = []
    for text in texts:
        started = time.process_time()
        understand_text(text, language="", model=model)
        spent.append(time.process_time() - started)
    return spent


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


if __name__ == "__main__":
    main(sys.argv[1:])
