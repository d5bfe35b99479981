"""Strokes that right-to-left lines moved out of numbers come back into them."""

from __future__ import annotations

import pytest

from language.strokes import strokes_in_place


@pytest.mark.parametrize(
    ("read", "mended"),
    [
        ("رقم: /1450م.م2026/", "رقم: 1450/م.م/2026"),
        ("عدد /٢٠٢٦OUT٠٠٠٣٣٠/", "عدد ٢٠٢٦/OUT/٠٠٠٣٣٠"),
        ("الرقم: م.ج.ح٤٤/٢٠٢٦/", "الرقم: م.ج.ح/٤٤/٢٠٢٦"),
        ("فاتورة عدد: ف٢٠٢٦/٠٠٤٤-", "فاتورة عدد: ف-٢٠٢٦/٠٠٤٤"),
        ("تحت عدد /١٢٣٤م.ض،٢٠٢٦/ نعلمكم", "تحت عدد ١٢٣٤/م.ض/٢٠٢٦، نعلمكم"),
        ("الرقم 12/ق/2026 في 3/5/2026", "الرقم 12/ق/2026 في 3/5/2026"),
        ("/usr/lib2", "/usr/lib2"),
        ("الماء 24/24 و7/7", "الماء 24/24 و7/7"),
    ],
)
def test_a_stroke_goes_back_between_the_parts_it_parted(read: str, mended: str) -> None:
    assert strokes_in_place(read) == mended
    assert len(mended) == len(read)
