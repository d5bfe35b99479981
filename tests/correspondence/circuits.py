"""Circuits, keys and signed papers for tests."""

import io
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from correspondence.models.replies import Reply
from correspondence.models.steps import Circuit
from correspondence.replies import circuit as replies_circuit
from correspondence.replies import drafting
from correspondence.replies.editing import CircuitData, StepData, save_circuit
from org.models import User
from registry.files.vault import open_path
from routing.models.assignments import Assignment
from tests.factories import drain, person

VISA_THEN_SIGNATURE = (StepData(1, "visa", "head"), StepData(2, "signature", "director"))


def circuit(steps: Iterable[StepData] = VISA_THEN_SIGNATURE, **more: Any) -> Circuit:
    """A circuit of all departments, as the administrator writes it."""
    data = CircuitData(
        name_ar="مسطرة", name_fr="Circuit", name_en="Circuit", steps=tuple(steps), **more
    )
    return save_circuit(data, actor=person("admin"))


def submitted(accepted: Assignment, **words: Any) -> Reply:
    """A reply of Badr's that he has handed in."""
    badr = person("badr")
    given = {"subject": "Votre fuite", "body": "La fuite est réparée."} | words
    reply = drafting.draft_reply(accepted.letter, actor=badr, **given)
    return fresh(replies_circuit.submit_reply(reply, actor=badr))


def fresh(reply: Reply) -> Reply:
    """The reply as a page loads it."""
    return Reply.objects.select_related("letter", "department", "file").get(pk=reply.pk)


def visaed(accepted: Assignment, **words: Any) -> Reply:
    """The same with the visa of its head."""
    return fresh(
        replies_circuit.approve_reply(submitted(accepted, **words), actor=person("dounia"))
    )


def signed(accepted: Assignment, *, by: User | None = None, **words: Any) -> Reply:
    """Signed by the director, and its paper filed."""
    reply = visaed(accepted, **words)
    replies_circuit.sign_reply(reply, actor=by or person("direction"))
    drain("reply.sign")
    return fresh(reply)


def paper_of(reply: Reply) -> bytes:
    """The signed paper's bytes."""
    assert reply.signed_file is not None
    with open_path(reply.signed_file.sha256) as path:
        return path.read_bytes()


def words_of(pdf: bytes) -> str:
    """What poppler reads in a PDF."""
    return subprocess.run(
        ["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


def pdfsig(pdf: bytes, folder: Path) -> str:
    """What poppler, which is not ours, says of a PDF's signatures."""
    path = folder / "signed.pdf"
    path.write_bytes(pdf)
    home = {**os.environ, "HOME": str(folder)}  # with no certificates of the machine's user
    done = subprocess.run(
        ["pdfsig", str(path)], capture_output=True, text=True, check=False, env=home
    )
    return done.stdout + done.stderr


def flipped(pdf: bytes) -> bytes:
    """One byte of the first page's content changed, inside what was signed."""
    place = pdf.index(b"stream\n") + 40
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def rewritten(pdf: bytes) -> bytes:
    """The same file with another title, put behind what was signed: an incremental update."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    title: Any = {generic.pdf_name("/Title"): generic.pdf_string("X")}
    writer.set_info(generic.DictionaryObject(title))  # type: ignore[no-untyped-call]
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()
