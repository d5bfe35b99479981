"""Checkpoints leave the house on every way that the settings name, and come back as proof."""

import os
import subprocess
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction

from jobs.models import Job
from registry.models.anchors import Anchor
from registry.proof import anchor_channels
from registry.proof.anchoring import anchor_now, queue_checkpoint, try_again
from registry.proof.checkpoints import current
from registry.proof.proving import check_brought
from registry.proof.timestamps import is_issued_by, read_token
from tests.factories import deposit, drain
from tests.plugins.wanting import wanting_service
from tests.registry.proof.outside import Authority, Witness, answering
from tests.services import trickling
from tests.signer.running import LocalSigner

pytestmark = pytest.mark.django_db


@pytest.fixture
def signer(tmp_path: Path, settings: Any) -> Iterator[LocalSigner]:
    found = LocalSigner(tmp_path / "signer")
    settings.SIGNER_SOCKET = found.socket
    yield found
    found.stop()


def anchored() -> Anchor:
    """A letter, and the checkpoint above it, brought to the one place there is."""
    deposit()
    point = current()
    assert point is not None
    anchor_now(point)
    drain("anchor.make")
    return Anchor.objects.get(size=point.size)


def found(told: str) -> set[str]:
    return {problem.code for problem in check_brought([told])}


@pytest.mark.shells_out
def test_a_timestamp_is_verified_by_us_and_by_openssl(
    signer: LocalSigner, settings: Any, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    with answering(authority.answer) as url:
        settings.TIMESTAMP_URL = url
        anchor = anchored()
    assert (anchor.way, anchor.state, anchor.place) == ("timestamp", "done", url)
    token = bytes(anchor.proof or b"")
    read = read_token(token)
    root = x509.load_pem_x509_certificate(authority.roots.read_bytes())
    assert is_issued_by(read, [root])
    assert read.authority == "CN=Time"
    paths = (tmp_path / "note", tmp_path / "token")
    paths[0].write_text(anchor.note)
    paths[1].write_bytes(token)
    told = ("-data", paths[0], "-in", paths[1], "-token_in", "-CAfile", authority.roots)
    subprocess.run(["openssl", "ts", "-verify", *map(str, told)], check=True, capture_output=True)
    assert found(str(paths[1])) == set()
    others = x509.load_pem_x509_certificate((tmp_path / "tsa.pem").read_bytes())
    assert not list(check_brought([str(paths[1])], roots=[root, others]))
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    roots = [x509.load_pem_x509_certificate(Authority(stranger).roots.read_bytes())]
    assert list(check_brought([str(paths[1])], roots=roots))
    forged = bytearray(token)
    forged[-5] ^= 1
    paths[1].write_bytes(forged)
    assert found(str(paths[1])) == {"anchor_refused"}


def test_a_witness_cosigns_what_follows_and_tells_how_far_it_is(
    signer: LocalSigner, settings: Any, tmp_path: Path
) -> None:
    witness = Witness(signer.log.key)
    with answering(witness.answer) as url:
        settings.WITNESS_URLS = [(witness.key, url)]
        first = anchored()
        Anchor.objects.all().delete()  # the office forgot; the witness says where it stands
        second = anchored()
    assert (first.state, second.state) == ("done", "done")
    assert witness.size == second.size
    path = tmp_path / "cosigned"
    path.write_bytes(bytes(second.proof or b""))
    assert found(str(path)) == set()
    path.write_text(path.read_text().replace(f"\n{second.size}\n", f"\n{second.size - 1}\n"))
    assert found(str(path)) == {"anchor_refused"}


def test_a_witness_that_leads_elsewhere_is_not_followed(signer: LocalSigner, settings: Any) -> None:
    asked: list[bytes] = []

    def other(body: bytes) -> tuple[int, bytes]:
        asked.append(body)
        return 200, b""

    with (
        answering(other) as elsewhere,
        answering(lambda _body: (307, elsewhere.encode())) as url,
    ):
        settings.WITNESS_URLS = [(Witness(signer.log.key).key, url)]
        assert anchored().state != "done"
    assert asked == []


def test_an_authority_that_leads_elsewhere_is_not_followed(
    signer: LocalSigner, settings: Any
) -> None:
    asked: list[bytes] = []

    def other(body: bytes) -> tuple[int, bytes]:
        asked.append(body)
        return 200, b""

    with (
        answering(other) as elsewhere,
        answering(lambda _body: (307, elsewhere.encode())) as url,
    ):
        settings.TIMESTAMP_URL = url
        assert anchored().state != "done"
    assert asked == []


def test_the_second_store_and_people_keep_the_note(
    signer: LocalSigner, settings: Any, tmp_path: Path
) -> None:
    settings.ANCHOR_URL = f"file://{tmp_path}/store"
    settings.ANCHOR_WITNESSES = ["cour@example.ma"]
    deposit()
    call_command("anchor")
    drain("anchor.make")
    anchors = list(Anchor.objects.all())
    assert {(a.way, a.state) for a in anchors} == {("store", "done"), ("mail", "done")}
    kept = (tmp_path / "store").iterdir()
    assert [path.read_text() for path in kept] == [anchors[0].note]
    assert mail.outbox[-1].to == ["cour@example.ma"]
    assert anchors[0].note in str(mail.outbox[-1].body)
    assert found("store") == found("anchors") == set()


def test_a_store_of_objects_locks_the_note(signer: LocalSigner, settings: Any) -> None:
    url = os.environ.get("TEST_S3_URL", "")
    if not url:
        wanting_service("TEST_S3_URL names no store")
    settings.ANCHOR_URL = f"{url}&lock_days=1" if "?" in url else f"{url}?lock_days=1"
    assert anchored().state == "done"
    assert found("store") == set()


def test_what_is_away_waits_and_what_is_refused_is_told(
    signer: LocalSigner, settings: Any, tmp_path: Path
) -> None:
    settings.ANCHOR_URL = f"file://{tmp_path}/file/store"
    (tmp_path / "file").write_text("in the way")
    anchor = anchored()
    assert anchor.state == "waiting"
    Anchor.objects.update(state="failed", why="store_away")
    told = StringIO()
    call_command("anchor", "--list", stdout=told)
    assert told.getvalue().endswith(" failed store_away\n")
    (tmp_path / "file").unlink()
    Job.objects.filter(kind="anchor.make").delete()
    anchor.refresh_from_db()
    try_again(anchor)
    drain("anchor.make")
    anchor.refresh_from_db()
    assert (anchor.state, anchor.why) == ("done", "")


def test_the_closing_asks_for_anchors_where_there_is_a_place(
    signer: LocalSigner, settings: Any, tmp_path: Path
) -> None:
    deposit()
    with transaction.atomic():
        queue_checkpoint("2026-11-27")
    assert not Job.objects.filter(kind="anchor.look").exists()
    with pytest.raises(CommandError):
        call_command("anchor")
    settings.ANCHOR_URL = f"file://{tmp_path}/store"
    with transaction.atomic():
        queue_checkpoint("2026-11-27")
    drain("anchor.look")
    drain("anchor.make")
    assert Anchor.objects.get().state == "done"


@pytest.mark.parametrize("answer", [trickling.trickles_headers, trickling.trickles_body])
def test_a_witness_that_trickles_holds_no_worker(
    signer: LocalSigner,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    answer: trickling.Answer,
) -> None:
    monkeypatch.setattr(anchor_channels, "_WHOLE_SECONDS", 0.5)
    with trickling.answering_badly(answer) as url:
        settings.WITNESS_URLS = [(Witness(signer.log.key).key, url)]
        assert anchored().state == "waiting"


def test_an_authority_whose_answer_never_ends_fills_no_memory(
    signer: LocalSigner, settings: Any
) -> None:
    with trickling.answering_badly(trickling.never_ends) as url:
        settings.TIMESTAMP_URL = url
        assert anchored().state == "waiting"
