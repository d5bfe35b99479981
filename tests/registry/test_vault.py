"""Originals: streamed, hashed, written once, never changed, whole or not at all."""

import hashlib
import io
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from registry.files.receiving import TooLargeError, VaultError, receive
from registry.files.vault import FileVault, get_vault, hash_of, open_path, store

CONTENT = b"une lettre"
NAME = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def _vault_of_its_own(own_data_dir: Path) -> None:
    """Every test starts with an empty vault."""


def left_in_incoming(data_dir: Path) -> list[str]:
    folder = data_dir / "incoming"
    return sorted(os.listdir(folder)) if folder.exists() else []


def test_bytes_come_back_under_their_hash(own_data_dir: Path) -> None:
    stored = store(io.BytesIO(CONTENT))
    assert (stored.sha256, stored.size) == (NAME, len(CONTENT))
    with get_vault().open(NAME) as stream:
        assert stream.read() == CONTENT
    with open_path(NAME) as path:
        assert path.read_bytes() == CONTENT
    assert hash_of(NAME) == NAME
    assert left_in_incoming(own_data_dir) == []


def test_a_folder_is_named_by_its_address(settings: Any, tmp_path: Path) -> None:
    settings.VAULT_URL = f"file://{tmp_path}/les%20originaux"
    get_vault.cache_clear()
    store(io.BytesIO(CONTENT))
    assert (tmp_path / "les originaux" / NAME[:2] / NAME[2:4] / NAME).read_bytes() == CONTENT


def test_an_original_is_read_only_and_has_one_name(own_data_dir: Path) -> None:
    store(io.BytesIO(CONTENT))
    facts = (own_data_dir / "vault" / NAME[:2] / NAME[2:4] / NAME).stat()
    assert stat.S_IMODE(facts.st_mode) == 0o444
    assert facts.st_nlink == 1


def test_a_second_arrival_of_the_same_bytes_leaves_the_first_alone(own_data_dir: Path) -> None:
    store(io.BytesIO(CONTENT))
    with open_path(NAME) as path:
        before = path.stat()
        store(io.BytesIO(CONTENT))
        after = path.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert left_in_incoming(own_data_dir) == []


def test_simultaneous_arrivals_of_the_same_bytes_are_one_file(own_data_dir: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = {s.sha256 for s in pool.map(lambda _: store(io.BytesIO(CONTENT)), range(32))}
    assert names == {NAME}
    assert [p.name for p in (own_data_dir / "vault").rglob("*") if p.is_file()] == [NAME]
    assert left_in_incoming(own_data_dir) == []


def test_a_stream_over_the_limit_is_stopped_and_nothing_is_kept(own_data_dir: Path) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            Endless.given += size
            return b"x" * size

    with pytest.raises(TooLargeError):
        receive(Endless(), limit=5 * 1024 * 1024)  # type: ignore[arg-type]
    assert Endless.given <= 7 * 1024 * 1024
    assert left_in_incoming(own_data_dir) == []


def test_a_stream_of_exactly_the_limit_is_taken() -> None:
    assert store(io.BytesIO(CONTENT), limit=len(CONTENT)).size == len(CONTENT)


def test_a_stream_that_breaks_off_leaves_nothing(own_data_dir: Path) -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise ConnectionResetError

    with pytest.raises((VaultError, ConnectionResetError)):
        receive(Broken())  # type: ignore[arg-type]
    assert left_in_incoming(own_data_dir) == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "g" * 64, NAME.upper(), NAME + "0"])
def test_only_hashes_name_files(name: str) -> None:
    store(io.BytesIO(CONTENT))
    assert hash_of(name) == ""
    with pytest.raises(VaultError):
        get_vault().open(name)


def test_damage_is_seen_by_the_hash(own_data_dir: Path) -> None:
    store(io.BytesIO(CONTENT))
    vault = get_vault()
    assert isinstance(vault, FileVault)
    path = vault.path_of(NAME)
    path.unlink()
    assert hash_of(NAME) == ""
    path.write_bytes(b"une autre")
    assert hash_of(NAME) != NAME


# Real limits of the system need a process of their own.
PRELUDE = """
import io, os, resource, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from registry.files.vault import VaultError, receive, store
from django.conf import settings
"""
FULL_DISK = """
resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))
try:
    store(io.BytesIO(b"x" * 5_000_000))
except VaultError as error:
    print(error.code, os.listdir(settings.DATA_DIR / "incoming"))
print(store(io.BytesIO(b"y" * 1000)).size)
"""
LARGE = """
class Large:
    left = 500
    def read(self, size):
        if not self.left:
            return b""
        self.left -= 1
        return os.urandom(64) * (1024 * 1024 // 64)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
stored = store(Large())
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(stored.size, grown)
"""


def in_process(script: str, data_dir: Path) -> str:
    environment = os.environ | {"DATA_DIR": str(data_dir)}
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + script],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_full_disk_is_said_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    assert in_process(FULL_DISK, tmp_path).splitlines() == ["full []", "1000"]
    assert len([p for p in (tmp_path / "vault").rglob("*") if p.is_file()]) == 1


def test_a_file_of_500_mb_never_stands_in_memory(tmp_path: Path) -> None:
    size, grown = map(int, in_process(LARGE, tmp_path).split())
    assert size == 500 * 1024 * 1024
    assert grown < 32 * 1024, f"{grown} KiB more memory for a file of 500 MB"


class Slow(io.BytesIO):
    """Gives a byte at a time, as a bad line does."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(1)


def test_a_stream_in_small_pieces_is_the_same_file() -> None:
    stream: BinaryIO | Any = Slow(CONTENT)
    assert store(stream).sha256 == NAME
