"""The names under which people type are those of the templates and forms, no more and no fewer."""

import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from django import forms

import web.desk
import web.signin
from web.shared.form_finder import is_secret
from web.shared.typed_names import (
    CHOSEN,
    TYPED_NAMES,
    TYPED_OR_CHOSEN,
    bare,
    is_typed,
)

FOLDER: Final = Path(__file__).parents[3] / "web" / "templates"
TYPED: Final = frozenset(("text", "email", "tel", "number", "url", "textarea"))
PICKED: Final = frozenset(("date", "month", "time", "datetime-local"))
UNTYPED: Final = frozenset(("search", "file"))  # sought, not lost; and never given back
_INCLUDE: Final = re.compile(r'{% include "((?:web|portal)/[^"]+)"[^%]*%}')
_ATTRIBUTES: Final = r'(?:\{%.*?%\}|\{\{.*?\}\}|"[^"]*"|[^>"])*'
_TAG: Final = re.compile(rf"<(/?form|input|textarea|select|button)\b({_ATTRIBUTES})>", re.DOTALL)
_UNNAMED: Final = re.compile(r"\{\{.*\}\}")  # a name that the template does not know
_INSERTED: Final = re.compile(r"[-_.]?(?:\{%.*?%\}|\{\{.*?\}\})[-_.]?")
Kinds = dict[str, set[str]]


def _whole(name: str, around: tuple[str, ...] = ()) -> str:
    """Return a template with the templates that it includes; one that includes itself, once."""
    if name in around:
        return ""
    text = (FOLDER / name).read_text("utf-8")
    return _INCLUDE.sub(lambda found: _whole(found[1], (*around, name)), text)


def _attribute(attributes: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', attributes)
    return found[1] if found else ""


def _of_templates() -> Iterator[tuple[str, str]]:
    """Yield the name and kind of every field of the forms that staff send by POST."""
    names = [str(path.relative_to(FOLDER)) for path in (FOLDER / "web").rglob("*.html")]
    parts = {part for name in names for part in _INCLUDE.findall((FOLDER / name).read_text())}
    for name in set(names) - parts:
        sent = "post"  # a part that is included by a name of the context may stand in any form
        for tag, attributes in _TAG.findall(_whole(name)):
            if tag.endswith("form"):
                sent = _attribute(attributes, "method") or ("get" if tag == "form" else "post")
            elif sent == "post":
                called = _attribute(attributes, "name")
                yield called, (_attribute(attributes, "type") or "text") if tag == "input" else tag


def _classes(of: type[Any]) -> Iterator[type[Any]]:
    for below in type.__subclasses__(of):
        yield below
        yield from _classes(below)


def _of_forms() -> Iterator[tuple[str, str]]:
    """Yield the name and kind of every field of the desk's Django forms."""
    for package in (web.desk, web.signin):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    for form in set(_classes(forms.BaseForm)):
        if not form.__module__.startswith(("web.desk.", "web.signin.")):
            continue
        try:
            fields = form().fields
        except (TypeError, KeyError):  # one that is made for something; its class says its fields
            fields = getattr(form, "base_fields", {})
        for name, field in fields.items():
            yield name, _kind_of(field.widget)


def _kind_of(widget: forms.Widget) -> str:
    if isinstance(widget, forms.Textarea):
        return "textarea"
    if isinstance(widget, forms.DateInput | forms.DateTimeInput):
        return "date"
    return str(getattr(widget, "input_type", "chosen"))


@cache
def _kinds() -> Kinds:
    """Return the kinds of fields that each name has somewhere."""
    found: Kinds = defaultdict(set)
    for name, kind in (*_of_templates(), *_of_forms()):
        for said in re.findall(r"default:'(\w+)'", name) or [name]:
            if said and not _UNNAMED.fullmatch(said) and not said.isupper():  # a register's code
                found[bare(_INSERTED.sub("", said))].add(kind)
    return found


pytestmark = pytest.mark.django_db


def test_every_name_under_which_people_type_is_known() -> None:
    typed = {name for name, kinds in _kinds().items() if kinds & TYPED and not is_secret(name)}
    assert len(typed) > 100
    assert typed - (TYPED_NAMES | TYPED_OR_CHOSEN) == set()


def test_every_known_name_is_typed_somewhere() -> None:
    assert not {name for name in TYPED_NAMES | TYPED_OR_CHOSEN if not _kinds()[name] & TYPED}


def test_names_that_are_chosen_or_hidden_elsewhere_are_told_apart() -> None:
    other = {name for name, kinds in _kinds().items() if kinds - TYPED - UNTYPED - PICKED}
    assert other & TYPED_NAMES == set()
    assert other >= TYPED_OR_CHOSEN


def test_every_password_and_credential_is_a_secret() -> None:
    passwords = {name for name, kinds in _kinds().items() if "password" in kinds}
    assert len(passwords) > 2
    assert all(map(is_secret, {*passwords, "credential", "confirm_code"}))


@pytest.mark.parametrize(
    ("name", "value", "typed"),
    [
        ("quantity", "12", True),
        ("url", "https://a.ma", True),
        ("line-3", "الرباط", True),
        ("name_ar", "الرباط", True),
        ("c-0-sender_name", "Fatima", True),
        ("department", "SI", False),
        ("quantity", " ", False),
        ("reason", "Compétence", True),
        ("reason", "12", False),
        ("department", "une phrase entière", True),
    ],
)
def test_a_choice_is_not_taken_for_what_somebody_typed(name: str, value: str, typed: bool) -> None:
    assert is_typed(name, value) is typed


def test_every_button_called_what_is_known_to_be_none_that_was_typed() -> None:
    found = set()
    for path in (FOLDER / "web").rglob("*.html"):
        for _tag, attributes in _TAG.findall(path.read_text("utf-8")):
            if _attribute(attributes, "name") == "what" and _attribute(attributes, "value"):
                found.add(_attribute(attributes, "value"))
    choices = {value for value in found if value.isascii() and value.isalpha()}
    assert {"assign", "slips", "take"} <= choices <= CHOSEN
    assert not any(is_typed("what", value) for value in choices)
    assert is_typed("what", "Tuyau")
