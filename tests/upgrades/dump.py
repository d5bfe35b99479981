"""An office of a release in a folder: its rows, its files, and how far it was migrated.

Rows are kept as the fields of their models give them, so they fit both databases. They are put back
by the models as the release's migrations describe them, past everything that saving does today.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.apps import apps as todays_apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import JSONField

from config.quick_migrations import quick_states
from tests.upgrades.schema import APPS

FOLDER: Final = Path(__file__).resolve().parent
ROWS: Final = "office.json.gz"


@dataclass(frozen=True)
class Release:
    """The folder of a release: rows, files, and the schema on each database."""

    folder: Path

    @property
    def content(self) -> dict[str, Any]:
        """Its migrations and rows, and what it says of itself."""
        with gzip.open(self.folder / ROWS) as stream:
            return dict(json.load(stream))

    def schema_file(self, vendor: str) -> Path:
        """Where its schema on this database stands."""
        return self.folder / f"schema.{vendor}.txt"


def releases() -> list[Release]:
    """All releases that are kept, the oldest first."""
    folders = [path.parent for path in FOLDER.glob(f"*/{ROWS}")]
    return [Release(path) for path in sorted(folders, key=_version)]


def _version(folder: Path) -> list[int]:
    return [int(part) for part in folder.name.split(".")]


def keep_office(folder: Path, *, told: dict[str, Any]) -> None:
    """Write the office of this process into the folder; `told` is kept beside its rows."""
    done = MigrationRecorder(connection).applied_migrations()
    content = {
        "migrations": sorted([app, name] for app, name in done if app in APPS),
        "rows": {model._meta.label: list(_rows(model)) for model in _models(todays_apps)},
        **told,
    }
    words = json.dumps(content, ensure_ascii=False, indent=0, sort_keys=True)
    with (folder / ROWS).open("wb") as out, gzip.GzipFile("", "wb", 9, out, mtime=0) as packed:
        packed.write(words.encode())
    for path in sorted((settings.DATA_DIR / "vault").rglob("*")):
        if path.is_file():
            (folder / "vault").mkdir(exist_ok=True)
            (folder / "vault" / path.name).write_bytes(path.read_bytes())


def migrate_to(release: Release) -> None:
    """Migrate the office's own apps as far as the release was, and no further."""
    executor = MigrationExecutor(connection)
    with quick_states():
        executor.migrate(_leaves(release, executor))


def load_office(release: Release) -> None:
    """Put the release's rows and files into a database that stands where the release stood."""
    from registry.files.vault import store

    for path in sorted((release.folder / "vault").iterdir()):
        with path.open("rb") as stream:
            assert store(stream).sha256 == path.name
    executor = MigrationExecutor(connection)
    state = executor.loader.project_state(_leaves(release, executor))
    rows = release.content["rows"]
    with transaction.atomic():
        for model in _models(state.apps):
            for field in model._meta.local_concrete_fields:
                field.auto_now = field.auto_now_add = False
            made = [_made(model, row) for row in rows.get(model._meta.label, [])]
            model._default_manager.bulk_create(made)
        _set_sequences(state.apps)


def _leaves(release: Release, executor: MigrationExecutor) -> list[tuple[str, str]]:
    """The last migration of each app that the release had done; libraries' as they are today."""
    done = {(app, name) for app, name in release.content["migrations"]}
    graph = executor.loader.graph

    def followed(node: tuple[str, str]) -> bool:
        inside = {child.key for child in graph.node_map[node].children if child.key[0] == node[0]}
        return bool(inside & done)

    ours = [node for node in sorted(done) if not followed(node)]
    return [*ours, *(node for node in graph.leaf_nodes() if node[0] not in APPS)]


def _models(apps: Any) -> list[Any]:
    found = apps.get_models(include_auto_created=True)
    return [m for m in found if m._meta.app_label in APPS and m._meta.managed and not m._meta.proxy]


def _fields(model: Any) -> list[Any]:
    return [f for f in model._meta.local_concrete_fields if not getattr(f, "generated", False)]


def _rows(model: Any) -> Iterator[dict[str, Any]]:
    for row in model._base_manager.order_by("pk"):
        yield {field.attname: _told(field, row) for field in _fields(model)}


def _told(field: Any, row: Any) -> Any:
    value = field.value_from_object(row)
    return value if value is None or isinstance(field, JSONField) else field.value_to_string(row)


def _made(model: Any, row: dict[str, Any]) -> Any:
    fields = {field.attname: field for field in _fields(model)}
    assert fields.keys() == row.keys(), model
    return model(**{name: _read(fields[name], value) for name, value in row.items()})


def _read(field: Any, value: Any) -> Any:
    return value if value is None or isinstance(field, JSONField) else field.to_python(value)


def _set_sequences(apps: Any) -> None:
    """Let the next rows be numbered behind those that were put in with their numbers."""
    with connection.cursor() as cursor:
        for line in connection.ops.sequence_reset_sql(no_style(), _models(apps)):
            cursor.execute(line)
