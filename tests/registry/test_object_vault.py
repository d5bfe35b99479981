"""Originals in a real object store that locks them."""

import hashlib
import io
import os
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from registry.files import vault
from registry.files.receiving import VaultError, receive
from registry.files.vault_s3 import ObjectVault

pytestmark = pytest.mark.production


@pytest.fixture
def object_vault(settings: object) -> Iterator[ObjectVault]:
    """The office's vault is the object store that TEST_S3_URL names."""
    address = os.environ.get("TEST_S3_URL")
    if not address:
        pytest.skip("no object store here (TEST_S3_URL): the vault in S3 was not tried")
    settings.VAULT_URL = address  # type: ignore[attr-defined]
    vault.get_vault.cache_clear()
    kept = vault.get_vault()
    assert isinstance(kept, ObjectVault)
    yield kept
    vault.get_vault.cache_clear()


def test_bytes_come_back_as_they_went(object_vault: ObjectVault) -> None:
    content = os.urandom(300_000)
    stored = vault.store(io.BytesIO(content))
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert object_vault.has(stored.sha256)
    with vault.open_path(stored.sha256) as path:
        assert path.read_bytes() == content
    assert vault.hash_of(stored.sha256) == stored.sha256
    with object_vault.open(stored.sha256, 299_990) as stream:
        assert stream.read() == content[299_990:]


def test_the_same_bytes_are_stored_once(object_vault: ObjectVault) -> None:
    content = os.urandom(1000)
    first, second = vault.store(io.BytesIO(content)), vault.store(io.BytesIO(content))
    assert first == second
    key = f"{first.sha256[:2]}/{first.sha256[2:4]}/{first.sha256}"
    versions = object_vault.client.list_object_versions(Bucket=object_vault.bucket, Prefix=key)
    assert len(versions["Versions"]) == 1


def test_a_large_file_goes_up_in_parts(object_vault: ObjectVault) -> None:
    content = os.urandom(1024 * 1024) * 20
    stored = vault.store(io.BytesIO(content))
    assert vault.hash_of(stored.sha256) == hashlib.sha256(content).hexdigest()


def test_a_kept_original_cannot_be_destroyed(object_vault: ObjectVault) -> None:
    from botocore.exceptions import ClientError

    stored = vault.store(io.BytesIO(os.urandom(1000)))
    key = f"{stored.sha256[:2]}/{stored.sha256[2:4]}/{stored.sha256}"
    client, bucket = object_vault.client, object_vault.bucket
    version = client.head_object(Bucket=bucket, Key=key)["VersionId"]
    with pytest.raises(ClientError):
        client.delete_object(Bucket=bucket, Key=key, VersionId=version)


def test_what_is_not_there_is_said(object_vault: ObjectVault) -> None:
    with pytest.raises(VaultError, match="missing"):
        object_vault.open("0" * 64)
    assert not object_vault.has("0" * 64)
    assert vault.hash_of("0" * 64) == ""


def test_a_store_that_is_away_is_told_from_one_that_lacks_the_file() -> None:
    away = ObjectVault.from_url("s3://key:secret@127.0.0.1:9/vault?tls=no")
    with pytest.raises(VaultError, match="away"):
        away.has("0" * 64)


def test_a_bucket_is_made_with_object_lock_once(object_vault: ObjectVault) -> None:
    bucket = f"made-{secrets.token_hex(4)}"
    fresh = ObjectVault(object_vault.client, bucket, lock_days=1)
    assert [fresh.make_bucket(), fresh.make_bucket()] == [True, False]


def test_a_bucket_that_locks_nothing_is_told(object_vault: ObjectVault) -> None:
    bucket = f"open-{secrets.token_hex(4)}"
    object_vault.client.create_bucket(Bucket=bucket)
    with pytest.raises(VaultError, match="unlocked"):
        ObjectVault(object_vault.client, bucket, lock_days=1).make_bucket()
    assert not ObjectVault(object_vault.client, bucket).make_bucket()


def test_the_command_makes_the_bucket_or_says_why_not(
    object_vault: ObjectVault, settings: Any
) -> None:
    call_command("make_vault")  # it is there
    settings.VAULT_URL = "s3://key:secret@127.0.0.1:9/vault?tls=no&lock_days=1"
    vault.get_vault.cache_clear()
    with pytest.raises(CommandError):
        call_command("make_vault")


def test_what_is_locked_is_said_and_what_is_free_is_deleted(object_vault: ObjectVault) -> None:
    stored = vault.store(io.BytesIO(os.urandom(1000)))
    with pytest.raises(VaultError, match="locked") as locked:
        object_vault.delete(stored.sha256)
    assert locked.value.until is not None
    assert object_vault.has(stored.sha256)
    free = ObjectVault(object_vault.client, f"free-{secrets.token_hex(4)}")
    free.make_bucket()
    kept = free.keep(receive(io.BytesIO(b"une page")))
    free.delete(kept.sha256)
    assert not free.has(kept.sha256)
    left = free.client.list_object_versions(Bucket=free.bucket)
    assert not left.get("Versions", []) + left.get("DeleteMarkers", [])
    free.delete(kept.sha256)  # harmless to repeat
