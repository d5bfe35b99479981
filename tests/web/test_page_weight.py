"""What comes over the wire: pages compressed where no secret can be guessed, pictures kept."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from web.middleware import PageCompression
from web.shared.files import page_picture

ROOT = Path(__file__).resolve().parents[2]
WORDS = "<p>registre d'ordre</p>" * 100
GET = RequestFactory(headers={"accept-encoding": "gzip, br"})


def encoding(client: Client, path: str) -> str:
    answer = client.get(path, headers={"accept-encoding": "gzip"})
    return str(answer.headers.get("Content-Encoding", ""))


@pytest.mark.django_db
def test_a_page_is_compressed_only_where_no_words_of_a_stranger_stand(
    client_as: Callable[[str], Client],
) -> None:
    client = client_as("amina")
    assert encoding(client, "/search/") == "gzip"
    assert encoding(client, "/search/?q=secret") == ""
    assert encoding(client, "/nowhere-at-all/") == ""


@pytest.mark.parametrize(
    ("method", "status", "media_type", "compressed"),
    [
        ("get", 200, "text/html", True),
        ("post", 200, "text/html", False),
        ("get", 403, "text/html", False),
        ("get", 200, "application/pdf", False),
    ],
)
def test_forms_errors_and_files_are_sent_as_they_are(
    method: str, status: int, media_type: str, *, compressed: bool
) -> None:
    page = HttpResponse(WORDS, status=status, content_type=media_type)
    asked = getattr(GET, method)("/page/")
    PageCompression(lambda _request: page)(asked)
    assert (page.headers.get("Content-Encoding") == "gzip") is compressed
    sent = gzip.decompress(page.content) if compressed else page.content
    assert sent.decode() == WORDS


@pytest.mark.django_db
def test_a_picture_comes_once_and_is_asked_for_again(tmp_path: Path) -> None:
    picture = tmp_path / "page.webp"
    picture.write_bytes(b"first")
    first = page_picture(GET.get("/p.webp"), picture)
    first.close()
    assert first.headers["Cache-Control"] == "private, no-cache"
    known = {"if-none-match": first.headers["ETag"]}
    again = page_picture(GET.get("/p.webp", headers=known), picture)
    assert (again.status_code, again.headers["Cache-Control"]) == (304, "private, no-cache")
    os.utime(picture, (1, 1))
    drawn_again = page_picture(GET.get("/p.webp", headers=known), picture)
    drawn_again.close()
    assert drawn_again.status_code == 200


def test_the_fonts_of_a_page_are_light() -> None:
    fonts = ROOT / "web" / "static" / "web" / "vendor" / "sans"
    weighed = {
        script: sum(path.stat().st_size for path in fonts.glob(f"{script}-[456]00.woff2"))
        for script in ("arabic", "latin")
    }
    assert 0 < weighed["arabic"] < 40_000
    assert 0 < weighed["latin"] < 45_000
