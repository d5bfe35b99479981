"""Backups: encrypted, incremental, tried aside, and refused where they would hurt."""

import asyncio
import io
import os
import threading
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import asyncssh
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.translation import override

from channels.mailbox.models import Mailbox, MailItem
from config.backup.checking import check_backup
from config.backup.encryption import EncryptionError, identities_in, make_identity
from config.backup.making import (
    forget,
    make_backup,
    snapshot_names,
    working_folder,
    working_root,
)
from config.backup.places import FolderPlace, Place, PlaceError, place_of
from config.backup.restoring import RestoreError, manifest, restore
from registry.files.vault import FileVault, get_vault, store
from tests.factories import deposit


@pytest.fixture
def identity(tmp_path: Path) -> tuple[Path, str]:
    path = tmp_path / "identity"
    return path, make_identity(path)


@pytest.fixture
def sftp(tmp_path: Path) -> Iterator[str]:
    """A server of its own, with a host key that the client is told of."""
    host, person = asyncssh.generate_private_key("ssh-ed25519"), tmp_path / "person"
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(str(person))
    known, root = tmp_path / "known_hosts", tmp_path / "away"
    root.mkdir()
    found: dict[str, Any] = {}
    started = threading.Event()
    clients: list[asyncssh.SSHServerConnection] = []

    class Server(asyncssh.SSHServer):
        def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
            clients.append(conn)

    async def serve() -> None:
        found["loop"], found["over"] = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=Server,
            server_host_keys=[host],
            authorized_client_keys=asyncssh.import_authorized_keys(
                key.export_public_key().decode()
            ),
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(root).encode()),
        )
        found["port"] = server.get_port()
        started.set()
        await found["over"].wait()
        server.close()
        for client in clients:
            client.abort()
        await asyncio.gather(*(client.wait_closed() for client in clients))

    # asyncio.run ends what still serves a client: a task left to the garbage collector logs its
    # end in the midst of whatever another test does then.
    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert started.wait(30)
    port = found["port"]
    known.write_text(f"[127.0.0.1]:{port} {host.export_public_key().decode()}")
    yield f"sftp://clerk@127.0.0.1:{port}/office?key={person}&known_hosts={known}"
    found["loop"].call_soon_threadsafe(found["over"].set)
    thread.join(30)
    assert not thread.is_alive()


def path_of(sha256: str) -> Path:
    vault = get_vault()
    assert isinstance(vault, FileVault)
    return vault.path_of(sha256)


def _holds(place: Place, tmp_path: Path) -> None:
    """What every place must do."""
    source, back = tmp_path / "source", tmp_path / "back"
    source.write_bytes(b"first")
    assert list(place.names("here")) == []
    place.put("here/ab/one", source)
    place.put("here/two", source)
    source.write_bytes(b"second")
    place.put("here/two", source)  # written again, whole
    assert sorted(place.names("here")) == ["here/ab/one", "here/two"]
    place.get("here/two", back)
    assert back.read_bytes() == b"second"
    with pytest.raises(PlaceError):
        place.get("here/three", back)
    place.remove("here/two")
    place.remove("here/two")
    place.remove("here/ab/one")
    assert list(place.names("here")) == []


def test_a_folder_holds_what_is_put_there(tmp_path: Path) -> None:
    _holds(place_of(str(tmp_path / "away")), tmp_path)


def test_an_sftp_server_holds_what_is_put_there(sftp: str, tmp_path: Path) -> None:
    _holds(place_of(sftp), tmp_path)
    with override("fr"), pytest.raises(PlaceError, match="n’est pas encore connue"):
        place_of(sftp.partition("&known_hosts")[0])


def test_an_sftp_server_that_refuses_is_told_in_words(sftp: str, tmp_path: Path) -> None:
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(str(tmp_path / "other"))
    parts = urlsplit(sftp)
    known = parse_qs(parts.query)["known_hosts"][0]
    address = f"sftp://{parts.netloc}{parts.path}?key={tmp_path / 'other'}&known_hosts="
    with override("fr"):
        with pytest.raises(PlaceError, match="la clé ou le mot de passe est refusé"):
            place_of(f"{address}{known}")
        host = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
        (tmp_path / "forged").write_text(f"[127.0.0.1]:{parts.port} {host}")
        with pytest.raises(PlaceError, match="présente une autre clé"):
            place_of(f"{address}{tmp_path / 'forged'}")


@pytest.mark.production
def test_a_bucket_holds_what_is_put_there(tmp_path: Path) -> None:
    if not os.environ.get("TEST_S3_URL"):
        pytest.skip("no object store in this profile (TEST_S3_URL)")
    url = os.environ["TEST_S3_URL"]
    _holds(place_of(url), tmp_path)
    parts = urlsplit(url)
    other = urlunsplit(parts._replace(path="/no-such-bucket"))
    (tmp_path / "one").write_text("x")
    with override("fr"), pytest.raises(PlaceError, match=r"^one: ce compartiment n’existe pas$"):
        place_of(other).put("one", tmp_path / "one")
    named = parts._replace(netloc=f"{parts.username}:wrong@{parts.hostname}:{parts.port}")
    with override("fr"), pytest.raises(PlaceError, match=r"^one: .* est refusé$"):
        place_of(urlunsplit(named)).put("one", tmp_path / "one")


@pytest.mark.parametrize("url", ["", "ftp://host/x", "sftp:///x", "file://host/x"])
def test_no_place_is_guessed(url: str) -> None:
    with pytest.raises(PlaceError):
        place_of(url)


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_made_twice_and_tried(tmp_path: Path, identity: tuple[Path, str]) -> None:
    first, second = deposit(), deposit()
    assert first.letter.number != second.letter.number
    path, recipient = identity
    place = FolderPlace(tmp_path / "away")
    made = make_backup(place, recipients=[recipient])
    assert (made.letters, made.copied) == (2, made.originals)
    for name in place.names(""):
        assert place.root.joinpath(name).read_bytes().startswith(b"age-encryption.org/v1")
    again = make_backup(place, recipients=[recipient])
    assert (again.copied, again.originals) == (0, made.originals)
    assert snapshot_names(place) == sorted([made.id, again.id], reverse=True)
    with pytest.raises(EncryptionError):
        manifest(place, [])
    told = check_backup(str(place.root), identity=str(path))
    assert (told["letters"], told["lost"], told["verified"]) == (2, [], True), told
    other = make_identity(tmp_path / "other")
    for_another = make_backup(place, recipients=[other])  # encrypted anew: the old key may be gone
    assert for_another.copied == for_another.originals
    place.remove(f"snapshots/{for_another.id}")
    assert forget(place, keep=1) == [min(made.id, again.id)]
    with pytest.raises(RestoreError, match="contient des courriers"):
        restore(place, identities=identities_in(path))


@pytest.mark.django_db(transaction=True)
def test_a_damaged_original_is_named(tmp_path: Path) -> None:
    deposit()
    place = FolderPlace(tmp_path / "away")
    make_backup(place)
    name = next(place.names("originals"))
    place.root.joinpath(name).write_bytes(b"another")
    told = check_backup(str(place.root))
    assert told["lost"] == [name.rpartition("/")[2]]
    assert not told["verified"]


@pytest.mark.django_db(transaction=True)
def test_what_the_register_does_not_hold_is_copied_too_and_what_is_lost_is_told(
    tmp_path: Path,
) -> None:
    letter = deposit().letter
    aside = store(io.BytesIO(b"a mail that was set aside"))
    now = timezone.now()
    mailbox = Mailbox.objects.create(name="imap.example.ma office INBOX")
    MailItem.objects.create(
        mailbox=mailbox, uidvalidity=1, uid=1, sha256=aside.sha256, arrived_at=now, seen_at=now
    )
    gone = letter.documents.get().file.sha256
    path_of(gone).rename(tmp_path / "gone")
    place = FolderPlace(tmp_path / "away")
    try:
        made = make_backup(place)  # none less than it was, for one that is lost
    finally:
        (tmp_path / "gone").rename(path_of(gone))
    assert made.missing == (gone,)
    assert f"originals/{aside.sha256[:2]}/{aside.sha256}" in set(place.names("originals"))


@pytest.mark.django_db
def test_one_backup_at_a_time_and_nothing_is_left_of_a_killed_one(tmp_path: Path) -> None:
    left = working_root() / "tmpkilled"
    left.mkdir()
    with working_folder() as folder:
        assert not left.exists()
        with pytest.raises(PlaceError, match="en cours"), working_folder():
            pass
    assert not folder.exists()


@pytest.mark.django_db
def test_the_commands_say_what_is_missing(tmp_path: Path) -> None:
    for line in (["backup"], ["backup", str(tmp_path)], ["restore"]):
        with pytest.raises(CommandError) as refused:
            call_command(*line)
        assert refused.value.returncode == 2
    with pytest.raises(CommandError, match="pas de sauvegarde"):
        call_command("restore", str(tmp_path))
    with pytest.raises(CommandError, match="La sauvegarde a échoué"):
        call_command("backup", str(tmp_path), "--recipient", "age1wrong")
    out = StringIO()
    call_command("backup", "--make-identity", str(tmp_path / "key"), stdout=out, stderr=StringIO())
    assert out.getvalue().startswith("age1")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_a_full_disk_is_told_in_the_language_of_the_office(tmp_path: Path) -> None:
    """Nothing is left of the file under its name."""
    (tmp_path / "place").mkdir()
    (tmp_path / "place" / "one.part").symlink_to("/dev/full")
    (tmp_path / "one").write_bytes(b"x" * 100)
    place = place_of(str(tmp_path / "place"))
    with override("fr"), pytest.raises(PlaceError, match="one: le disque est plein"):
        place.put("one", tmp_path / "one")
    assert not list((tmp_path / "place").iterdir())
