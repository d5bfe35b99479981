"""`docker/healthcheck PART` by itself, beside the part that it asks."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.signer.running import ROOT, Signer

FOUND: Final = ("PATH", "HOME", "LANG")


def healthcheck(part: str, folder: Path, **given: str) -> tuple[int, str]:
    """Return status and words of the check with these settings alone."""
    settings = {name: os.environ[name] for name in FOUND if name in os.environ} | given
    script = str(ROOT / "docker" / "healthcheck")
    done = subprocess.run(
        [sys.executable, script, part],
        env=settings, cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


def test_the_signer_is_found_by_each_form_of_its_settings(tmp_path: Path) -> None:
    named = tmp_path / "socket"
    named.write_text(f"{tmp_path}/signer/signer.sock\n")
    with Signer(tmp_path / "signer", own_user=False):
        for given in (
            {"SIGNER_SOCKET": str(tmp_path / "signer" / "signer.sock")},
            {"SIGNER_SOCKET_FILE": str(named)},
            {"SIGNER_DATA": str(tmp_path / "signer")},
            {"DATA_DIR": str(tmp_path)},
        ):
            assert healthcheck("signer", tmp_path, **given) == (0, ""), given
    assert healthcheck("signer", tmp_path, SIGNER_SOCKET_FILE=str(named))[0] == 1


@pytest.mark.parametrize(("part", "written"), [("beat", "celerybeat-schedule"), ("backup", "done")])
def test_a_folder_is_found_by_each_form_of_its_setting(
    tmp_path: Path, part: str, written: str
) -> None:
    data = tmp_path / "data"
    (data / "backup").mkdir(parents=True)
    named = tmp_path / "folder"
    named.write_text(str(data))
    assert healthcheck(part, tmp_path, DATA_DIR_FILE=str(named))[0] == 1
    (data / ("backup" if part == "backup" else ".") / written).touch()
    assert healthcheck(part, tmp_path, DATA_DIR_FILE=str(named)) == (0, "")


def test_a_file_of_a_setting_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    status, words = healthcheck(
        "signer", tmp_path, SIGNER_SOCKET_FILE=str(tmp_path / "none"), LANGUAGE_CODE="en"
    )
    assert status == 1
    assert words.startswith("SIGNER_SOCKET cannot be read")
    assert len(words.splitlines()) == 1
