"""The fonts that the bench of born-digital PDFs hands to the makers of packages."""

import shutil
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

from benches._makers import file_of

FAMILY = "Bench Plain"


def write_font(path: Path) -> None:
    """Write a font of one sign."""
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", "a"])
    builder.setupCharacterMap({ord("a"): "a"})
    builder.setupGlyf({".notdef": Glyph(), "a": Glyph()})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "a": (500, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": FAMILY, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)


@pytest.mark.skipif(not shutil.which("fc-match"), reason="fontconfig's programs are not here")
@pytest.mark.parametrize("first", ["plain", "packed"])
def test_no_maker_gets_a_font_that_is_packed_for_the_web(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    for name in ("plain", "packed"):
        (tmp_path / name).mkdir()
    plain = tmp_path / "plain" / "Bench.ttf"
    write_font(plain)
    with TTFont(plain) as font:
        font.flavor = "woff"
        font.save(tmp_path / "packed" / "Bench.woff")
    order = sorted(("plain", "packed"), key=lambda name: name != first)
    folders = "".join(f"<dir>{tmp_path / name}</dir>" for name in order)
    config = tmp_path / "fonts.conf"
    config.write_text(
        f"<fontconfig>{folders}<cachedir>{tmp_path / 'cache'}</cachedir></fontconfig>"
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(config))
    assert file_of(FAMILY) == str(plain)
