"""Uploads made PDF/A: proven by veraPDF, same look, same text in the same order; or refused."""

from __future__ import annotations

import io
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageChops

from registry.archival import pdfa
from registry.archival.child import ALLOWANCE
from registry.archival.converting import MOST_PIXELS
from registry.archival.making import Conversion, make_archival
from registry.archival.pdf_comparison import text_is_lost
from registry.archival.problems import NotArchival
from tests.factories import own_pdf, pdf_bytes
from tests.plugins.wanting import wanting_service
from tests.services import verapdf
from tests.services.process import ServiceMissingError

pytestmark = pytest.mark.slow  # Java, Ghostscript and a child for each paper
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
ARABIC = "السيد المدير العام، رقم 12/2024 بتاريخ 13/05/2024"


def made(tmp_path: Path, content: bytes, *, conversion: Conversion = "text") -> Path:
    """The content made PDF/A, judged by veraPDF where there is Java."""
    out = unjudged(tmp_path / "made.pdf", content, conversion=conversion)
    assert judged(out) == []
    return out


def unjudged(out: Path, content: bytes, *, conversion: Conversion = "text") -> Path:
    """The content made PDF/A: for several that are judged at once, by one Java."""
    source = out.with_name("source")
    source.write_bytes(content)
    make_archival(source, out, conversion=conversion, language="fr")
    return out


def judged(*files: Path) -> list[str]:
    """What veraPDF finds wrong in these files."""
    try:
        found = verapdf.problems_of(files)
    except ServiceMissingError as missing:
        wanting_service(f"veraPDF: {missing}")
    return [f"{path.name}: {one}" for path, rules in found.items() for one in rules]


def refused(tmp_path: Path, content: bytes, *, conversion: Conversion = "text") -> str:
    source = tmp_path / "source"
    source.write_bytes(content)
    with pytest.raises(NotArchival) as error:
        make_archival(source, tmp_path / "made.pdf", conversion=conversion)
    assert not (tmp_path / "made.pdf").exists()
    return error.value.code


def seen(pdf: bytes | Path, page: int = 0) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    try:
        picture: Image.Image = document[page].render(scale=1).to_pil()
        return picture.convert("L").resize((120, 160))
    finally:
        document.close()


def apart(one: Image.Image, other: Image.Image) -> int:
    """How far the worst point of one small picture is from the other's, of 255."""
    return max(ImageChops.difference(one, other).tobytes())


def words(path: Path) -> str:
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def changed(content: bytes, change: Any) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def fonts_of(path: Path) -> list[Any]:
    with pikepdf.open(path) as pdf:
        fonts = [font for page in pdf.pages for font in page.obj.Resources.Font.values()]
        inner = [font.get("/DescendantFonts", [font])[0] for font in fonts]
        return [[key for key in one.FontDescriptor if "FontFile" in key] for one in inner]


def test_a_pdf_with_its_fonts_is_taken_over_as_it_is(tmp_path: Path) -> None:
    content = own_pdf(f"Voici notre réponse.<br><span dir=rtl>{ARABIC}</span>", pages=2)
    out = made(tmp_path, content)
    assert apart(seen(content, 1), seen(out, 1)) < 3
    (tmp_path / "before.pdf").write_bytes(content)
    assert words(out) == words(tmp_path / "before.pdf")
    assert "السيد المدير العام" in words(out)
    assert all(fonts_of(out))
    with pikepdf.open(out) as pdf:
        assert pdfa.claims(pdf)
        assert len(pdf.pages) == 2


def test_fonts_that_are_named_and_not_brought_are_put_in(tmp_path: Path) -> None:
    """As Word leaves them out: the letters stand where they stood, and the rest is untouched."""
    outs = []
    for name in ("Times New Roman,Bold", "ArialMT", "Courier"):
        content = named_as_by_word(name)
        outs.append(out := unjudged(tmp_path / f"{name}.pdf", content))
        assert words(out) == "Réponse à votre lettre: été 2026"
        assert fonts_of(out) == [["/FontFile2"]]
        with pikepdf.open(out) as pdf:
            wide = 722 if name.startswith("Times") else 600
            assert round(float(pdf.pages[0].obj.Resources.Font.F1.Widths[ord("R")])) == wide
    assert judged(*outs) == []


def named_as_by_word(name: str) -> bytes:
    """A page whose font is named, with its widths, and not brought."""
    of_times = {"R": 722, "é": 444, "p": 556, "n": 556, "s": 389, "e": 444, "t": 333, "r": 444}
    of_times |= {" ": 250, "l": 278, ":": 333}
    widths = [
        of_times.get(bytes([code]).decode("cp1252", "ignore"), 500) for code in range(32, 256)
    ]

    def as_word(pdf: pikepdf.Pdf) -> None:
        font = pdf.pages[0].obj.Resources.Font.F1
        font.Subtype, font.BaseFont = Name.TrueType, Name("/" + name)
        font.FirstChar, font.LastChar = 32, 255
        font.Widths = Array(widths if name.startswith("Times") else [600] * 224)
        font.FontDescriptor = Dictionary(Type=Name.FontDescriptor, Flags=32, FontName=font.BaseFont)

    return changed(pdf_bytes("Réponse à votre lettre: été 2026"), as_word)


def test_what_runs_or_leads_outside_is_gone_and_what_forms_show_stays(tmp_path: Path) -> None:
    def armed(pdf: pikepdf.Pdf) -> None:
        script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
        pdf.Root.OpenAction = script
        pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))
        pdf.attachments["run.exe"] = b"MZ"
        page = pdf.pages[0]
        page.obj.AA = Dictionary(O=script)
        ink = pdf.make_stream(
            b"0 0 1 rg 0 0 100 40 re f",
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=[0, 0, 100, 40],
        )
        shown = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Stamp,
            F=4,
            Rect=[300, 300, 400, 340],
            AP=Dictionary(N=ink),
        )
        link = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=[0, 0, 99, 99],
            A=Dictionary(S=Name.URI, URI=String("http://evil.example/")),
        )
        page.obj.Annots = Array([pdf.make_indirect(shown), pdf.make_indirect(link)])

    content = changed(own_pdf("Bonjour"), armed)
    out = made(tmp_path, content)
    with pikepdf.open(out) as pdf:
        said = b"".join(bytes(thing.unparse(resolved=True)) for thing in pdf.objects)
        assert set(pdf.Root.keys()) <= {
            *("/Type", "/Pages", "/OutputIntents", "/MarkInfo", "/Lang", "/Metadata", "/Version"),
            "/Extensions",
        }
    for word in (b"JavaScript", b"/JS", b"/URI", b"evil", b"EmbeddedFile", b"/AA", b"OpenAction"):
        assert word not in said
    assert apart(seen(content), seen(out)) < 3
    assert seen(out).tobytes()[100 * 120 + 70] < 128  # the stamp's ink


def test_what_is_locked_signed_damaged_or_no_pdf_is_refused_by_name(tmp_path: Path) -> None:
    for owner, user in (("a", "b"), ("a", "")):
        with pikepdf.open(io.BytesIO(own_pdf("Secret"))) as pdf:
            out = io.BytesIO()
            pdf.save(out, encryption=pikepdf.Encryption(owner=owner, user=user))
        assert refused(tmp_path, out.getvalue()) == "encrypted"
        assert refused(tmp_path, out.getvalue(), conversion="pictures") == "encrypted"
    assert refused(tmp_path, b"%PDF-1.7\nnothing") == "damaged"
    assert refused(tmp_path, b"MZ") == "damaged"
    assert refused(tmp_path, b"MZ", conversion="image") == "damaged"

    def sign(pdf: pikepdf.Pdf) -> None:
        field = Dictionary(FT=Name.Sig, T=String("S"), V=Dictionary(Type=Name.Sig))
        pdf.Root.AcroForm = Dictionary(Fields=Array([Dictionary(Kids=Array([field]))]))

    content = changed(own_pdf("Signé"), sign)
    assert refused(tmp_path, content) == "signed"
    made(tmp_path, content, conversion="unsigned")


def test_ink_of_print_needs_ghostscript_and_is_refused_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cyan(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].contents_add(b"q 0.6 0.1 0 0 k 300 300 90 90 re f Q")

    content = changed(own_pdf("Encre"), cyan)
    if shutil.which("gs"):
        out = made(tmp_path, content)
        assert "Encre" in words(out)
        assert apart(seen(content), seen(out)) < 60
        out.unlink()
    monkeypatch.setenv("PATH", "/nowhere")
    assert refused(tmp_path, content) == "unfit"


def test_pages_as_pictures_are_as_large_and_look_the_same(tmp_path: Path) -> None:
    content = changed(own_pdf("Paysage", pages=2), lambda pdf: setattr(pdf.pages[0], "Rotate", 90))
    out = made(tmp_path, content, conversion="pictures")
    assert words(out) == ""
    with pikepdf.open(out) as pdf:
        assert [float(pdf.pages[0].mediabox[2]), len(pdf.pages)] == [pytest.approx(842, abs=1), 2]
    assert apart(seen(content), seen(out)) < 60


def test_an_image_becomes_a_page(tmp_path: Path) -> None:
    outs = []
    for form in ("PNG", "JPEG", "TIFF"):
        image = io.BytesIO()
        frames = [Image.new("RGB", (620, 877), colour) for colour in ("white", "red")]
        more = {"save_all": True, "append_images": frames[1:]} if form == "TIFF" else {}
        frames[0].save(image, form, dpi=(75, 75), **more)
        outs.append(unjudged(tmp_path / f"{form}.pdf", image.getvalue(), conversion="image"))
        with pikepdf.open(outs[-1]) as pdf:
            assert len(pdf.pages) == (2 if form == "TIFF" else 1)
            assert float(pdf.pages[0].mediabox[2]) == pytest.approx(595, abs=2)
    assert judged(*outs) == []


def test_a_huge_scan_is_made_smaller_before_anything_else(tmp_path: Path) -> None:
    huge = Image.new("1", (12_000, 10_000), 1)
    huge.paste(0, (0, 0, 6_000, 10_000))
    content = io.BytesIO()
    huge.save(content, "TIFF", compression="group4", dpi=(1200, 1200), tiffinfo={0x0112: 6})
    assert (ALLOWANCE.memory_bytes or 0) < 550_000_000  # with the libraries, below 600 MB
    out = unjudged(tmp_path / "made.pdf", content.getvalue(), conversion="image")
    with pikepdf.open(out) as pdf:
        assert [float(edge) for edge in pdf.pages[0].MediaBox] == [0, 0, 600, 720]
        [picture] = pdf.pages[0].images.values()
        assert picture.Width * picture.Height <= MOST_PIXELS
    upright = seen(out)
    assert upright.getpixel((60, 40)) == 0
    assert upright.getpixel((60, 120)) == 255


def test_lost_or_reordered_text_is_noticed() -> None:
    before = "السيد المدير العام لشركة الماء والكهرباء بالجديدة وسيدي بنور"
    assert not text_is_lost(before, before + " وأكثر")
    assert text_is_lost(before, before[::-1])
    assert text_is_lost(before, before[: len(before) // 2])
    assert text_is_lost("Voici notre réponse", "")


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
def test_word_s_arabic_letters_keep_their_text(tmp_path: Path) -> None:
    files = sorted((CORPUS / "ar-admin-morocco").rglob("*.pdf"))[:3]
    assert files
    outs = []
    for number, path in enumerate(files):
        outs.append(tmp_path / f"{number}.pdf")
        make_archival(path, outs[-1], conversion="text")
        assert words(outs[-1]) == words(path)
    assert judged(*outs) == []


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
def test_hostile_files_end_in_time_and_by_name(tmp_path: Path) -> None:
    files = sorted((CORPUS / "hostile").rglob("*.pdf"))[::9]
    outs = []
    for number, path in enumerate(files):
        out, began = tmp_path / f"{number}.pdf", time.monotonic()
        try:
            make_archival(path, out, conversion="text", seconds=20)
            outs.append(out)
        except NotArchival as problem:
            assert problem.code  # noqa: PT017 - either answer is right
        assert time.monotonic() - began < 25
    assert outs
    assert judged(*outs) == []
