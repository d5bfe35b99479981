"""The certificates by which the services of a composition know each other."""

import os
import shutil
import socket
import ssl
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.certificates import LIFE, RENEW, main, renew

OWN = os.geteuid()
SERVICES = {"postgres": OWN, "redis": OWN}


def shown_by(folder: Path, name: str, *, trusting: Path) -> str:
    """Shake hands with a service that shows what lies in the folder; the protocol spoken."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            context.wrap_socket(theirs, server_side=True).close()
        except OSError:
            theirs.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        trusted = ssl.create_default_context(cafile=str(trusting))
        with trusted.wrap_socket(ours, server_hostname=name) as secured:
            return secured.version() or ""
    finally:
        ours.close()
        thread.join()


def test_each_service_is_known_by_its_name_and_nobody_elses(tmp_path: Path) -> None:
    assert renew(tmp_path, SERVICES) == ["authority", "postgres", "redis"]
    authority = tmp_path / "office" / "ca.pem"
    for name in ("postgres", "localhost", "127.0.0.1"):
        assert shown_by(tmp_path / "postgres", name, trusting=authority) == "TLSv1.3"
    with pytest.raises(ssl.SSLCertVerificationError):
        shown_by(tmp_path / "postgres", "redis", trusting=authority)
    renew(tmp_path / "other", SERVICES)
    with pytest.raises(ssl.SSLCertVerificationError):
        shown_by(tmp_path / "other" / "postgres", "postgres", trusting=authority)


def test_keys_are_their_users_alone_and_the_office_has_none(tmp_path: Path) -> None:
    renew(tmp_path, SERVICES)
    files = {p.relative_to(tmp_path).as_posix(): p.stat() for p in tmp_path.glob("*/*")}
    keys = {name for name in files if name.endswith("key.pem")}
    assert keys == {f"{name}/key.pem" for name in ("authority", *SERVICES)}
    assert {stat.S_IMODE(files[name].st_mode) for name in keys} == {0o600}
    assert [p.name for p in (tmp_path / "office").iterdir()] == ["ca.pem"]


@pytest.mark.skipif(OWN != 0, reason="only root gives files away")
def test_a_key_is_given_to_the_user_of_its_service(tmp_path: Path) -> None:
    renew(tmp_path, {"postgres": 999})
    assert (tmp_path / "postgres" / "key.pem").stat().st_uid == 999
    assert (tmp_path / "authority" / "key.pem").stat().st_uid == 0
    assert renew(tmp_path, {"postgres": 999}) == []


def test_run_again_it_renews_what_ends_soon_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    then = datetime.now(UTC) - LIFE + RENEW
    renew(tmp_path, {"redis": OWN}, now=then - timedelta(days=1))
    renew(tmp_path, SERVICES, now=then + timedelta(days=1))
    kept = (tmp_path / "postgres" / "key.pem").read_bytes()
    words = [str(tmp_path), f"postgres={OWN}", f"redis={OWN}"]
    assert main(words) == 0
    assert "Made: redis." in capsys.readouterr().out
    assert (tmp_path / "postgres" / "key.pem").read_bytes() == kept
    assert main(words) == 0
    assert "last" in capsys.readouterr().out


def test_an_authority_that_ends_before_its_certificates_is_made_anew_with_them(
    tmp_path: Path,
) -> None:
    renew(tmp_path, SERVICES, now=datetime.now(UTC) - timedelta(days=3000))
    assert renew(tmp_path, SERVICES) == ["authority", "postgres", "redis"]
    shown_by(tmp_path / "redis", "redis", trusting=tmp_path / "office" / "ca.pem")


def test_a_new_authority_ends_nothing_that_the_one_before_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody has to restart everything in one moment."""
    now, day, trusted = datetime.now(UTC), timedelta(days=1), tmp_path / "office" / "ca.pem"
    renew(tmp_path, {"redis": OWN}, now=now - 3550 * day)
    assert renew(tmp_path, SERVICES, now=now - 700 * day) == ["postgres", "redis"]
    shutil.copytree(tmp_path, tmp_path / "before")
    assert renew(tmp_path, SERVICES, now=now - 100 * day) == ["authority"]
    assert shown_by(tmp_path / "redis", "redis", trusting=trusted) == "TLSv1.3"
    shutil.copy(trusted, tmp_path / "since.pem")
    assert main([str(tmp_path), *(f"{name}={OWN}" for name in SERVICES)]) == 0
    assert "Made: postgres, redis." in capsys.readouterr().out
    for shown in (tmp_path / "before", tmp_path):  # of one that was not restarted, and one that was
        assert shown_by(shown / "redis", "redis", trusting=tmp_path / "since.pem") == "TLSv1.3"
        assert shown_by(shown / "redis", "redis", trusting=trusted) == "TLSv1.3"
    with pytest.raises(ssl.SSLCertVerificationError):
        shown_by(tmp_path / "redis", "redis", trusting=tmp_path / "before" / "office" / "ca.pem")
    assert trusted.read_bytes().count(b"BEGIN CERTIFICATE") == 2
    assert renew(tmp_path, SERVICES, now=now + 101 * day) == []
    assert trusted.read_bytes().count(b"BEGIN CERTIFICATE") == 1


def test_an_authority_that_is_taken_away_is_trusted_no_more(tmp_path: Path) -> None:
    renew(tmp_path, SERVICES)
    shutil.copytree(tmp_path, tmp_path / "before")
    shutil.rmtree(tmp_path / "authority")
    renew(tmp_path, SERVICES)
    with pytest.raises(ssl.SSLCertVerificationError):
        shown_by(tmp_path / "before/redis", "redis", trusting=tmp_path / "office" / "ca.pem")


@pytest.mark.parametrize("broken", ["key.pem", "cert.pem"])
def test_a_pair_that_was_half_written_is_made_anew(tmp_path: Path, broken: str) -> None:
    renew(tmp_path, SERVICES)
    renew(tmp_path / "other", SERVICES)
    (tmp_path / "redis" / broken).write_bytes((tmp_path / "postgres" / broken).read_bytes())
    assert renew(tmp_path, SERVICES) == ["redis"]
    (tmp_path / "redis" / broken).write_bytes(b"half")
    assert renew(tmp_path, SERVICES) == ["redis"]


@pytest.mark.parametrize("word", ["redis", "redis=", "=1", "redis=root", "office=0", "../x=0"])
def test_what_is_no_service_with_its_user_is_refused(tmp_path: Path, word: str) -> None:
    with pytest.raises(SystemExit) as told:
        main([str(tmp_path), word])
    assert told.value.code == 2
    assert list(tmp_path.iterdir()) == []
