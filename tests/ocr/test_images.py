"""Pictures of every kind come out upright, grey, on white, and bounded."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr.errors import Unreadable
from ocr.limits import Limits
from ocr.picture.images import Pictures, flat


def drawn(mode: str = "L", size: tuple[int, int] = (120, 80)) -> Image.Image:
    """White with a black bar along the top."""
    picture = Image.new("L", size, 255)
    ImageDraw.Draw(picture).rectangle((0, 0, size[0], 9), fill=0)
    return picture.convert(mode)


def opened(path: Path, number: int = 1, limits: Limits | None = None) -> Image.Image:
    pages = Pictures(path, limits or Limits())
    try:
        return pages.picture(number)
    finally:
        pages.close()


def bar_is_on_top(picture: Image.Image) -> bool:
    values = np.asarray(picture)
    return bool(values[:5].mean() < 60 and values[-5:].mean() > 200)


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("a.png", "L"),
        ("a.png", "1"),
        ("a.png", "P"),
        ("a.png", "RGB"),
        ("a.jpg", "CMYK"),
        ("a.jpg", "L"),
        ("a.webp", "RGB"),
        ("a.bmp", "RGB"),
        ("a.tif", "CMYK"),
        ("a.tif", "LAB"),
    ],
)
def test_colour_modes_come_out_grey(tmp_path: Path, name: str, mode: str) -> None:
    source = drawn("RGB") if mode == "LAB" else drawn(mode)
    source.save(tmp_path / name)
    picture = opened(tmp_path / name)
    assert picture.mode == "L"
    assert bar_is_on_top(picture)


def test_sixteen_bits_keep_their_contrast(tmp_path: Path) -> None:
    deep = (np.asarray(drawn()).astype(np.uint16) * 16) + 100  # a 12-bit scanner
    Image.fromarray(deep).save(tmp_path / "a.tif")
    assert bar_is_on_top(opened(tmp_path / "a.tif"))


def test_transparent_ground_is_white(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (120, 80), (0, 0, 0, 0))
    ImageDraw.Draw(clear).rectangle((0, 0, 120, 9), fill=(0, 0, 0, 255))
    clear.save(tmp_path / "a.png")
    assert bar_is_on_top(opened(tmp_path / "a.png"))


@pytest.mark.parametrize(("orientation", "turn"), [(6, 90), (3, 180), (8, 270)])
def test_a_phone_photo_is_turned_by_its_exif(tmp_path: Path, orientation: int, turn: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    drawn("RGB").rotate(turn, expand=True).save(tmp_path / "a.jpg", exif=exif, quality=95)
    picture = opened(tmp_path / "a.jpg")
    assert picture.size == (120, 80)
    assert bar_is_on_top(picture)


def test_heic_photos_are_read(tmp_path: Path) -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
    drawn("RGB").save(tmp_path / "a.heic")
    assert bar_is_on_top(opened(tmp_path / "a.heic"))


def test_every_frame_of_a_tiff_is_a_page(tmp_path: Path) -> None:
    frames = [drawn(), drawn().rotate(180), drawn()]
    frames[0].save(tmp_path / "a.tif", save_all=True, append_images=frames[1:])
    pages = Pictures(tmp_path / "a.tif", Limits())
    assert pages.total == 3
    assert [bar_is_on_top(pages.picture(n)) for n in (1, 2, 3)] == [True, False, True]
    pages.close()


def test_too_many_frames_are_refused(tmp_path: Path) -> None:
    frames = [Image.new("1", (8, 8), 1)] * 12
    frames[0].save(tmp_path / "a.tif", save_all=True, append_images=frames[1:])
    with pytest.raises(Unreadable) as caught:
        Pictures(tmp_path / "a.tif", Limits(pages=10))
    assert caught.value.code == "too_large"


def png_claiming(width: int, height: int) -> bytes:
    """A PNG whose header claims a size and whose pixels pack to almost nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b"")


def test_a_picture_of_gigapixels_is_refused_before_decoding(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png_claiming(65_500, 65_500))
    with pytest.raises(Unreadable) as caught:
        opened(tmp_path / "a.png")
    assert caught.value.code == "too_large"


def test_a_large_picture_is_reduced_to_working_size(tmp_path: Path) -> None:
    drawn(size=(3000, 2000)).save(tmp_path / "a.png")
    picture = opened(tmp_path / "a.png", limits=Limits(working_pixels=1_500_000))
    assert picture.width * picture.height <= 1_500_000
    assert bar_is_on_top(picture)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif", "a.webp"])
def test_a_truncated_picture_is_damaged(tmp_path: Path, name: str) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 200), dtype=np.uint8)
    Image.fromarray(noise).convert("RGB").save(tmp_path / name)
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data[: len(data) // 2])
    with pytest.raises(Unreadable) as caught:
        opened(tmp_path / name)
    assert caught.value.code == "damaged"


def test_postscript_is_never_handed_to_an_interpreter(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n"
    )
    with pytest.raises(Unreadable):
        opened(tmp_path / "a.png")


@pytest.mark.parametrize("mode", ["RGBA", "LA", "I", "CMYK", "1", "P"])
def test_any_mode_can_be_shown(mode: str) -> None:
    assert flat(drawn("L").convert(mode)).mode in {"L", "RGB"}
