"""An office of each release is taken over by today's code: nothing lost, nothing broken."""

import contextlib
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.urls import get_resolver, reverse

from config.backup.making import make_backup, snapshot_names
from config.backup.places import FolderPlace
from org.models import User
from registry.files.vault import get_vault
from registry.models.documents import Document
from registry.models.letters import Letter
from registry.models.readings import DocumentReading
from registry.verification import verify_register
from tests.upgrades.__main__ import main
from tests.upgrades.dump import Release, load_office, migrate_to, releases
from tests.upgrades.schema import schema_of
from tests.web.refusals import plain_refusals

PEOPLE = ("badr", "amina", "admin", "direction", "audit")
FINE = {200, 302, 403, 404, 405}
pytestmark = pytest.mark.xdist_group("upgrades")


@contextlib.contextmanager
def empty_office(folder: Path) -> Iterator[None]:
    """An empty database and an empty vault in place of the tests' own."""
    named, kept = connection.settings_dict["NAME"], django_settings.DATA_DIR
    connections.close_all()
    connection.settings_dict["NAME"] = name = _made(folder)
    django_settings.DATA_DIR = folder
    get_vault.cache_clear()
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"], django_settings.DATA_DIR = named, kept
        get_vault.cache_clear()
        if connection.vendor == "postgresql":
            _of_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def _made(folder: Path) -> str:
    if connection.vendor != "postgresql":
        return str(folder / "office.sqlite3")
    name = f"upgraded_{uuid.uuid4().hex[:10]}"
    _of_server(f'CREATE DATABASE "{name}"')
    return name


def _of_server(command: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(command)


@pytest.fixture(scope="module", params=releases(), ids=lambda release: release.folder.name)
def upgraded(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: Any,
) -> Iterator[tuple[Release, str]]:
    """The release's office after today's migrations, and the schema that it had before them."""
    release: Release = request.param
    with django_db_blocker.unblock():
        made_at_once = schema_of(connection)
    with django_db_blocker.unblock(), empty_office(tmp_path_factory.mktemp("upgraded")):
        migrate_to(release)
        before = schema_of(connection)
        load_office(release)
        away = FolderPlace(tmp_path_factory.mktemp("backup"))
        backup = make_backup(away)  # as ./sijill upgrade makes it, by code newer than the tables
        assert snapshot_names(away) == [backup.id]
        call_command("migrate", verbosity=0, interactive=False)
        assert schema_of(connection).splitlines() == made_at_once.splitlines()
        yield release, before


def browser(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def test_the_quick_way_makes_the_tables_that_djangos_own_makes(
    tmp_path: Path, django_db_setup: None, django_db_blocker: Any
) -> None:
    """In part and on SQLite alone: all of it costs a minute, and no operation asks which it is."""
    if connection.vendor != "sqlite":
        return
    with django_db_blocker.unblock():
        quick = set(schema_of(connection).splitlines())
    with django_db_blocker.unblock(), empty_office(tmp_path):
        call_command("migrate", "registry", verbosity=0, interactive=False, thorough=True)
        made = {line for line in schema_of(connection).splitlines() if _is_of_registry(line)}
    assert made == {line for line in quick if _is_of_registry(line)}
    assert len(made) > 100


def _is_of_registry(line: str) -> bool:
    return line.strip('"').startswith("registry_")


@pytest.mark.parametrize("version", ["0.1.0", "next"])
def test_no_release_is_written_twice_or_without_a_version(version: str) -> None:
    assert main([version]) == 2


def test_there_is_an_office_of_the_first_release() -> None:
    assert releases()[0].folder.name == "0.1.0"


def test_the_migrations_of_a_release_still_make_its_schema(upgraded: tuple[Release, str]) -> None:
    release, before = upgraded
    kept = release.schema_file(connection.vendor).read_text()
    assert before.splitlines() == kept.splitlines()


def test_the_register_is_whole(upgraded: tuple[Release, str]) -> None:
    release, _ = upgraded
    assert [problem.as_json() for problem in verify_register()] == []
    numbers = list(Letter.objects.order_by("number").values_list("number", flat=True))
    assert numbers == sorted(release.content["numbers"])


def test_what_was_read_of_a_letter_is_there(upgraded: tuple[Release, str]) -> None:
    for number, words in upgraded[0].content["read"].items():
        texts = DocumentReading.objects.filter(document__letter__number=number, current=True)
        assert any(words in reading.text for reading in texts)


def test_every_letter_and_every_file_opens(upgraded: tuple[Release, str]) -> None:
    client = browser("direction")
    letters = list(Letter.objects.all())
    assert len(letters) >= 5
    for letter in letters:
        assert client.get(reverse("desk:letter", args=[letter.pk])).status_code == 200
        for document in Document.objects.filter(letter=letter):
            answer = client.get(reverse("desk:original", args=[letter.pk, document.pk]))
            assert answer.status_code == 200
            assert len(answer.getvalue()) == document.file.size


def test_every_page_opens(upgraded: tuple[Release, str]) -> None:
    """Each for the first of the people who may; verbs for nobody."""
    clients = {username: browser(username) for username in PEOPLE}
    namespaces = get_resolver().namespace_dict
    names = [name for name in namespaces["desk"][1].reverse_dict if isinstance(name, str)]
    opened: Counter[str] = Counter()
    for name in sorted(set(names)):
        if namespaces["desk"][1].reverse_dict.getlist(name)[0][0][0][1]:
            continue
        for username, client in clients.items():
            with plain_refusals():
                status = client.get(reverse(f"desk:{name}")).status_code
            assert status in FINE, (name, username)
            opened[username] += status == 200
            if status in {200, 405}:
                break
    assert opened.total() > 60
    assert all(opened[username] for username in ("admin", "amina", "badr"))


def test_a_letter_that_waited_waits_still(upgraded: tuple[Release, str]) -> None:
    waiting = Letter.objects.get(number=upgraded[0].content["waiting"])
    shown = browser("amina").get(reverse("desk:tray")).content.decode()
    assert waiting.number in shown


def test_a_citizen_follows_a_letter_by_its_code(upgraded: tuple[Release, str]) -> None:
    for number, code in upgraded[0].content["codes"].items():
        client = Client()
        answer = client.post(reverse("portal:follow"), {"number": number, "code": code})
        assert (answer.status_code, answer["Location"]) == (303, reverse("portal:letter"))
        page = client.get(reverse("portal:letter"))
        assert page.status_code == 200
        assert number in page.content.decode()
