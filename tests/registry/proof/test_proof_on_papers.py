"""A receipt and the page of a closing carry a checkpoint, by which they prove the register."""

import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from registry.book.closing import draw_page
from registry.files.vault import open_path
from registry.models.closings import DailyClosing
from registry.models.files import StoredFile
from registry.models.receipts import Receipt
from registry.proof.checkpoints import current
from registry.proof.proving import check_brought
from registry.verifying import last_verified
from tests.factories import close_so_far, deposit, drain
from tests.registry.papers import codes_of_pdf
from tests.signer.running import LocalSigner
from tools import verify_independently

pytestmark = pytest.mark.django_db


@pytest.fixture
def signer(tmp_path: Path, settings: Any) -> Iterator[LocalSigner]:
    found = LocalSigner(tmp_path / "signer")
    settings.SIGNER_SOCKET = found.socket
    yield found
    found.stop()


def refuted(paper: StoredFile | None) -> set[str]:
    assert paper is not None
    with open_path(paper.sha256) as path:
        return {problem.code for problem in check_brought([str(path)])}


def test_a_receipt_proves_its_own_registration(signer: LocalSigner) -> None:
    deposit()
    drain("receipt.render")
    receipt = Receipt.objects.get()
    assert receipt.file is not None
    (point,) = [code for code in codes_of_pdf(receipt.file) if "#" in code]
    size = int(point.split("#")[1])
    assert 0 < size <= signer.log.size
    assert refuted(receipt.file) == refuted(receipt.office_file) == set()
    assert {p.code for p in check_brought([point.replace(f"#{size}#", f"#{size - 1}#")])} == {
        "log_rewritten"
    }
    wrong = point.replace(f"#{size}#", f"#{size - 1}#")
    with pytest.raises(SystemExit):
        call_command("verify_register", "--no-files", "--against", wrong, stdout=StringIO())
    act = last_verified()
    assert act is not None  # the health page tells what a proof from outside refutes
    assert "log_rewritten" in {problem["code"] for problem in act.data["first"]}


def test_the_page_of_a_closing_names_its_checkpoint(signer: LocalSigner) -> None:
    deposit()
    close_so_far()
    closing = DailyClosing.objects.exclude(checkpoint="").first()
    assert closing is not None
    assert refuted(closing.page or draw_page(closing)) == set()


def test_the_commands_say_it_too(signer: LocalSigner, tmp_path: Path) -> None:
    deposit()
    point = current()
    assert point is not None
    call_command("verify_register", "--no-files", "--against", point.printed)
    wrong = point.printed[:-4] + "0000"
    with pytest.raises(SystemExit):
        call_command("verify_register", "--no-files", "--against", wrong)
    with pytest.raises(CommandError):
        call_command("verify_register", "--no-files", "--key", "none")
    call_command("export_proof", tmp_path / "proof")
    with pytest.raises(CommandError):
        call_command("export_proof", tmp_path / "proof")
    copied = tmp_path / "verify.py"  # alone, as an auditor has it
    copied.write_text(Path(verify_independently.__file__).read_text("utf-8"), "utf-8")
    for told, said, status in (
        (point.printed, "whole\n", 0),
        (wrong, "are not those of then\n", 1),
    ):
        ended = subprocess.run(
            [sys.executable, "-I", str(copied), str(tmp_path / "proof"), "--against", told],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.stdout.endswith(said)
        assert ended.returncode == status


def test_the_independent_verifier_is_read_at_a_sitting() -> None:
    lines = Path(verify_independently.__file__).read_text("utf-8").splitlines()
    assert len(lines) <= 300
    assert max(map(len, lines)) <= 100
