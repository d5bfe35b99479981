"""To whom a letter is written, and how its sender is reached."""

from __future__ import annotations

import pytest

from understanding.facts.addressee import find_recipient
from understanding.facts.correspondents import find_sender_details


@pytest.mark.parametrize(
    ("text", "recipient"),
    [
        ("À Monsieur le Chef d'agence de Safi\nObjet : x", "Monsieur le Chef d'agence de Safi"),
        ("إلى السيد مدير الوكالة المحترم\nالموضوع: ماء", "السيد مدير الوكالة"),
        ("من المدير الإقليمي إلى السيد رئيس المصلحة\nالموضوع: ماء", "السيد رئيس المصلحة"),
        ("السيد المدير، ما زالت الفاتورة خاطئة منذ شهرين ولم يجبني أحد\nوالسلام", "السيد المدير"),
        ("Ali Rami\nSafi, le 2 mai 2026\nService Relève\nObjet : index", "Service Relève"),
        ("Ali Rami\n2 May 2026\nHead of Connections\nSubject: supply", "Head of Connections"),
        ("Mme X\nAu Chef du bureau d'ordre\nHier", "Chef du bureau d'ordre"),
        ("Safi\nMadame, Monsieur le Responsable\nObjet : x", "Madame, Monsieur le Responsable"),
    ],
)  # fmt: skip
def test_the_addressee_is_the_office_that_the_letter_names(text: str, recipient: str) -> None:
    fact = find_recipient(text)
    assert fact is not None
    assert fact.value == recipient


@pytest.mark.parametrize(
    "text",
    [
        "De : a@exemple.ma\nÀ : contact@regie.ma\nObjet : index\nBonjour",
        "إلى من يهمه الأمر، القارئ لا يدخل الدار ويكتب الأرقام من رأسه منذ سنتين",
        "Bonjour,\nle compteur tourne seul",
    ],
)
def test_an_address_of_mail_or_nobody_is_no_addressee(text: str) -> None:
    assert find_recipient(text) is None


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Client n° 770-3321-C", "770-3321-C"),
        ("Client moyenne tension n° MT-00217", "MT-00217"),
        ("رقم الزبون هو 9 004 118، العداد مطفأ", "9 004 118"),
        ("نقل عقدي الماء والكهرباء (3.118.209) إلى اسمي", "3.118.209"),
        ("under contract 5518820. Could you", "5518820"),
        ("Contrat n° 1004782 / GSM 06 64 12 00 95", "1004782"),
        ("الاشتراك رقم 6 108 225", "6 108 225"),
    ],
)
def test_a_contract_number_is_read_in_its_own_shape(line: str, number: str) -> None:
    assert find_sender_details(line)["customer_number"].value == number


@pytest.mark.parametrize(
    "line", ["abonné depuis 2019", "le contrat du 12/03/2026", "client fidèle"]
)
def test_a_year_or_a_date_is_no_contract_number(line: str) -> None:
    assert "customer_number" not in find_sender_details(line)


@pytest.mark.parametrize(
    ("line", "mail"),
    [
        ("Contact : n.rami @ exemple.ma", "n.rami@exemple.ma"),
        ("n.rami©exemple.ma", "n.rami@exemple.ma"),
        ("n.rami (at) exemple . com", "n.rami@exemple.com"),
    ],
)
def test_a_mail_address_that_a_scan_broke_is_mended(line: str, mail: str) -> None:
    assert find_sender_details(line)["sender_email"].value == mail


@pytest.mark.parametrize(
    ("line", "phone"),
    [
        ("Tél./Fax 0523 00 88 21", "0523 00 88 21"),
        ("+44 117 000 0182", "+44 117 000 0182"),
        ("الهاتف: ٠٦٦١٢٣٤٥٦٧", "٠٦٦١٢٣٤٥٦٧"),
    ],
)
def test_a_telephone_number_is_read_also_beside_a_fax_or_from_abroad(line: str, phone: str) -> None:
    assert find_sender_details(line)["sender_phone"].value == phone


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Ali Rami\nRésidence Nour, imm. 4, Settat\nObjet : eau", "Résidence Nour, imm. 4, Settat"),
        ("علي رامي\nتجزئة الورود، رقم 4\nالجديدة\nالموضوع: ماء", "تجزئة الورود، رقم 4\nالجديدة"),
        ("Sea Ltd\nDomaine El Haouzia, Azemmour\nSubject: x", "Domaine El Haouzia, Azemmour"),
        ("كتبته لكم\nزينب الرامي، دوار أولاد علي\n3/4/2026", "دوار أولاد علي"),
        ("أنا الموقع أسفله علي رامي الساكن بحي السلام رقم 3 أطلب", "حي السلام رقم 3"),
    ],
)  # fmt: skip
def test_an_address_is_read_from_the_block_a_label_or_beside_the_name(
    text: str, address: str
) -> None:
    assert find_sender_details(text)["sender_address"].value == address


def test_boiling_water_is_no_address() -> None:
    text = "المندوبية الإقليمية\nنطلب إخبار الساكنة بغلي الماء قبل استعماله."
    assert "sender_address" not in find_sender_details(text)
