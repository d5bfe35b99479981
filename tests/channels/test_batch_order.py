"""Pages of a batch moved and turned by a person, and the documents that come of it."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.test import Client
from PIL import Image

from channels import services
from channels.batch.batches import letters_in
from channels.models import Batch, BatchLetter
from org.models import User
from registry.files.vault import open_path
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.states import ConflictError
from tests.channels import scans
from tests.channels.test_batches import batch_of
from tests.factories import drain, pdf_bytes

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def pages_of(letter: Letter) -> list[tuple[float, int]]:
    """Each page's width, by which it is known here, and its turn."""
    with open_path(letter.documents.get().file.sha256) as path, pikepdf.open(path) as pdf:
        return [(float(page.mediabox[2]), int(page.obj.get("/Rotate", 0))) for page in pdf.pages]


def scan(*widths: int) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for width in widths:
            pdf.add_blank_page(page_size=(width, 842))
        pdf.save(out)
    return out.getvalue()


def mend(client: Client, batch: Batch, change: str, **more: Any) -> str:
    batch.refresh_from_db()
    fields = {"change": change, "version": batch.version, **more}
    answer = client.post(f"/batches/{batch.pk}/mend/", fields)
    assert answer.status_code == 303
    return client.get(answer["Location"]).content.decode()


def test_order_and_turns_are_those_of_the_registered_document(
    client_as: Browser, amina: User
) -> None:
    batch, client = batch_of(scan(501, 502, 503, 504), amina), client_as("amina")
    mend(client, batch, "begin:3")
    assert "déplacée" in mend(client, batch, "before:4", target=1)
    assert "vers la droite" in mend(client, batch, "right:2")
    mend(client, batch, "left:3")
    assert "90°" in mend(client, batch, "take:1")
    batch.refresh_from_db()
    assert letters_in(batch) == [[4, 1, 2], [3]]
    client.post(f"/batches/{batch.pk}/register/", {"version": batch.version})
    drain("batch.register")
    first, second = (row.letter for row in BatchLetter.objects.order_by("-first_page"))
    assert pages_of(first) == [(504, 0), (501, 0), (502, 90)]
    assert pages_of(second) == [(503, 270)]
    said = LetterEvent.objects.get(letter=first, kind="registered").data
    assert (said["pages"], said["turned"]) == ([4, 1, 2], {"2": 90})


def test_a_tiff_s_frames_are_moved_and_turned_too(amina: User) -> None:
    pages = [scans.letter_page("A"), scans.letter_page("B").resize((620, 877))]
    batch = batch_of(scans.tiff_of(pages), amina, name="scan.tif")
    services.mend(batch.pk, move="before", page=2, target=1, version=0)
    services.mend(batch.pk, move="right", page=1, version=1)
    services.queue_registering(batch.pk, version=2, actor=amina)
    drain("batch.register")
    letter = Letter.objects.get(from_batch__batch=batch)
    with open_path(letter.documents.get().file.sha256) as path, Image.open(path) as image:
        sizes = []
        for frame in range(getattr(image, "n_frames", 1)):
            image.seek(frame)
            sizes.append(image.size)
    assert sizes == [(620, 877), (scans.SIZE[1], scans.SIZE[0])]


def test_blank_pages_that_were_dropped_are_said(client_as: Browser, amina: User) -> None:
    content = scans.pdf_of([scans.letter_page("Recto"), scans.blank_page()])
    batch = batch_of(content, amina, drop_blanks=True)
    client = client_as("amina")
    assert "1 page blanche écartée" in client.get(f"/batches/{batch.pk}/").content.decode()
    client.post(f"/batches/{batch.pk}/register/", {"version": 0})
    drain("batch.register")
    letter = Letter.objects.get(from_batch__batch=batch)
    assert LetterEvent.objects.get(letter=letter, kind="registered").data["left_out"] == [2]
    page = client.get(f"/letters/{letter.pk}/").content.decode()
    assert "page laissée de côté" in page


def test_changes_are_undone_one_by_one(client_as: Browser, amina: User) -> None:
    batch, client = batch_of(pdf_bytes("x", pages=3), amina), client_as("amina")
    mend(client, batch, "begin:2")
    mend(client, batch, "before:3", target=1)
    mend(client, batch, "right:1")
    for letters in ([[3, 1], [2]], [[1], [2, 3]], [[1, 2, 3]]):
        assert "annulée" in mend(client, batch, "undo")
        batch.refresh_from_db()
        assert letters_in(batch) == letters
    assert batch.turns == {}
    assert "Rien" in mend(client, batch, "undo")
    batch.refresh_from_db()
    assert batch.version == 6


def test_a_registered_letter_keeps_its_pages(client_as: Browser, amina: User) -> None:
    batch, client = batch_of(pdf_bytes("x", pages=3), amina), client_as("amina")
    mend(client, batch, "begin:3")
    services.queue_registering(batch.pk, version=1, actor=amina)
    drain("batch.register")
    BatchLetter.objects.get(first_page=3).delete()
    Batch.objects.update(state="open")
    for change in ("right:1", "drop:2", "after:3", "undo"):
        assert "déjà enregistré" in mend(client, batch, change, target=1)
    with pytest.raises(ConflictError):
        services.mend(batch.pk, move="after", page=3, target=1, version=1)
    assert "tournée" in mend(client, batch, "right:3")


def test_who_comes_too_late_is_told_and_nothing_changes(client_as: Browser, amina: User) -> None:
    batch, client = batch_of(pdf_bytes("x", pages=3), amina), client_as("amina")
    mend(client, batch, "right:1")
    client.post(f"/batches/{batch.pk}/mend/", {"change": "right:1", "version": "0"})
    assert "ont changé entre-temps" in client.get(f"/batches/{batch.pk}/").content.decode()
    for change in ("before:1", "after:9", "undo:", "later:0"):
        mend(client, batch, change, target="x")
    batch.refresh_from_db()
    assert batch.turns == {}  # the one change was undone, the others fit no page


def test_pictures_are_large_and_turned(client_as: Browser, amina: User) -> None:
    batch, client = batch_of(pdf_bytes("x", pages=2), amina), client_as("amina")
    address = f"/batches/{batch.pk}/pages/1.webp"

    def size(query: str) -> tuple[int, int]:
        answer: Any = client.get(address + query)
        return Image.open(io.BytesIO(b"".join(answer.streaming_content))).size

    wide, high = size("")
    large = size("?large=1")
    assert large[0] > 2 * wide
    mend(client, batch, "right:1")
    assert size("?turn=90")[0] > size("?turn=90")[1]
    assert size("?large=1&turn=90")[0] > size("?large=1&turn=90")[1]
    assert high > wide
