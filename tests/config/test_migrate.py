"""Migrating an office that is up to date costs next to nothing, and misses nothing."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState

from config.management.commands.migrate import _is_done

pytestmark = pytest.mark.django_db


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the models that migrations render."""
    names: list[str] = []
    render = ModelState.render

    def told(state: ModelState, apps: Any) -> object:
        names.append(state.name)
        return render(state, apps)

    monkeypatch.setattr(ModelState, "render", told)
    return names


def test_no_model_is_rendered_where_no_migration_is_left(rendered: list[str]) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    assert rendered == []


def test_a_lost_permission_comes_back_under_its_name(rendered: list[str]) -> None:
    """A migration that was cut short before its end left none."""
    known = Permission.objects.get(codename="add_letter")
    Permission.objects.filter(pk=known.pk).delete()
    call_command("migrate", verbosity=0, interactive=False)
    assert Permission.objects.get(codename="add_letter").name == known.name == "Can add letter"


@pytest.mark.parametrize("asked", [{"verbosity": 1}, {"thorough": True}])
def test_whoever_asks_gets_djangos_own_way(rendered: list[str], asked: dict[str, int]) -> None:
    call_command("migrate", interactive=False, **({"verbosity": 0} | asked))
    assert "Letter" in rendered


def test_a_migration_that_is_left_is_applied() -> None:
    loader = MigrationLoader(connection)
    left = next(key for key in loader.graph.leaf_nodes() if not loader.graph.node_map[key].children)
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied(*left)
    assert left not in recorder.applied_migrations()
    assert not _is_done(connection)
    call_command("migrate", verbosity=0, interactive=False, fake=True)
    assert left in recorder.applied_migrations()
    assert _is_done(connection)
