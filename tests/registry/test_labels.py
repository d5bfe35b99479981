"""Labels of values of sealed rows: those of the framework, whatever language is spoken."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation

from registry.models.sealed import Sealed

CHOSEN = [
    (model, field)
    for model in apps.get_models()
    if issubclass(model, Sealed)
    for field in model._meta.concrete_fields
    if field.choices
]


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_they_are_those_of_the_framework(language: str) -> None:
    assert len(CHOSEN) > 20
    with translation.override(language):
        for model, field in CHOSEN:
            for value in (*dict(field.flatchoices), "unknown", None):
                row: Any = model(**{field.attname: value})
                expected = models.Model._get_FIELD_display(row, field)  # type: ignore[attr-defined]
                assert getattr(row, f"get_{field.name}_display")() == expected
