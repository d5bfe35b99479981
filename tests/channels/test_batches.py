"""A batch of three hundred pages: looked through, shown, mended, registered, letter by letter."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.test import Client
from PIL import Image, ImageDraw

from channels import services
from channels.batch.batches import letters_in
from channels.models import Batch, BatchLetter, Sticker
from org.models import User
from registry.files.vault import open_path
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.refusals import DepositRefusedError
from registry.states import ConflictError
from tests.channels import scans
from tests.factories import drain, pdf_bytes, picture_bytes

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def batch_of(
    content: bytes, amina: User, *, drop_blanks: bool = False, name: str = "scan.pdf"
) -> Batch:
    batch = services.new_batch(
        name=name, stream=io.BytesIO(content), drop_blanks=drop_blanks, actor=amina
    )
    drain("batch.look")
    batch.refresh_from_db()
    return batch


def words_on(letter: Letter) -> list[str]:
    """The picture on each page, by its bytes: they are taken over as they are."""
    with open_path(letter.documents.get().file.sha256) as path, pikepdf.open(path) as pdf:
        return [raw_picture(page) for page in pdf.pages]


def raw_picture(page: Any) -> str:
    return bytes(next(iter(page.get_images().values())).read_raw_bytes()).hex()


def three_hundred() -> tuple[bytes, list[list[int]], int, tuple[int, int]]:
    """The scan; its true letters; the separator that cannot be read; pages with foreign codes."""
    pages: list[Any] = []
    letters: list[list[int]] = []
    labels = scans.stickers(6)
    foreign: list[int] = []
    missed = 0
    while len(pages) < 300:
        number = len(letters)
        if number % 5 == 4 and labels:
            label = labels.pop()  # a sticker in place of a separator
        else:
            label = None
            sheet = scans.separator()
            if number == 7:
                missed = len(pages) + 1
                sheet = scans.smudged(sheet)
            pages.append(sheet)
        size = min(2 + number * 7 % 9, 300 - len(pages))
        if size < 1:
            break
        letters.append(list(range(len(pages) + 1, len(pages) + size + 1)))
        for page in range(size):
            code = ""
            if number in (3, 12) and page == 1:
                code = "https://example.org/menu" if number == 3 else "SIJILL/SEP/1/AAAAAAAAAA"
                foreign.append(len(pages) + 1)
            words = f"Lettre {number} page {page}"
            sticker = label if page == 0 else None
            pages.append(scans.letter_page(words, sticker=sticker, code=code))
    return scans.pdf_of(pages), letters, missed, (foreign[0], foreign[1])


@pytest.mark.slow
def test_three_hundred_pages_with_a_missed_separator_are_mended_and_come_out_right(
    client_as: Browser, amina: User, settings: Any
) -> None:
    settings.UPLOAD_MAX_MB = 200
    content, true_letters, missed, foreign = three_hundred()
    batch = batch_of(content, amina)
    assert (batch.state, len(batch.pages)) == ("open", 300)
    assert [n for n, page in enumerate(batch.pages, 1) if page["foreign"]] == list(foreign)
    proposed = letters_in(batch)
    assert len(proposed) == len(true_letters) - 1  # the missed one: two letters run together

    client = client_as("amina")
    shown = client.get(f"/batches/{batch.pk}/").content.decode()
    assert shown.count('<li id="page-') == 300
    assert shown.count("code étranger") >= 2
    picture = client.get(f"/batches/{batch.pk}/pages/{missed}.webp")
    assert b"".join(picture.streaming_content)[8:12] == b"WEBP"  # type: ignore[attr-defined]
    change = {"change": f"separate:{missed}", "version": "0"}
    assert client.post(f"/batches/{batch.pk}/mend/", change).status_code == 303
    batch.refresh_from_db()
    assert letters_in(batch) == true_letters
    client.post(f"/batches/{batch.pk}/register/", {"version": "1"})
    drain("batch.register")

    batch.refresh_from_db()
    assert batch.state == "registered"
    rows = list(BatchLetter.objects.select_related("letter").order_by("first_page"))
    assert [row.first_page for row in rows] == [pages[0] for pages in true_letters]
    serials = [row.letter.serial for row in rows]
    assert serials == sorted(serials)
    with pikepdf.open(io.BytesIO(content)) as scan:
        raw = [raw_picture(page) for page in scan.pages]
    for row, pages in zip(rows, true_letters, strict=True):
        assert words_on(row.letter) == [raw[page - 1] for page in pages]
        event = LetterEvent.objects.get(letter=row.letter, kind="registered")
        assert (event.data["pages"], event.actor) == (pages, amina)
    stuck = [e for e in LetterEvent.objects.all() if "stickers" in e.data]
    assert len(stuck) >= 4
    known = dict(Sticker.objects.values_list("number", "letter_id"))
    assert known == {number: e.letter_id for e in stuck for number in e.data["stickers"]}


def test_blank_backs_are_left_out_only_when_the_batch_says_so(amina: User) -> None:
    faint = scans.blank_page()
    ImageDraw.Draw(faint).text((600, 900), "Vu.", fill=150, font_size=40)
    pages = [scans.letter_page("Recto"), scans.blank_page(), faint]
    content = scans.pdf_of(pages)

    assert letters_in(batch_of(content, amina)) == [[1, 2, 3]]
    assert letters_in(batch_of(content, amina, drop_blanks=True)) == [[1, 3]]


def test_a_tiff_is_cut_as_well(amina: User) -> None:
    pages = [scans.separator(), scans.letter_page("A"), scans.letter_page("B"), scans.separator()]
    batch = batch_of(scans.tiff_of([*pages, scans.letter_page("C")]), amina, name="scan.tif")
    assert letters_in(batch) == [[2, 3], [5]]

    services.queue_registering(batch.pk, version=0, actor=amina)
    drain("batch.register")

    letters = Letter.objects.filter(from_batch__batch=batch).order_by("serial")
    with open_path(letters[0].documents.get().file.sha256) as path, Image.open(path) as image:
        assert (getattr(image, "n_frames", 0), image.mode) == (2, "1")


def test_registering_again_after_a_crash_registers_only_what_is_missing(amina: User) -> None:
    batch = batch_of(scans.pdf_of([scans.separator(), scans.letter_page("A")] * 3), amina)
    services.queue_registering(batch.pk, version=0, actor=amina)
    calls = 0

    class ChildDied(BaseException):
        pass

    def die(_done: int, _total: int) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise ChildDied

    with pytest.raises(ChildDied):
        services.register_work(str(batch.pk), die)
    assert BatchLetter.objects.count() == 2
    drain("batch.register")

    assert BatchLetter.objects.count() == Letter.objects.filter(channel="scan").count() == 3


def test_two_people_do_not_mend_one_plan_past_each_other(amina: User) -> None:
    batch = batch_of(pdf_bytes("x", pages=4), amina)
    services.mend(batch.pk, move="begin", page=3, version=0)

    with pytest.raises(ConflictError):
        services.mend(batch.pk, move="begin", page=2, version=0)
    with pytest.raises(ConflictError):
        services.queue_registering(batch.pk, version=0, actor=amina)
    assert letters_in(Batch.objects.get()) == [[1, 2], [3, 4]]


@pytest.mark.parametrize("change", ["begin:0", "begin:5", "nonsense:1", "begin:", "", "x" * 90])
def test_a_change_that_is_none_changes_nothing(
    client_as: Browser, amina: User, change: str
) -> None:
    batch = batch_of(pdf_bytes("x", pages=4), amina)

    answer = client_as("amina").post(
        f"/batches/{batch.pk}/mend/", {"change": change, "version": "0"}
    )

    assert answer.status_code == 303
    assert Batch.objects.get().version == 0


@pytest.mark.parametrize(
    "content", [b"%PDF-1.4 broken", picture_bytes(), b"Bonjour", b"MZ" + b"\0" * 50, b""]
)
def test_what_is_no_scan_is_refused(client_as: Browser, content: bytes) -> None:
    upload = io.BytesIO(content)
    upload.name = "scan.pdf"

    answer = client_as("amina").post("/batches/new/", {"files": upload})

    assert answer.status_code == 422
    assert not Batch.objects.exists()


def test_a_scan_comes_in_by_the_page_and_the_list_names_it(client_as: Browser) -> None:
    upload = io.BytesIO(pdf_bytes("x", pages=2))
    upload.name = "lundi.pdf"
    client = client_as("amina")

    answer = client.post("/batches/new/", {"files": upload, "drop_blanks": "1"})

    batch = Batch.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/batches/{batch.pk}/")
    assert batch.drop_blanks
    assert "lundi.pdf" in client.get("/batches/").content.decode()
    assert client.get(f"/batches/{batch.pk}/").status_code == 200  # while it is looked through


def test_sheets_are_printed_and_read_back(client_as: Browser) -> None:
    client = client_as("amina")
    answer = client.get("/batches/sheets.pdf?count=2&both_sides=1")
    assert answer.content[:5] == b"%PDF-"
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 4
    stickers = client.get("/batches/sheets.pdf?count=25&kind=stickers")
    with pikepdf.open(io.BytesIO(stickers.content)) as pdf:
        assert len(pdf.pages) == 2
    assert client.get("/batches/sheets.pdf?count=100000").status_code == 422


def test_a_file_with_too_many_pages_is_refused(amina: User, settings: Any) -> None:
    settings.UPLOAD_MAX_PAGES = 3

    with pytest.raises(DepositRefusedError):
        batch_of(pdf_bytes("x", pages=4), amina)
