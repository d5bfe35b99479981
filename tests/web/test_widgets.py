"""Fields as the pages show them: what they make of what is typed."""

from datetime import date

import pytest
from django import forms

from web.shared.days import day_of
from web.shared.widgets import Day


class _Form(forms.Form):
    day = forms.DateField(widget=Day)


@pytest.mark.parametrize("typed", ["2026-03-02", "٢٠٢٦-٠٣-٠٢", "۲۰۲۶-۰۳-۰۲"])
def test_a_day_is_taken_in_digits_of_any_script(typed: str) -> None:
    filled = _Form({"day": typed})
    assert filled.is_valid()
    assert filled.cleaned_data["day"] == day_of(typed) == date(2026, 3, 2)
