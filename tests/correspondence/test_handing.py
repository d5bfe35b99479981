"""A letter is handed over against a signature; who took it stands in the proof and in no log."""

import io
import logging
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageDraw

from correspondence.dispatch import handing, lists, sending
from correspondence.models.dispatch import Dispatch
from correspondence.models.replies import Reply
from org.models import User
from registry.models.letters import Letter
from registry.refusals import DepositRefusedError
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from tests.factories import drain, file

pytestmark = pytest.mark.django_db


def signature(*, drawn: bool = True) -> Any:
    image = Image.new("RGBA", (300, 100), "white")
    if drawn:
        ImageDraw.Draw(image).line((10, 80, 120, 20, 280, 60), fill="black", width=4)
    out = io.BytesIO()
    image.save(out, "PNG")
    return file("signature.png", out.getvalue())


@pytest.fixture
def waiting(approved: Reply, badr: User) -> Dispatch:
    sending.send_reply(approved, actor=badr, method="handed_over")
    for _ in range(3):
        drain("reply.dispatch")
    rows = Dispatch.objects.select_related("letter", "reply__letter", "reply__department")
    return rows.get()


def test_without_a_name_it_waits_at_the_counter(waiting: Dispatch, amina: User) -> None:
    assert waiting.state == "waiting"
    assert lists.at_the_counter(amina).get() == waiting
    assert waiting.letter.documents.filter(media_type="application/pdf").exists()


def test_name_and_signature_make_the_proof(
    waiting: Dispatch, amina: User, register_is_clean: Callable[[], None]
) -> None:
    handing.hand_over(waiting, actor=amina, name="M. Alami", signature=signature())
    dispatch = Dispatch.objects.get()
    assert dispatch.state == "handed_over"
    assert dispatch.proof_file is not None
    assert dispatch.proof["signature"] == dispatch.proof_file.sha256
    assert (dispatch.proof["to"], dispatch.proof["by"]) == ("M. Alami", amina.pk)
    assert "identity" not in dispatch.proof
    assert Reply.objects.get().state == "delivered"
    assert Letter.objects.get(pk=dispatch.letter_id).stage == "closed"
    assert not lists.at_the_counter(amina).exists()
    register_is_clean()
    with pytest.raises(ConflictError):
        handing.hand_over(dispatch, actor=amina, name="M. Alami", signature=signature())


@pytest.mark.parametrize(
    ("name", "given"),
    [
        (" ", signature()),
        ("M. Alami", None),
        ("M. Alami", signature(drawn=False)),
        ("M. Alami", file("note.txt", b"signed")),
    ],
)
def test_what_proves_nothing_is_refused(
    waiting: Dispatch, amina: User, name: str, given: Any
) -> None:
    with pytest.raises(NotAllowedError):
        handing.hand_over(waiting, actor=amina, name=name, signature=given)
    assert Dispatch.objects.get().state == "waiting"


def test_a_broken_picture_is_refused(waiting: Dispatch, amina: User) -> None:
    broken = file("signature.png", b"\x89PNG\r\n\x1a\n broken")
    with pytest.raises(DepositRefusedError):
        handing.hand_over(waiting, actor=amina, name="M. Alami", signature=broken)


def test_an_identity_is_kept_only_where_the_office_asks_and_never_in_the_clear(
    waiting: Dispatch, amina: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.HANDOVER_IDENTITY = True
    identity = handing.Identity("card", "BE123456")
    with caplog.at_level(logging.DEBUG):
        handing.hand_over(
            waiting, actor=amina, name="M. Alami", signature=signature(), identity=identity
        )
    dispatch = Dispatch.objects.get()
    assert handing.identity_of(dispatch) == identity
    assert "BE123456" not in str(dispatch.proof)
    assert "BE123456" not in caplog.text
    assert "BE123456" not in str(list(dispatch.letter.events.values_list("data", flat=True)))


def test_an_identity_that_nobody_asked_for_is_dropped(waiting: Dispatch, amina: User) -> None:
    identity = handing.Identity("card", "BE123456")
    handing.hand_over(
        waiting, actor=amina, name="M. Alami", signature=signature(), identity=identity
    )
    assert "identity" not in Dispatch.objects.get().proof


def test_the_slip_is_a_paper(waiting: Dispatch) -> None:
    assert handing.slip_pdf(waiting).startswith(b"%PDF")


def test_of_others_nothing_is_handed_over(waiting: Dispatch, chafik: User) -> None:
    with pytest.raises(NotAllowedError):
        handing.hand_over(waiting, actor=chafik, name="Moi", signature=signature())
