"""All facts of one letter together, each at its place in the text."""

from __future__ import annotations

import datetime

from understanding.facts.places import box_of, find_place
from understanding.letters.understanding import Understanding, understand_text

FRENCH = """Mme Ghizlane Tarhzout
12, rue Ibn Sina, Azemmour
Tél. : 05 23 00 00 47 – ghizlane@exemple.ma
À Monsieur le Directeur de la Régie
Azemmour, le 4 mars 2026
Objet : réclamation sur ma facture
Contrat n° 118-0000914. N/Réf. : GT/7
Je conteste le montant de 1 250,00 DH ; merci de répondre avant le 30 mars.
PJ : copie de la facture, relevé du compteur
"""
ARABIC = """إلى السيد مدير الوكالة
أنا الموقع أسفله حميد الطاوسي، الساكن بحي السلام زنقة 4
رقم العقدة: 118-0000915، الهاتف: ٠٦٦١٢٣٤٥٦٧
الموضوع: تذكير بشكاية مسجلة تحت رقم ٢٠٢٥/IN/٠٠٤١٢٧
المرجو الجواب داخل أجل ثمانية أيام.
حرر بالجديدة في 15 رمضان 1447 الموافق 4 مارس 2026
"""


def understood(text: str) -> Understanding:
    return understand_text(text, language="", model=None, today=datetime.date(2026, 3, 10))


def values(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in understood(text).suggestions:
        found.setdefault(one.field, []).append(one.value)
    return found


def test_a_french_letter_tells_who_wrote_how_to_reach_them_and_what_they_want() -> None:
    found = values(FRENCH)
    assert found["sender"] == ["Mme Ghizlane Tarhzout"]
    assert found["sender_address"] == ["12, rue Ibn Sina, Azemmour"]
    assert found["sender_phone"] == ["05 23 00 00 47"]
    assert found["sender_email"] == ["ghizlane@exemple.ma"]
    assert found["customer_number"] == ["118-0000914"]
    assert found["recipient"] == ["Monsieur le Directeur de la Régie"]
    assert found["place"] == ["Azemmour"]
    assert found["document_date"] == ["2026-03-04"]
    assert found["document_date_hijri"] == ["1447-09-15"]
    assert found["external_reference"] == ["GT/7"]
    assert found["amount"] == ["1250.00 MAD"]
    assert found["deadline"] == ["2026-03-30"]
    assert found["enclosure"] == ["copie de la facture", "relevé du compteur"]


def test_an_arabic_letter_keeps_both_calendars_and_quotes_our_number() -> None:
    found = values(ARABIC)
    assert found["sender"] == ["حميد الطاوسي"]
    assert found["sender_address"] == ["حي السلام زنقة 4"]
    assert found["customer_number"] == ["118-0000915"]
    assert found["sender_phone"] == ["٠٦٦١٢٣٤٥٦٧"]
    assert found["recipient"] == ["السيد مدير الوكالة"]
    assert found["document_date"] == ["2026-03-04"]
    assert found["document_date_hijri"] == ["1447-09-15"]
    assert found["quoted_number"] == ["2025/IN/4127"]
    assert found["deadline"] == ["P8D"]


def test_each_fact_stands_where_it_says() -> None:
    for one in understood(FRENCH).suggestions:
        if one.field in ("sender", "sender_phone", "place", "subject"):
            assert one.place is not None
            assert FRENCH[one.place.start : one.place.end] == one.value


def test_a_place_is_found_through_direction_marks_and_wide_gaps_and_on_its_page() -> None:
    text = "first page\n\fرقم \u200f12\u200e/4\n  N/Réf.   AB \u200e7"
    place = find_place(text, "AB 7", "N/Réf. AB 7")
    assert place is not None
    assert place.page == 2
    assert text[place.start : place.end] == "AB \u200e7"
    assert find_place(text, "nothing", "of this") is None


def test_the_box_goes_around_the_words_of_the_fact_alone() -> None:
    words = [
        ("le", (0.1, 0.1, 0.2, 0.2)),
        ("2", (0.3, 0.1, 0.4, 0.2)),
        ("le", (0.5, 0.3, 0.6, 0.4)),
    ]
    text = "le 2\nle"
    assert box_of(text, words, 0, 4) == (0.1, 0.1, 0.4, 0.2)
    assert box_of(text, words, 5, 7) == (0.5, 0.3, 0.6, 0.4)
    assert box_of(text, words, 4, 5) is None


def test_a_mail_names_its_sender_itself() -> None:
    text = (
        "Subject: compteur\nFrom: Younes Sebbagh <y@exemple.ma>\nTo: bo@regie.ma\n\nBonjour,\nSalma"
    )
    assert values(text)["sender"] == ["Younes Sebbagh"]


def test_a_letterhead_names_the_organisation_and_its_address_ends_before_the_telephone() -> None:
    text = (
        "Fontaval S.A.R.L. – Robinetterie\nRoute de Safi, km 9 – El Jadida · Tél. 05 23 00 00 72\n"
        "Casablanca, le 2 mars 2026\nObjet : offre de vannes"
    )
    found = values(text)
    assert found["sender_organisation"] == ["Fontaval S.A.R.L"]
    assert found["sender_address"] == ["Route de Safi, km 9 – El Jadida"]
    assert "sender_organisation" not in values(FRENCH)


def test_a_letter_among_the_figures_of_a_telephone_number_is_mended() -> None:
    assert values("Cabinet Atlas, Safi\nTél. O5 23 OO 00 77\nBonjour")["sender_phone"] == [
        "05 23 00 00 77"
    ]
