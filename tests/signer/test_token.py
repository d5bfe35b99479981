"""A key in a PKCS#11 token, where python-pkcs11 and SoftHSM are here: both are optional."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from signer.keys import KeyMissingError, TokenKeys, key_store
from signer.log import Log
from signer.note import read_note, verified
from signer.statements import ROTATION, read_statement

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")


def test_a_log_signs_by_a_token_and_changes_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pkcs11")
    if not MODULE.exists() or not shutil.which("softhsm2-util"):
        pytest.skip("no SoftHSM here")
    (tmp_path / "tokens").mkdir()
    (tmp_path / "pin").write_text("1234\n")
    (tmp_path / "conf").write_text(f"directories.tokendir = {tmp_path}/tokens\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "conf"))
    made = ["softhsm2-util", "--init-token", "--free", "--label", "sijill"]
    subprocess.run(
        [*made, "--pin", "1234", "--so-pin", "4321"],
        check=True,
        capture_output=True,
        env=os.environ,
    )
    address = f"pkcs11:token=sijill?module-path={MODULE}&pin-source=file:{tmp_path}/pin"
    keys = key_store(address, tmp_path)
    assert isinstance(keys, TokenKeys)
    log = Log(tmp_path, keys, origin="office.example/register")
    note = log.append([b"a"], 0)
    first = log.key
    assert first in verified(read_note(note), [first])
    leaf = log.prepare_key(ROTATION).encode()
    log.append([leaf], 1)
    log.use_key(1, leaf)
    assert log.key == read_statement(leaf.decode()).new != first
    log.close()
    assert not list(tmp_path.glob("*.pem"))
    with pytest.raises(KeyMissingError):
        keys.load("another")
