"""Pages drawn for the tests: born digital by WeasyPrint, and as pictures of them."""

from __future__ import annotations

import io
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from weasyprint import HTML

from ocr.children import worker_pool
from ocr.children.confined import Child

ARABIC = (
    "السيد المدير العام، أتشرف بأن أتقدم إلى سيادتكم بهذه الشكاية في موضوع انقطاع الماء الصالح"
    " للشرب عن منزلي الكائن بحي السلام منذ يوم الاثنين الماضي، راجيا منكم التدخل العاجل لإصلاح"
    " العطب وإعادة التزويد بالماء في أقرب الآجال، وتقبلوا فائق التقدير والاحترام."
)
FRENCH = (
    "Monsieur le Directeur, j'ai l'honneur de vous adresser la présente réclamation au sujet de la"
    " coupure d'eau potable que connaît mon domicile depuis lundi dernier. Je vous prie de bien"
    " vouloir faire intervenir vos services afin que la fuite soit réparée dans les meilleurs"
    " délais, et vous prie d'agréer mes salutations distinguées."
)
ENGLISH = (
    "Dear Sir, we refer to your invitation to tender for the supply of water meters and would be"
    " grateful if you could send us the complete file. The offer will be submitted before the end"
    " of the month, and we have the honour to be your obedient servants in this matter."
)
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"


def needs_corpus(folder: str) -> Path:
    """A folder of the corpus, or a loud skip."""
    if not (CORPUS / folder).is_dir():
        pytest.skip(f"THE CORPUS IS NOT HERE ({folder}): nothing was tested on real files")
    return CORPUS / folder


def html_pdf(body: str, *, size: str = "A4") -> bytes:
    """A PDF of an HTML body, 14 pt."""
    font = "body { font: 14pt 'Noto Naskh Arabic', 'DejaVu Sans' }"
    style = f"@page {{ size: {size}; margin: 2cm }} {font}"
    pdf = HTML(string=f"<style>{style}</style>{body}").write_pdf()
    assert pdf is not None
    return bytes(pdf)


def paragraph(text: str, *, rtl: bool = False) -> str:
    """A paragraph in its direction."""
    return f"<p dir='{'rtl' if rtl else 'ltr'}'>{text}</p>"


def picture_of(pdf: bytes, *, dpi: int = 150, page: int = 0) -> Image.Image:
    """A page of a PDF as a grey picture."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture: Image.Image = document[page].render(scale=dpi / 72, grayscale=True).to_pil().copy()
        return picture.convert("L")
    finally:
        document.close()


def picture_pdf(picture: Image.Image, *, dpi: int = 150) -> bytes:
    """A PDF that holds a scan and nothing else."""
    out = io.BytesIO()
    picture.convert("L").save(out, "PDF", resolution=dpi)
    return out.getvalue()


def joined_pdf(*parts: bytes) -> bytes:
    """The pages of several PDFs in one."""
    whole = pypdfium2.PdfDocument.new()
    for part in parts:
        whole.import_pages(pypdfium2.PdfDocument(part))
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


@pytest.fixture(scope="session")
def arabic_scan() -> Image.Image:
    """One paragraph of an Arabic letter as a scan at 150 dpi."""
    return picture_of(html_pdf(paragraph(ARABIC, rtl=True), size="A5"))


@pytest.fixture(scope="session")
def french_scan() -> Image.Image:
    """One paragraph of a French letter as a scan at 150 dpi."""
    return picture_of(html_pdf(paragraph(FRENCH), size="A5"))


@pytest.fixture
def fake_tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Put a shell script called tesseract first on PATH; `--version` is answered as it should."""

    def install(script: str) -> Path:
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        program = folder / "tesseract"
        version = 'if [ "$1" = "--version" ]; then echo "tesseract 5.3.0"; exit 0; fi'
        program.write_text(f"#!/bin/sh\n{version}\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
        monkeypatch.setattr(worker_pool, "_start", partial(start_with_a_shell, tmp_path))
        return program

    return install


def start_with_a_shell(folder: Path, path: Path, arguments: list[str]) -> Child:
    """Start a reading child whose engine is a script: it needs a shell, and may write here."""
    programs: list[str | Path] = [folder, "/bin", "/usr/bin"]
    return Child(arguments, reads=[path], writes=[folder], programs=programs)
