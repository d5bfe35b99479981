"""Plurals that change inside meet their noun, with article, particles and possessives too."""

import pytest

from language.arabic_plurals import INNER_PLURALS
from language.fold import fold
from language.stems import Meeting, asked_forms, indexed_forms


def meet(one: str, other: str) -> bool:
    """Whether each of the two finds the other."""
    one, other = fold(one), fold(other)
    return bool(set(asked_forms(one)) & set(indexed_forms(other))) and bool(
        set(asked_forms(other)) & set(indexed_forms(one))
    )


def test_every_plural_of_the_table_meets_its_noun_and_the_marks_find_it() -> None:
    for plural, noun in INNER_PLURALS.items():
        assert meet(noun, plural), (noun, plural)
        for word in (plural, f"ال{plural}"):
            assert all(Meeting({found})(word) for found in indexed_forms(word)), word


@pytest.mark.parametrize(
    ("noun", "forms"),
    [
        ("مطر", "الأمطار بالأمطار وأمطار أمطارها"),
        ("طفل", "أطفالي لأطفالنا للأطفال والأطفال"),
        ("فرن", "أفراني بالأفران فرنين وفرنان"),
        ("موعد", "المواعيد لمواعيدكم"),
        ("قضية", "القضايا بقضايا"),
        ("مدرسة", "المدارس بمدارسنا"),
        ("سنة", "سنتين سنتان السنوات"),
        ("مقاطعة", "المقاطعات بمقاطعتنا"),
        ("فاكهة", "الفواكه وبالفواكه"),
        ("ألم", "الآلام والآلام"),
        ("نقطة", "نقطتين النقط"),
        ("حكم", "الأحكام"),
        ("جدار", "جدرانه الجدران"),
        ("طلب", "طلبه لطلبه بطلبه"),
        ("طالب", "الطلبة للطلبة طلاب"),
        ("ابن", "ابني أبناؤه"),
        ("بناء", "أبنية الأبنية"),
        ("حق", "حقي حقنا لحقهم حقوق"),
        ("حي", "حيكم لحيهم الأحياء"),
        ("متراكم", "المتراكمة متراكمة والمتراكم"),
    ],
)
def test_forms_of_a_noun_meet_it(noun: str, forms: str) -> None:
    missed = [form for form in forms.split() if not meet(noun, form)]
    assert missed == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("متراكم", "متر"),
        ("مصادرة", "مصدر"),
        ("مقاطعة", "مقطع"),
        ("مراجعة", "مرجع"),
        ("سياحة", "سائح"),
        ("حياة", "حي"),
        ("مقاطعات", "مقطع"),
        ("المعاملات", "معمل"),
        ("السنة", "لسان"),
        ("الأم", "ألم"),
        ("كمال", "مال"),
        ("شعبان", "شعب"),
        ("بلدية", "بلد"),
        ("حراسة", "حارس"),
        ("إعداد", "عدد"),
        ("إشعار", "شعر"),
    ],
)
def test_another_word_with_the_same_letters_does_not_meet(one: str, other: str) -> None:
    assert not set(asked_forms(fold(one))) & set(indexed_forms(fold(other)))
    assert not set(asked_forms(fold(other))) & set(indexed_forms(fold(one)))
