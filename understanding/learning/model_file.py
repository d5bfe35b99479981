"""A trained model as a file: arrays and JSON in one .npz, so that loading it runs nothing."""

from __future__ import annotations

import io
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np

from understanding.learning.classification import Head, Model
from understanding.learning.figures import Figures
from understanding.starting_set.examples import Example

_FORMAT: Final = 4


class ForeignModelError(ValueError):
    """The file is no model, or was made of other letters or by other code."""


def save(model: Model, path: Path) -> None:
    """Write `model` to `path` atomically: a reader sees the old file or the new one, never half.

    Raise OSError where the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as out:
        try:
            out.write(packed(model))
            out.flush()
            os.fsync(out.fileno())
            Path(out.name).replace(path)
        except BaseException:
            Path(out.name).unlink(missing_ok=True)
            raise


def packed(model: Model) -> bytes:
    """Return the model as bytes: some megabytes for a thousand letters."""
    names = sorted(model.vocabulary, key=lambda name: model.vocabulary[name])
    head = {
        "format": _FORMAT,
        "version": model.version,
        "code": model.code,
        "figures": {name: one.plain() for name, one in model.figures.items()},
        "vocabulary": names,
        "heads": {
            name: {
                "labels": one.labels,
                "temperature": one.temperature,
                "rule_weight": one.rule_weight,
                "threshold": one.threshold,
            }
            for name, one in model.heads.items()
        },
    }
    arrays: dict[str, Any] = {"idf": model.idf, "head": np.array(json.dumps(head))}
    for name, one in model.heads.items():
        arrays[f"{name}.weights"] = one.weights.astype(np.float16)  # `Space.fit` rounded them so
        arrays[f"{name}.intercept"] = one.intercept
        arrays[f"{name}.vector_weights"] = one.vector_weights
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def load(path: Path, *, version: str) -> Model:
    """Read a model whose fingerprint must be `version`.

    Raise ForeignModelError where the file is broken or of another version, FileNotFoundError where
    there is none.
    """
    with path.open("rb") as source:
        return read(source, version=version)


def read(source: BinaryIO, *, version: str) -> Model:
    """Return the model in an open file or in memory; raise ForeignModelError as `load` does."""
    try:
        with np.load(source, allow_pickle=False) as stored:
            model = _model(stored)
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ForeignModelError("not a model of this program") from error
    if model.version != version:
        raise ForeignModelError(f"model {model.version} is not the wanted {version}")
    return model


def ready_model(
    path: Path,
    *,
    examples: Sequence[Example],
    train: Callable[[Sequence[Example]], Model],
    version: str,
) -> Model:
    """Return the model at `path` if it is of `version`, else train one and keep it at `path`."""
    try:
        return load(path, version=version)
    except (ForeignModelError, FileNotFoundError):
        model = train(examples)
        save(model, path)
        return model


def _model(stored: Any) -> Model:
    head = json.loads(str(stored["head"]))
    if head["format"] != _FORMAT:
        raise ValueError("another format")
    heads = {
        field: Head(
            tuple(one["labels"]),
            stored[f"{field}.weights"].astype(np.float32),
            stored[f"{field}.intercept"],
            float(one["temperature"]),
            float(one["rule_weight"]),
            float(one["threshold"]),
            stored[f"{field}.vector_weights"],
        )
        for field, one in head["heads"].items()
    }
    vocabulary = {name: n for n, name in enumerate(head["vocabulary"])}
    figures = {name: Figures(**one) for name, one in head["figures"].items()}
    return Model(head["version"], vocabulary, stored["idf"], heads, head["code"], figures)
