"""An object store that speaks S3: the Versity gateway over a folder, with object lock."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

from tests.services.process import (
    Child,
    ServiceMissingError,
    free_port,
    give_to_service,
    make_folder,
    start,
)

MODULE = "github.com/versity/versitygw/cmd/versitygw"
VERSION = "v1.8.0"
BUILD_SECONDS = 1500
BUCKET = "vault"


def program() -> Path:
    """Return the gateway's program: on PATH, from the cache, or built once by Go into the cache."""
    if found := shutil.which("versitygw"):
        return Path(found)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sijill"
    built = cache / f"versitygw-{VERSION}" / "versitygw"
    if built.exists():
        return built
    go = shutil.which("go")
    if not go:
        raise ServiceMissingError("object store: no versitygw here, and no Go to build it")
    environment = os.environ | {"GOBIN": str(built.parent)}
    done = subprocess.run(
        [go, "install", "-ldflags=-s -w", f"{MODULE}@{VERSION}"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=BUILD_SECONDS,
        check=False,
    )
    if done.returncode or not built.exists():
        raise ServiceMissingError(f"object store: Go could not build it: {done.stderr[-300:]}")
    return built


def start_object_store() -> tuple[Child, dict[str, str]]:
    """Start the gateway with an empty bucket that locks objects; return it with TEST_S3_URL."""
    built, folder, port = program(), make_folder("object-store"), free_port()
    key, secret = secrets.token_hex(8), secrets.token_hex(16)
    for name in ("objects", "versions"):
        (folder / name).mkdir()
    shutil.copy(built, folder / "versitygw")  # the cache may be closed to the service's user
    give_to_service(folder)
    child = start(
        "Object store",
        [
            *(str(folder / "versitygw"), "--access", key, "--secret", secret),
            *("--port", f"127.0.0.1:{port}", "posix"),
            *("--versioning-dir", str(folder / "versions"), str(folder / "objects")),
        ],
        folder=folder,
    )
    url = f"s3://{key}:{secret}@127.0.0.1:{port}/{BUCKET}?tls=no&lock_days=1"
    child.wait_until(lambda: _make_bucket(url), seconds=120)
    return child, {"TEST_S3_URL": url}


def _make_bucket(url: str) -> bool:
    from registry.files.receiving import VaultError
    from registry.files.vault_s3 import ObjectVault

    try:
        return ObjectVault.from_url(url).make_bucket()
    except VaultError:
        return False
