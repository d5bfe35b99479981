"""Who lets the office into its bucket stops no composition where there is nothing to let in."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from registry.files.vault import get_vault


@pytest.mark.parametrize("address", ["s3:///bucket?lock_days=1", "file:///srv/vault", ""])
def test_originals_in_a_folder_need_no_account(tmp_path: Path, address: str) -> None:
    (tmp_path / "url").write_text(address)
    told = io.StringIO()
    call_command("make_vault", "--grant", str(tmp_path / "url"), stderr=told)
    assert told.getvalue().count("folder") == 1 or "dossier" in told.getvalue()


def test_a_store_by_the_machines_own_rights_is_granted_nothing(
    tmp_path: Path, settings: Any
) -> None:
    settings.VAULT_URL = "s3:///bucket?region=eu-west-1&lock_days=1"
    get_vault.cache_clear()
    (tmp_path / "url").write_text(f"{settings.VAULT_URL}\n")
    told = io.StringIO()
    try:
        call_command("grant_vault", "--url-file", str(tmp_path / "url"), stdout=told)
    finally:
        get_vault.cache_clear()
    assert "nothing to grant" in told.getvalue()
