"""Originals in object storage, at the S3 address of VAULT_URL.

VAULT_URL is s3://key:secret@host:port/bucket?region=…&lock_days=…&ca_certs=… Without host, Amazon's
own; without key, the machine's own credentials.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, Final, cast
from urllib.parse import parse_qs, unquote, urlsplit

from registry.files.receiving import Incoming, Stored, VaultError

_FULL: Final = frozenset({"InsufficientStorage", "QuotaExceeded", "XMinioStorageFull", "507"})
_MISSING: Final = frozenset({"NoSuchKey", "404"})
_CONNECT_SECONDS: Final = 5
_ANSWER_SECONDS: Final = 10  # of a question, and of each part of a file that is read
_UPLOAD_SECONDS: Final = 60  # a store may check a whole file before it answers
_NEVER: Final = 9999  # the year of a lock that is not to end, at the edge of what a date can be


def _code(error: Exception) -> str:
    """Return what the store called its refusal; boto3 wraps it where it uploads files."""
    told = getattr(error, "response", None) or getattr(error.__context__, "response", None) or {}
    return str(told.get("Error", {}).get("Code", ""))


def _client(address: str, seconds: int, *, attempts: int) -> Any:
    """Return a client of the store at a VAULT_URL that waits so long for each answer."""
    import boto3
    from botocore.config import Config

    url = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    host = (url.hostname or "") if url.path.strip("/") else ""
    scheme = "http" if query.get("tls") == "no" else "https"
    port = f":{url.port}" if url.port else ""
    return boto3.client(
        "s3",
        endpoint_url=f"{scheme}://{host}{port}" if host else None,
        region_name=query.get("region", "us-east-1"),
        aws_access_key_id=unquote(url.username) if url.username else None,
        aws_secret_access_key=unquote(url.password) if url.password else None,
        verify=query.get("ca_certs"),
        config=Config(
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=seconds,
            retries={"total_max_attempts": attempts, "mode": "standard"},
        ),
    )


class _Body:
    """The stream of an object. Raise VaultError away where the store stops in the middle."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, size: int | None = None) -> bytes:
        """Return as many bytes, or all that are left."""
        from botocore.exceptions import BotoCoreError

        try:
            return bytes(self._body.read(size if size is None or size >= 0 else None))
        except (BotoCoreError, OSError) as error:
            raise VaultError("away") from error

    def close(self) -> None:
        """Give the connection back."""
        self._body.close()

    def __enter__(self) -> "_Body":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


class ObjectVault:
    """One object per file, under its hash, written only when it is not there yet.

    Questions go through `brief`, a client that waits less for an answer: a store that hangs is
    found out before anything is uploaded. Without one, `client` does everything.
    """

    def __init__(self, client: Any, bucket: str, *, lock_days: int = 0, brief: Any = None) -> None:
        self.client = client
        self.brief = brief or client
        self.bucket = bucket
        self.lock_days = lock_days

    @classmethod
    def from_url(cls, address: str) -> "ObjectVault":
        """Build from VAULT_URL; `tls=no` in its query selects plain HTTP to the named host.

        `ca_certs` names the file of a private authority, which is trusted in place of the public.
        """
        url = urlsplit(address)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        bucket = url.path.strip("/") or (url.hostname or "")
        return cls(
            _client(address, _UPLOAD_SECONDS, attempts=4),
            bucket,
            lock_days=int(query.get("lock_days", "0")),
            brief=_client(address, _ANSWER_SECONDS, attempts=2),
        )

    def make_bucket(self) -> bool:
        """Make the bucket, with object lock, if it is missing; return whether it was made.

        Raise VaultError: away, or unlocked where the bucket cannot keep what `lock_days` requires.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            made = self._create_bucket()
            if self.lock_days and not self._locks():
                raise VaultError("unlocked")
        except (BotoCoreError, ClientError) as error:
            raise VaultError("away") from error
        return made

    def _create_bucket(self) -> bool:
        from botocore.exceptions import ClientError

        region = self.client.meta.region_name
        given: dict[str, Any] = {"Bucket": self.bucket, "ObjectLockEnabledForBucket": True}
        if region != "us-east-1":
            given["CreateBucketConfiguration"] = {"LocationConstraint": region}
        try:
            self.client.head_bucket(Bucket=self.bucket)
        except ClientError as error:
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") != 404:
                raise
            self.client.create_bucket(**given)
            return True
        return False

    def _locks(self) -> bool:
        from botocore.exceptions import ClientError

        try:
            answer = self.client.get_object_lock_configuration(Bucket=self.bucket)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ObjectLockConfigurationNotFoundError":
                raise
            return False
        state = answer.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled")
        return bool(state == "Enabled")

    def _key(self, sha256: str) -> str:
        return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"

    def keep(self, incoming: Incoming) -> Stored:
        """Upload unless present; the store's own checksum protects the transfer.

        Raise VaultError full or away.
        """
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        extra: dict[str, Any] = {"ChecksumAlgorithm": "SHA256"}
        if self.lock_days:
            until = datetime.now(UTC) + timedelta(days=self.lock_days)
            extra |= {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}
        try:
            if not self.has(incoming.stored.sha256):
                self.client.upload_file(
                    str(incoming.path),
                    self.bucket,
                    self._key(incoming.stored.sha256),
                    ExtraArgs=extra,
                )
        except (Boto3Error, BotoCoreError, ClientError) as error:
            raise VaultError("full" if _code(error) in _FULL else "away") from error
        incoming.discard()
        return incoming.stored

    def open(self, sha256: str, start: int = 0) -> BinaryIO:
        """Return a stream of the object, from a byte on. Raise VaultError missing or away.

        Missing is what the store says it does not have: a job gives up for good on that alone.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            part = {"Range": f"bytes={start}-"} if start else {}
            answer = self.brief.get_object(Bucket=self.bucket, Key=self._key(sha256), **part)
        except ClientError as error:
            raise VaultError("missing" if _code(error) in _MISSING else "away") from error
        except BotoCoreError as error:
            raise VaultError("away") from error
        return cast("BinaryIO", _Body(answer["Body"]))

    def has(self, sha256: str) -> bool:
        """Return whether the object is there."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self.brief.head_object(Bucket=self.bucket, Key=self._key(sha256))
        except ClientError as error:
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
                return False
            raise VaultError("away") from error
        except BotoCoreError as error:
            raise VaultError("away") from error
        return True

    def delete(self, sha256: str) -> None:
        """Remove every version of the object. Raise VaultError locked, refused or away.

        Locks (retention or legal hold) are checked before anything is removed, and of several
        versions the one locked longest determines until when: None for a lock without a term.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        key = self._key(sha256)
        try:
            versions = self._versions(key)
            locks = [until for version in versions for until in self._locked(key, version)]
            if locks:
                dates = [until for until in locks if until is not None]
                until = max(dates) if len(dates) == len(locks) else None
                raise VaultError("locked", until=until)
            for version in versions:
                self.client.delete_object(Bucket=self.bucket, Key=key, VersionId=version)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            raise VaultError("refused" if code == "AccessDenied" else "away") from error
        except BotoCoreError as error:
            raise VaultError("away") from error

    def _versions(self, key: str) -> list[str]:
        pages = self.client.get_paginator("list_object_versions")
        return [
            row["VersionId"]
            for part in pages.paginate(Bucket=self.bucket, Prefix=key)
            for row in (*part.get("Versions", ()), *part.get("DeleteMarkers", ()))
            if row["Key"] == key
        ]

    def _locked(self, key: str, version: str) -> list[datetime | None]:
        """Return until when a version is locked, None for no term; nothing for one that is free."""
        from botocore.exceptions import ClientError

        try:
            answer = self.client.head_object(Bucket=self.bucket, Key=key, VersionId=version)
        except ClientError as error:
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") in {404, 405}:
                return []  # a mark of deletion
            raise
        if answer.get("ObjectLockLegalHoldStatus") == "ON":
            return [None]
        until = answer.get("ObjectLockRetainUntilDate")
        if not until or until <= datetime.now(UTC):
            return []
        return [until if until.year < _NEVER else None]
