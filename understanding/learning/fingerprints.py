"""What a model was made of: the code that computes its features, and its training letters."""

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
# What a letter's features, and so the meaning of a model's weights, depend on.
_SEEN_BY: Final = (
    *("language/fold.py", "language/stems.py", "language/arabic.py", "language/arabic_words.py"),
    *("language/words.py", "language/vectors.py", "understanding/learning/classification.py"),
    *("language/given_names.py", "language/towns.py", "understanding/learning/frame.py"),
    *("understanding/learning/combining.py", "understanding/learning/lexicon.py"),
    *("understanding/learning/lexicon_rules.py", "understanding/learning/lexicon_topics.py"),
)
_LEARNT_BY: Final = (
    *("training.py", "letter_matrix.py", "letter_space.py", "cross_validation.py"),
    *("calibrating.py", "figures.py"),
)


@cache
def _digest_of(names: tuple[str, ...]) -> str:
    """Return the digest of source files, read once a process: the code as it was at start."""
    digest = hashlib.sha256()
    for name in names:
        digest.update((_HOUSE / name).read_bytes())
    return digest.hexdigest()


def code_version() -> str:
    """Return the version of the feature code, without which its models are unusable.

    A model trained with sentence vectors is of no use without them, and the reverse.
    """
    seen = hashlib.sha256(f"{vectors_version()} {_digest_of(_SEEN_BY)}".encode())
    return seen.hexdigest()[:16]


def fingerprint(examples: Sequence[Example]) -> str:
    """Return the digest of these letters with these answers and this code; order is irrelevant."""
    learnt_by = tuple(f"understanding/learning/{name}" for name in _LEARNT_BY)
    asked_by = ("understanding/starting_set/frames.py", "understanding/starting_set/post.py")
    digest = hashlib.sha256(f"{code_version()} {_digest_of(learnt_by + asked_by)}".encode())
    rows = sorted(
        (o.ident, o.text, o.kind, o.department, o.author, o.office, o.acceptable, o.phrase)
        for o in examples
    )
    digest.update(json.dumps(rows).encode())
    return digest.hexdigest()[:16]
