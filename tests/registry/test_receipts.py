"""The registration receipt: promised at once, drawn by a job, verifiable by anyone."""

import pytest

from jobs.models import Job
from org.models import User
from registry.book.voiding import approve_void, ask_to_void
from registry.intake import PartyData
from registry.models.files import StoredFile
from registry.models.receipts import Receipt
from registry.receipts import Papers, office_copy, save_receipt, verification_url, verify_token
from routing.clocks.pieces import add_from_citizen
from tests.factories import deposit, drain, pdf, picture
from tests.registry.papers import codes_of_pdf, text_of_pdf

pytestmark = pytest.mark.django_db


def drawn() -> tuple[Receipt, StoredFile]:
    drain("receipt.render")
    receipt = Receipt.objects.get()
    assert receipt.file is not None
    return receipt, receipt.file


@pytest.mark.shells_out
@pytest.mark.usefixtures("poppler")
def test_its_paper_and_its_verification_know_the_pieces_of_that_hour() -> None:
    letter = deposit(files=[pdf(name="demande.pdf")]).letter
    add_from_citizen(letter, files=[pdf("Plus tard", name="ensuite.pdf")])
    receipt, file = drawn()  # the job that draws it comes after the second file
    said = text_of_pdf(file)
    assert "demande.pdf" in said
    assert "ensuite.pdf" not in said
    assert verification_url(receipt.token) in "".join(said.split())
    verified = verify_token(receipt.token)
    assert verified is not None
    first, second = letter.documents.order_by("position")
    assert verified.pieces == (first.file.sha256,)
    assert verified.pieces_later == (second.file.sha256,)


@pytest.mark.shells_out
@pytest.mark.usefixtures("poppler")
def test_it_says_number_date_pieces_and_code_in_both_languages() -> None:
    got = deposit(
        subject="شكاية بخصوص الفاتورة",
        files=[pdf(name="facture.pdf"), picture(name="صورة.png")],
        parties=[PartyData("sender", name="فاطمة الزهراء")],
    )
    receipt, file = drawn()
    said = text_of_pdf(file)
    plain = "".join(said.split())
    for words in (got.letter.number, got.tracking_code, "facture.pdf"):
        assert words in said
    for word in ("وصل", "التسجيل", "شكاية", "الفاتورة", "فاطمة"):
        assert word in said
    for document in got.letter.documents.all():
        assert document.file.sha256 in plain
    assert receipt.issued_at == got.letter.registered_at


def test_its_qr_code_opens_the_verification_page() -> None:
    deposit()
    receipt, file = drawn()
    assert codes_of_pdf(file) == [verification_url(receipt.token)]


def test_a_token_verifies_and_tells_no_content() -> None:
    letter = deposit(subject="Très privé").letter
    verified = verify_token(Receipt.objects.get().token)
    assert verified is not None
    assert (verified.number, verified.voided) == (letter.number, False)
    assert verified.pieces == (letter.documents.get().file.sha256,)
    assert "privé" not in repr(verified)


def test_a_voided_letter_is_said_to_be_voided(amina: User, direction: User) -> None:
    letter = deposit().letter
    approve_void(ask_to_void(letter, actor=amina, reason="double"), actor=direction)
    verified = verify_token(Receipt.objects.get().token)
    assert verified is not None
    assert verified.voided


@pytest.mark.parametrize("token", ["", "x", "' OR 1=1 --", "é" * 200])
def test_an_unknown_token_verifies_nothing(token: str) -> None:
    deposit()
    assert verify_token(token) is None


def test_a_receipt_drawn_twice_keeps_its_first_paper() -> None:
    deposit()
    receipt, file = drawn()
    office = receipt.office_file
    save_receipt(str(receipt.pk), Papers(b"%PDF-another", b"%PDF-a-third"))
    kept = Receipt.objects.get()
    assert (kept.file, kept.office_file) == (file, office)


def test_the_copy_of_staff_carries_no_code_and_verifies_as_well() -> None:
    got = deposit()
    receipt, file = drawn()
    assert receipt.office_file is not None
    said = text_of_pdf(receipt.office_file)
    assert got.letter.number in said
    assert got.tracking_code not in said
    assert "Exemplaire du service" in said
    assert codes_of_pdf(receipt.office_file) == codes_of_pdf(file)


def test_a_receipt_from_before_there_were_two_copies_gets_one_for_staff() -> None:
    got = deposit()
    receipt = Receipt.objects.get()
    old = StoredFile.objects.get(pk=got.letter.documents.get().file_id)
    Receipt.objects.filter(pk=receipt.pk).update(file=old)
    Job.objects.all().delete()
    assert office_copy(Receipt.objects.get()) is None
    drain("receipt.render")
    kept = Receipt.objects.get()
    assert kept.file == old
    assert got.tracking_code not in text_of_pdf(office_copy(kept) or old)
