"""The keys in a backup: kept whole, through links too, and put back for their user alone."""

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest

from config.backup import keys


@pytest.fixture
def mounted(tmp_path: Path, settings: Any) -> Path:
    """Lay two signing keys as a cluster mounts them: files that are links into a folder."""
    data = tmp_path / "mounted" / "..2026"
    data.mkdir(parents=True)
    (data / "mine.p12").write_bytes(b"mine")
    (data / "theirs.p12").write_bytes(b"theirs")
    (data.parent / "..data").symlink_to(data.name)
    for name in ("mine.p12", "theirs.p12"):
        (data.parent / name).symlink_to(f"..data/{name}")
    settings.SIGNING_KEY_FILE = str(data.parent / "mine.p12")
    settings.SIGNING_KEYS_DIR = str(data.parent)
    return data.parent


def test_a_key_behind_a_link_is_kept_itself(mounted: Path, tmp_path: Path) -> None:
    packed, folder = tmp_path / "keys.tar", tmp_path / "restored"
    assert keys.pack(packed) == []
    for one in mounted.glob("..2026/*"):
        one.unlink()
    assert keys.unpack(packed, folder) == []
    assert (folder / "signing_key").read_bytes() == b"mine"
    assert (folder / "signing_keys" / "theirs.p12").read_bytes() == b"theirs"
    assert not any(one.is_symlink() for one in folder.rglob("*"))
    assert {one.stat().st_mode & 0o77 for one in [folder, *folder.rglob("*")]} == {0}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../outside", tarfile.REGTYPE),
        ("/tmp/outside", tarfile.REGTYPE),
        ("a/../../outside", tarfile.REGTYPE),
        ("signing_key", tarfile.SYMTYPE),
        ("signing_key", tarfile.LNKTYPE),
        ("signing_key", tarfile.FIFOTYPE),
    ],
)
def test_nothing_is_written_outside_and_no_link(name: str, kind: bytes, tmp_path: Path) -> None:
    packed, folder = tmp_path / "keys.tar", tmp_path / "restored"
    with tarfile.open(packed, "w") as written:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, "/etc/passwd"
        written.addfile(info, io.BytesIO(b""))
    with pytest.raises(tarfile.TarError):
        keys.unpack(packed, folder)
    assert not list(folder.iterdir())
