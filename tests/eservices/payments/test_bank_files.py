"""Bank files are read: entries, amounts, references; hostile and damaged ones refused."""

from datetime import date

import pytest

from eservices.payments.bank_entries import BankFileError, account_key
from eservices.payments.bank_files import read_bank_file
from tests.eservices.payments.banks import ACCOUNT, camt, entry, mt940, transaction


def test_a_camt_tells_account_amount_day_payer_and_structured_reference() -> None:
    part = transaction("B1", payer="Fatima Bennis", account="0" * 24, text="eau", own="T1")
    read = read_bank_file(camt(entry("128.40", part, own="E1")))
    [one] = read.credits
    assert (read.format, read.account) == ("camt.053", ACCOUNT)
    assert (one.amount, one.currency, one.booked_on) == (12840, "MAD", date(2026, 11, 27))
    assert (one.references, one.text, one.payer) == (("B1",), "eau", "Fatima Bennis")
    assert (one.payer_account, one.own_reference) == ("0" * 24, "T1")


@pytest.mark.parametrize("version", ["02", "04", "08", "10", "13"])
@pytest.mark.parametrize("kind", ["053", "054"])
def test_every_version_is_read(kind: str, version: str) -> None:
    read = read_bank_file(camt(entry("1.00", transaction("B1")), kind=kind, version=version))
    assert read.format == f"camt.{kind}"
    assert [one.references for one in read.credits] == [("B1",)]


def test_newer_places_of_status_and_payer_are_known() -> None:
    text = camt(entry("1.00", transaction("B1", payer="X Y")), version="08").decode()
    text = text.replace("<Sts>BOOK</Sts>", "<Sts><Cd>BOOK</Cd></Sts>")
    text = text.replace("<Dbtr><Nm>X Y</Nm></Dbtr>", "<Dbtr><Pty><Nm>X Y</Nm></Pty></Dbtr>")
    [one] = read_bank_file(text.encode()).credits
    assert one.payer == "X Y"
    assert not read_bank_file(text.replace(">BOOK<", ">PDNG<").encode()).credits


def test_the_transactions_of_an_entry_are_credits_of_their_own() -> None:
    parts = [transaction("B1", amount="10.00"), transaction("B2", amount="20.50")]
    read = read_bank_file(camt(entry("30.50", *parts, own="E1")))
    assert [(one.amount, one.references) for one in read.credits] == [
        (1000, ("B1",)),
        (2050, ("B2",)),
    ]
    assert len({one.key for one in read.credits}) == 2


def test_transactions_that_do_not_add_up_stay_one_credit_with_all_references() -> None:
    parts = [transaction("B1", amount="10.00"), transaction("B2", amount="20.00")]
    [one] = read_bank_file(camt(entry("29.00", *parts))).credits
    assert (one.amount, one.references) == (2900, ("B1", "B2"))


def test_an_entry_has_the_same_key_in_every_file_and_twice_in_one_is_once() -> None:
    one = entry("10.00", transaction("B1", own="T1"), own="E1")
    first = read_bank_file(camt(one, one, entry("5.00", own="E2")))
    other = read_bank_file(camt(one, kind="054", version="08"))
    assert len(first.credits) == 2
    assert first.credits[0].key == other.credits[0].key


def test_the_like_without_any_reference_are_two_in_one_file_and_the_same_in_another() -> None:
    one = entry("10.00", transaction(text="cash"))
    keys = [credit.key for credit in read_bank_file(camt(one, one)).credits]
    assert len(set(keys)) == 2
    assert [credit.key for credit in read_bank_file(camt(one, kind="054")).credits] == keys[:1]


def test_debits_are_no_credits() -> None:
    read = read_bank_file(camt(entry("10.00", way="DBIT"), entry("5.00")))
    assert (len(read.credits), len(read.debits)) == (1, 1)


def test_an_mt940_tells_the_same() -> None:
    read = read_bank_file(
        mt940(
            (
                "2611271127C128,40NTRFB000001//BK1",
                "166?20VIREMENT?21EAU?32BENNIS FATIMA?31" + ACCOUNT,
            ),
            ("2611271127D10,00NCHGNONREF//BK2", ""),
            ("2611271127C5,5NTRFNONREF//BK3", "Facture B000002"),
        )
    )
    first, second = read.credits
    assert (read.format, read.account, len(read.debits)) == ("mt940", ACCOUNT, 1)
    assert (first.amount, first.references, first.bank_reference) == (12840, ("B000001",), "BK1")
    assert (first.payer, first.payer_account) == ("BENNIS FATIMA", ACCOUNT)
    assert first.text.startswith("VIREMENT EAU")
    assert (second.amount, second.references, second.text) == (550, (), "Facture B000002")


BOMB = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
OUTSIDE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (camt(entry("1.00"), head=BOMB), "hostile"),
        (camt(entry("1.00"), head=OUTSIDE), "hostile"),
        (camt(entry("1.00"))[:-20], "damaged"),
        (camt(entry("x")), "damaged"),
        (camt(entry("-1.00")), "damaged"),
        (camt(entry("1.001")), "damaged"),
        *((camt(entry(text)), "damaged") for text in ("NaN", "sNaN", "Infinity", "9e999999")),
        (mt940(("2611271127C1,00NTRFX//B1", "a\0b")), "damaged"),
        (camt(entry("1.00")).replace(b"2026-11-27<", b"2026-13-40<"), "damaged"),
        (b"<html></html>", "unknown"),
        (b"", "unknown"),
        (b"number;amount\n1;2\n", "unknown"),
        (b"\x00\x01\x02", "unknown"),
        (mt940(("this is no line", "")), "damaged"),
        (mt940(("2611271127C1,00NTRFX//B1", ""), ("2613991127C1,00NTRFX//B2", "")), "damaged"),
    ],
)
def test_what_is_no_bank_file_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(BankFileError) as refused:
        read_bank_file(content)
    assert refused.value.code == code
    assert refused.value.words()


@pytest.mark.parametrize(
    "text", [ACCOUNT, f"MA64{ACCOUNT}", "MA64 0078 1000 0123 4567 8901 2345", f"{ACCOUNT}MAD"]
)
def test_an_account_has_one_spelling(text: str) -> None:
    assert account_key(text) == ACCOUNT
