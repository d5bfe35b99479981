"""Numbers that the words before them call the writer's own."""

from __future__ import annotations

import pytest

from understanding.letters.understanding import understand_text

TEXT = "\nMonsieur,\nNous vous prions de réparer la fuite du boulevard.\nLe Président\nDriss Belhaj"


def own_of(text: str) -> list[str]:
    found = understand_text(text, language="", model=None).of("external_reference")
    return [one.value for one in found if "named_paper" not in one.reasons]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Chrono départ : 00618", "00618"),
        ("Courrier départ n° 118", "118"),
        ("Registre des départs n° 77/26", "77/26"),
        ("Dossier (à rappeler)  26-KC-0077153-Z", "26-KC-0077153-Z"),
        ("Please quote our reference in reply: KV-3310", "KV-3310"),
        ("صادر تحت: 39", "39"),
        ("رقم الصادر 512/26", "512/26"),
        ("الرقم الترتيبي للمراسلة 402", "402"),
        ("يذكر في كل جواب: خ/بيع/1077", "خ/بيع/1077"),
        ("بيان الأثمان التقديري عدد 61 مكرر", "61 مكرر"),
        ("ملفنا: ك.ب/م 331-25", "ك.ب/م 331-25"),
        ("مع الإشارة في جوابكم إلى : ح.ق-4-7716", "ح.ق-4-7716"),
        ("Safi, lundi 2 mars 2026 (notre n° 8 de l'année)", "8"),
    ],
)
def test_a_register_or_a_request_calls_a_number_the_letters_own(line: str, value: str) -> None:
    assert own_of(f"Association Tifaouine\n{line}{TEXT}") == [value]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("La présente porte le numéro 9/26 de notre registre.", "9/26"),
        ("Chez nous le dossier est K.Z-148, merci.", "K.Z-148"),
        ("وعندنا في المكتب و.ظ-148", "و.ظ-148"),
        ("وعليه حرر هذا المحضر، وهو مضمن بسجلنا : ق.ع/25/62", "ق.ع/25/62"),
        ("نبعث إليكم بهذا الكتاب المسجل عندنا تحت 21 مكرر.", "21 مكرر"),
        ("ننتظر جوابكم على هذه التي تحمل الترتيب م ت/ 31.", "م ت/ 31"),
    ],
)
def test_a_phrase_calls_a_number_the_writers_own(line: str, value: str) -> None:
    assert own_of(f"Monsieur,\nJe reviens vers vous pour la fuite.\n{line}{TEXT}") == [value]


def test_a_label_at_the_head_of_a_second_column_is_read() -> None:
    line = "Safi-Plage, le 4 mai 2026                  Devis n° 61/26"
    assert own_of(f"Association Tifaouine\n{line}{TEXT}") == ["61/26"]
    line = "Commande                  KB/209/2026"  # the number's label is the column before
    assert "KB/209/2026" not in own_of(f"Association Tifaouine\n{line}{TEXT}")


@pytest.mark.parametrize(
    "line",
    [
        "Départ à 8h30 de la gare",
        "Rabat, Agdal - 0537 68 11 20",
        "الرباط، أكدال - 0537 68 11 20",
        "Index : 00912",
        "حكم صادر عن المحكمة الابتدائية 118/2026",
        "Prière de nous rappeler au 0600 11 22 33",
        "Compteur n° 77120 à rappeler au releveur",
        "رقم العقدين: 90217 و 90218",
        "رقم الانخراط : 5501762",
        "Objet : nouveaux prix au 1er mai 2026 / أسعار جديدة",
    ],
)
def test_other_numbers_are_none(line: str) -> None:
    assert own_of(f"Association Tifaouine\n{line}{TEXT}") == []
