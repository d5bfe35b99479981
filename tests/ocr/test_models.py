"""The reader's models are the measured ones, or the system's with a word about it."""

from __future__ import annotations

import gzip
import io
import logging
import shutil
import tarfile
from pathlib import Path

import pytest

from ocr.engines import tessdata


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A copy of the installed models; skips where only the system's are there."""
    if tessdata.missing(tessdata.wanted_folder()):
        pytest.skip("MODELS ARE NOT INSTALLED: run python -m ocr.engines.tessdata install")
    return Path(shutil.copytree(tessdata.wanted_folder(), tmp_path / "tessdata"))


def test_the_measured_models_are_used(models: Path) -> None:
    found = tessdata.find(models)
    assert (found.folder, found.kind, found.has_osd) == (models, "best_int", True)


def test_an_altered_model_is_not_used(models: Path, caplog: pytest.LogCaptureFixture) -> None:
    with (models / "ara.traineddata").open("ab") as stream:
        stream.write(b"!")
    with caplog.at_level(logging.WARNING):
        assert tessdata.find(models).folder is None
    assert "ara" in caplog.text


def test_installing_again_asks_no_registry(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert tessdata.install(models, say=lambda _: None)


def fake_npm(folder: Path, models: Path, *, altered: bool) -> None:
    """An npm whose packages hold our models (one byte more when altered)."""
    for language in tessdata.BEST_INT:
        data = (models / f"{language}.traineddata").read_bytes() + (b"!" if altered else b"")
        packed = gzip.compress(data, 1)
        with tarfile.open(folder / f"{language}.tgz", "w:gz", compresslevel=1) as package:
            member = tarfile.TarInfo(tessdata.MEMBER.format(language))
            member.size = len(packed)
            package.addfile(member, io.BytesIO(packed))
    script = folder / "npm"
    script.write_text(
        f'#!/bin/sh\nfor l in ara fra eng; do case "$3" in */$l@*) cp {folder}/$l.tgz .;'
        " echo $l.tgz;; esac; done\n"
    )
    script.chmod(0o755)


@pytest.mark.parametrize("altered", [False, True])
def test_only_models_with_the_right_hash_are_installed(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, altered: bool
) -> None:
    registry = tmp_path / "registry"
    registry.mkdir()
    fake_npm(registry, models, altered=altered)
    monkeypatch.setenv("PATH", f"{registry}:/usr/bin:/bin")
    said: list[str] = []
    target = tmp_path / "fresh"
    assert tessdata.install(target, say=said.append) is not altered
    assert tessdata.missing(target) == (list(tessdata.BEST_INT) if altered else [])
    assert any("system's own are used" in line for line in said) is altered
