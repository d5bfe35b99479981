"""Reading the office's own PDFs as a stranger would: with poppler and a QR reader."""

import subprocess
from pathlib import Path

import pypdfium2
import zxingcpp

from registry.files.vault import open_path
from registry.models.files import StoredFile


def text_of_pdf(file: StoredFile, *arguments: str) -> str:
    """What poppler's pdftotext reads, in logical order, presentation forms folded."""
    import unicodedata

    with open_path(file.sha256) as path:
        command = ["pdftotext", *arguments, str(path), "-"]
        said = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return unicodedata.normalize("NFKC", said)


def words_of_pdf(content: bytes) -> str:
    """The text of a PDF that was answered, all pages."""
    with pypdfium2.PdfDocument(content) as paper:
        return "\n".join(page.get_textpage().get_text_bounded() for page in paper)


def codes_of_pdf(file: StoredFile) -> list[str]:
    """The QR codes on its first page, read from the page as a picture."""
    with open_path(file.sha256) as path:
        document = pypdfium2.PdfDocument(path)
        picture = document[0].render(scale=3).to_pil()
        document.close()
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def make_key(
    path: Path,
    *,
    password: bytes,
    name: str = "Bureau d'ordre",
    bits: int = 3072,
    days: int = 30,
    host: str = "bureau.example",
) -> None:
    """A PKCS#12 file with a key and a certificate that it signed itself."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import pkcs12

    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    lock = serialization.BestAvailableEncryption(password)
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"office", key, certificate, None, lock))
