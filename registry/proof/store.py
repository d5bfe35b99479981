"""The second store, read again: the checkpoints that were put there."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from django.conf import settings

from registry.files.vault_s3 import ObjectVault
from registry.proof.points import PointError

_MOST: Final = 20_000  # a checkpoint a day, for half a century


def notes() -> Iterator[tuple[str, str]]:
    """Yield name and text of each checkpoint in the store. Raise PointError where it is away."""
    if not settings.ANCHOR_URL:
        raise PointError("ANCHOR_URL names no store")
    url = urlsplit(settings.ANCHOR_URL)
    try:
        if url.scheme == "file":
            for path in islice(sorted(Path(unquote(url.path)).glob("checkpoint-*.txt")), _MOST):
                yield path.name, path.read_text("utf-8")
        else:
            yield from islice(_objects(), _MOST)
    except OSError as error:
        raise PointError("the second store cannot be read") from error


def _objects() -> Iterator[tuple[str, str]]:
    from botocore.exceptions import BotoCoreError, ClientError

    store = ObjectVault.from_url(settings.ANCHOR_URL)
    try:
        pages: Any = store.client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=store.bucket, Prefix="checkpoints/"):
            for row in page.get("Contents", ()):
                answer = store.client.get_object(Bucket=store.bucket, Key=row["Key"])
                yield row["Key"], answer["Body"].read().decode("utf-8", "replace")
    except (BotoCoreError, ClientError) as error:
        raise PointError("the second store cannot be read") from error
