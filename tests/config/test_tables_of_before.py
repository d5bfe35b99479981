"""Tables of an earlier version: a start names the upgrade, and an upgrade why it cannot begin."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from config.management.commands.up import Command


@pytest.mark.django_db
def test_a_start_before_the_upgrade_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    Command().check_migrations()
    assert capsys.readouterr().err == ""
    made = MigrationRecorder.Migration.objects
    made.filter(pk=made.filter(app="web").latest("pk").pk).delete()
    Command().check_migrations()
    said = capsys.readouterr().err
    assert "./sijill upgrade" in said
    assert "manage.py migrate" not in said


@pytest.mark.django_db
def test_an_upgrade_whose_backup_finds_no_folder_for_its_work_says_why(tmp_path: Path) -> None:
    made = MigrationRecorder.Migration.objects
    made.filter(pk=made.filter(app="web").latest("pk").pk).delete()
    data = tmp_path / "data"
    data.mkdir()
    (data / "backup").write_bytes(b"")  # a file in the place of the folder
    with override_settings(DATA_DIR=data), pytest.raises(CommandError) as refused:
        call_command("upgrade_office", backup_to=str(tmp_path / "place"))
    assert refused.value.returncode == 1
    assert f"{data}/backup" in str(refused.value)
