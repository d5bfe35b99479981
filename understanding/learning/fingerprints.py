"""What a model was made of: which code sees a letter's words, and which letters taught it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from language.vectors import vectors_version
from understanding.starting_set.examples import Example

_HOUSE: Final = Path(__file__).resolve().parents[2]
# What a letter's features, and so the meaning of a model's weights, hang on.
_SEEN_BY: Final = (
    *("language/fold.py", "language/stems.py", "language/arabic.py", "language/arabic_words.py"),
    *("language/words.py", "language/vectors.py", "understanding/learning/classification.py"),
    *("understanding/learning/combining.py", "understanding/learning/lexicon.py"),
    *("understanding/learning/lexicon_rules.py", "understanding/learning/lexicon_topics.py"),
)
_LEARNT_BY: Final = (
    *("training.py", "letter_matrix.py", "letter_space.py", "cross_validation.py"),
    *("calibrating.py", "figures.py"),
)


@cache
def _digest_of(names: tuple[str, ...]) -> str:
    """Read once a process: what runs is what stood there when it started."""
    digest = hashlib.sha256()
    for name in names:
        digest.update((_HOUSE / name).read_bytes())
    return digest.hexdigest()


def code_version() -> str:
    """A model can only be used by the code whose features it has learnt.

    A model learnt with sentence vectors is of no use without them, and the reverse.
    """
    seen = hashlib.sha256(f"{vectors_version()} {_digest_of(_SEEN_BY)}".encode())
    return seen.hexdigest()[:16]


def fingerprint(examples: Sequence[Example]) -> str:
    """These letters with these answers, learnt by this very code; whatever their order."""
    learnt_by = tuple(f"understanding/learning/{name}" for name in _LEARNT_BY)
    digest = hashlib.sha256(f"{code_version()} {_digest_of(learnt_by)}".encode())
    rows = sorted((o.ident, o.text, o.kind, o.department, o.author, o.office) for o in examples)
    digest.update(json.dumps(rows).encode())
    return digest.hexdigest()[:16]
