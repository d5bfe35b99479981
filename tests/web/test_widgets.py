"""Fields as the pages show them: what they make of what is typed."""

from datetime import date

import pytest
from django import forms
from django.utils.translation import override

from web.shared.days import day_of
from web.shared.widgets import Day


class _Form(forms.Form):
    day = forms.DateField(widget=Day)


@pytest.mark.parametrize("typed", ["2026-03-02", "٢٠٢٦-٠٣-٠٢", "۲۰۲۶-۰۳-۰۲"])
def test_a_day_is_taken_in_digits_of_any_script(typed: str) -> None:
    filled = _Form({"day": typed})
    assert filled.is_valid()
    assert filled.cleaned_data["day"] == day_of(typed) == date(2026, 3, 2)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("typed", ["05/11/2026", " 5-11-2026", "05.11.2026", "٠٥/١١/٢٠٢٦"])
def test_a_typed_day_has_the_day_first(language: str, typed: str) -> None:
    with override(language):
        assert day_of(typed) == date(2026, 11, 5)


@pytest.mark.parametrize("typed", ["", "x", "31/02/2026", "2026-13-45", "\0", "5/11"])
def test_what_is_no_day_is_none(typed: str) -> None:
    assert day_of(typed) is None


@pytest.mark.parametrize("typed", ["0001-01-01", "01/01/1899", "9001-01-01", "31/12/9999"])
def test_a_day_that_no_office_knows_is_none(typed: str) -> None:
    assert day_of(typed) is None
