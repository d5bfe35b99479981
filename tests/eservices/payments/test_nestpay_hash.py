"""The hash ver3 against public known answers (mewebstudio/pos, EstV3PosCryptTest)."""

import pytest

from eservices.payments import nestpay_hash

KEY = "123456"
BOUGHT = {
    "clientid": "190100000", "storetype": "3d_pay", "amount": "100.25", "oid": "order222",
    "okUrl": "https://domain.com/success", "failUrl": "https://domain.com/fail_url",
    "rnd": "rand", "lang": "tr", "currency": "949", "taksit": "", "islemtipi": "Auth",
    "firmaadi": "siparis veren", "Email": "test@test.com", "hashAlgorithm": "ver3",
}  # fmt: skip
SECURE = {
    "clientid": "190100000", "storetype": "3d", "amount": "100.25", "oid": "order222",
    "okUrl": "https://domain.com/success", "failUrl": "https://domain.com/fail_url",
    "rnd": "12345", "hashAlgorithm": "ver3", "lang": "tr", "currency": "949",
    "islemtipi": "Auth", "taksit": "",
}  # fmt: skip
ANSWER = {
    "ReturnOid": "202210308C0F", "TRANID": "", "hashAlgorithm": "ver3", "PAResSyntaxOK": "true",
    "firmaadi": "John Doe", "islemtipi": "Auth", "lang": "tr", "merchantID": "190200000",
    "maskedCreditCard": "4355 08** **** 4358", "amount": "1.01", "sID": "1", "ACQBIN": "454672",
    "Ecom_Payment_Card_ExpDate_Year": "26", "EXTRA_CARDBRAND": "VISA",
    "Email": "mail@customer.com", "MaskedPan": "435508***4358", "acqStan": "184784",
    "merchantName": "Ziraat 3D_Pay", "clientIp": "89.244.149.137",
    "EXTRA_KAZANILANPUAN": "000000010.00",
    "okUrl": "http://localhost/akbank/3d-pay/response.php",
    "md": (
        "435508:51104213993AC8DFE8839C7F7E391B461115D09A1D88948C8ACE421D7D7EAA5A:3545:##190200000"
    ),
    "ProcReturnCode": "00", "payResults_dsId": "1", "taksit": "", "TransId": "22303RqiC11252",
    "EXTRA_TRXDATE": "20221030 17:42:33", "Ecom_Payment_Card_ExpDate_Month": "12",
    "storetype": "3d_pay", "Response": "Approved", "SettleId": "2383",
    "mdErrorMsg": (
        "Y-status/Challenge authentication via ACS: "
        "https://3ds-acs.test.modirum.com/mdpayacs/creq?token=214711321.1667140951.Ud_jQl3B2l1"
    ),
    "ErrMsg": "", "PAResVerified": "true", "cavv": "ABABBCgghAAAAABllJMDdZdTdic=",
    "digest": "digest", "HostRefNum": "230317184784", "callbackCall": "true",
    "AuthCode": "216981", "failUrl": "http://localhost/akbank/3d-pay/response.php",
    "xid": "N1An1iS5iN4u/1VWS6CgzSGRtN0=", "encoding": "ISO-8859-9", "currency": "949",
    "oid": "202210308C0F", "mdStatus": "1", "dsId": "1", "eci": "05", "version": "2.0",
    "EXTRA_CARDISSUER": "AKBANK T.A.S.", "clientid": "190200000", "txstatus": "Y",
    "HASH": (
        "jVgcwtx4vxxAcX8+ajsrrzp77k9uaGu1pjDQfCpoUG95y2MwwGipc6cF3kESiTphjV8/1ESSc6zg9KyTSxUnzA=="
    ),
    "rnd": "J/jGATA5LLVaMfpU+Yyu",
}  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "known"),
    [
        (
            BOUGHT,
            "/uPxhEKWCEGi3NsDOOQ4u8Hu5g71v5GWspOid70WehTWEz97PqxG3IN1Jv5jsbOXOw3Z3Rr/0UtywzEgbqFfdA==",
        ),
        (
            SECURE,
            "4aUsG5hqlIFLc9s8PKc5rWb2OLhmxDDewNgKa2XrwoYCIxlyVq8Fjl4IVaZzoqL983CfTseicmnTA0PjZr74xg==",
        ),
    ],
)
def test_known_requests(fields: dict[str, str], known: str) -> None:
    """Two public requests have their public hashes."""
    assert nestpay_hash.hash_of(fields, KEY) == known


def test_known_answer() -> None:
    """A bank's public answer of 53 fields is right, and wrong once a value is another."""
    assert len(ANSWER) == 53
    assert nestpay_hash.is_valid(ANSWER, KEY)
    assert not nestpay_hash.is_valid({**ANSWER, "mdStatus": ""}, KEY)
    assert not nestpay_hash.is_valid({**ANSWER, "hash": ANSWER["HASH"]}, KEY), "two hashes"
    assert not nestpay_hash.is_valid({k: v for k, v in ANSWER.items() if k != "HASH"}, KEY)


def test_order_of_names() -> None:
    """Names are sorted as PHP's natcasesort does: case apart, numbers by value, _ after letters."""
    names = ["item10", "Item9", "item2", "a_b", "aZ", "ab", "x01", "x1y", "B"]
    expected = ["ab", "aZ", "a_b", "B", "item2", "Item9", "item10", "x01", "x1y"]
    assert sorted(names, key=nestpay_hash.natural_key) == expected
    long = [f"x{'9' * 5000}", f"x1{'0' * 5000}", f"x{'0' * 6000}2"]
    assert sorted(long, key=nestpay_hash.natural_key) == [long[2], long[0], long[1]]


@pytest.mark.parametrize("value", ["a|b", "a\\", "\\|", "l’été à l'été", "ع&", "", " "])
def test_values_stay_apart(value: str) -> None:
    """A separator within a value is never one between two."""
    one = {"a": value, "b": "x"}
    assert nestpay_hash.is_valid({**one, "hash": nestpay_hash.hash_of(one, KEY)}, KEY)
    assert nestpay_hash.hash_of(one, KEY) != nestpay_hash.hash_of({"a": f"{value}|x"}, KEY)
