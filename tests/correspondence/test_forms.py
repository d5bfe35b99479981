"""Templates: what they may say, what becomes of hostile ones, and how they are kept."""

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document

from correspondence.forms.confined import fill
from correspondence.forms.fields import FIELDS, SAMPLES, sample_values, values_for
from correspondence.forms.grammar import TemplateRefused
from correspondence.forms.keeping import (
    fill_version,
    keep_template,
    new_version,
    newest,
    preview,
    retire,
    templates_for,
)
from correspondence.forms.refusals import refusal_words
from correspondence.forms.writing import sanitised
from correspondence.models.forms import ReplyTemplate
from correspondence.replies import drafting
from org.models import User
from registry.intake import IncomingFile
from registry.models.acts import Act
from registry.states import ConflictError
from registry.verification import verify_register
from routing.acting.errors import NotAllowedError
from routing.models.assignments import Assignment
from tests.factories import department, file, kind, person

GIVEN = {"number": "2026/IN/000001", "subject": "Fuite & <eau>", "sender_name": "كريم"}


def docx(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def packed(whole: bytes, **more: bytes) -> bytes:
    """A DOCX with further parts; `__` in a name stands for a slash, `_dot_` for a dot."""
    out = io.BytesIO(whole)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in more.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def text_of(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)


@pytest.fixture
def filled(tmp_path: Path) -> Callable[..., bytes]:
    def run(content: bytes, form: str = "text", language: str = "fr") -> bytes:
        path = tmp_path / "template"
        path.write_bytes(content)
        return fill(path, form=form, language=language, values=[GIVEN])[0]

    return run


def test_the_fields_of_a_word_document_are_filled(filled: Callable[..., bytes]) -> None:
    lines = (
        *("Objet : {{ subject }} ({{ number }})", "{%p if sender_name %}"),
        *("إلى السيد {{ sender_name }}", "{%p else %}", "Inconnu", "{%p endif %}"),
    )
    made = text_of(filled(docx(*lines), "docx"))
    assert made == "Objet : Fuite & <eau> (2026/IN/000001)\nإلى السيد كريم"


def test_plain_text_is_filled_as_it_stands(filled: Callable[..., bytes]) -> None:
    made = filled("Réf. {{ number }} : {{ subject|upper }}{{ sender_name|default('?') }}".encode())
    assert made.decode() == "Réf. 2026/IN/000001 : FUITE & <EAU>كريم"


def test_a_web_page_becomes_a_pdf_and_its_values_no_tags(filled: Callable[..., bytes]) -> None:
    made = filled(b"<p>Objet : {{ subject }}</p>", "html", "ar")
    assert made.startswith(b"%PDF")


def test_a_page_keeps_only_what_letters_need() -> None:
    page = (
        "<p onclick='x()' style='y' dir='rtl'>A<script>alert(1)</script><img src='file:///etc'>"
        "<a href='javascript:x'>B</a><table><tr><td colspan='99999'>C</td></tr></table></p>"
    )
    kept = sanitised(page)
    for bad in ("onclick", "style", "script", "img", "href", "99999"):
        assert bad not in kept
    assert 'dir="rtl"' in kept
    assert "B" in kept


@pytest.mark.parametrize(
    ("source", "code", "detail"),
    [
        ("{{ numbre }}", "unknown_field", "numbre"),
        ("{% for x in 'ab' %}{% endfor %}", "not_allowed", "for"),
        ("{{ range(10**9)|list }}", "not_allowed", "call"),
        ("{{ range(9) }}", "not_allowed", "call"),
        ("{{ number.__class__.__mro__ }}", "not_allowed", "__mro__"),
        ("{{ number['x'] }}", "not_allowed", "getitem"),
        ("{{ 'a' * 999999999 }}", "not_allowed", "mul"),
        ("{% set number = 'x' %}", "not_allowed", ""),
        ("{% include '/etc/passwd' %}", "not_allowed", "include"),
        ("{% macro x() %}{{ x() }}{% endmacro %}", "not_allowed", "x"),
        ("{{ number", "not_closed", ""),
        ("{% if number %}x", "not_closed", ""),
        ("{# number", "not_closed", ""),
        ("x{% endif %}", "not_opened", "endif"),
        ("{% load static %}", "not_allowed", "load"),
        ("{{ number|frobnicate }}", "not_allowed", "frobnicate"),
        ("{{ number letter }}", "near", "letter"),
        ("{{ number }", "near", "}"),
        ("{{ number ? }}", "near", "?"),
        ("{{ }}", "syntax", ""),
        ("{{ " + "(" * 9000 + " }}", "syntax", ""),
        ("x" * 300_000, "too_large", ""),
    ],
)
def test_what_no_template_says(
    filled: Callable[..., bytes], source: str, code: str, detail: str
) -> None:
    begun = time.monotonic()
    with pytest.raises(TemplateRefused) as refused:
        filled(source.encode())
    assert (refused.value.code, time.monotonic() - begun < 20) == (code, True)
    assert detail in refused.value.detail
    for english in ("expected", "Encountered", "token", "named"):
        assert english not in refusal_words(refused.value)


PLAIN = docx("{{ number }}")
RELATED = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r9" Type="http://x/%s" Target="%s" TargetMode="External"/></Relationships>'
)
BROUGHT = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r9" Type="http://x/%s" Target="brought.bin"/></Relationships>'
)
FIELD = (
    b'<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:r>'
    b"<w:instrText>INCLUDE</w:instrText></w:r><w:r><w:instrText>PICTURE http://x</w:instrText>"
    b"</w:r></w:p></w:ftr>"
)
BOMB = b"<a>" + b"0" * (70 * 1024 * 1024) + b"</a>"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 and nothing", "damaged"),
        (packed(PLAIN, word__vbaProject_dot_bin=b"x"), "macros"),
        (packed(PLAIN, word___rels__x_dot_rels=RELATED % (b"image", b"http://x/a")), "outside"),
        (packed(PLAIN, word___rels__x_dot_rels=RELATED % (b"hyperlink", b"file:///x")), "outside"),
        (packed(PLAIN, word__footer9_dot_xml=FIELD), "outside"),
        (packed(PLAIN, word__footer9_dot_xml=FIELD.replace(b"PICTURE", b"Picture")), "outside"),
        (packed(PLAIN, word__x_dot_xml=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "damaged"),
        (packed(PLAIN, word__bomb_dot_xml=BOMB), "too_large"),
        (packed(PLAIN, word___rels__x_dot_rels=BROUGHT % b"aFChunk"), "outside"),
        (packed(PLAIN, word___rels__x_dot_rels=BROUGHT % b"subDocument"), "outside"),
        (packed(PLAIN, word___rels__x_dot_rels=BROUGHT % b"oleObject"), "macros"),
        (packed(PLAIN, word___rels__x_dot_rels=BROUGHT % b"vbaProject"), "macros"),
        (packed(PLAIN, word__footer9_dot_bin=FIELD), "outside"),
        (packed(PLAIN, word__footer9_dot_bin=b"\xef\xbb\xbf \n" + FIELD), "outside"),
        (packed(PLAIN, word__footer9_dot_bin=FIELD.decode().encode("utf-16")), "outside"),
        (packed(PLAIN, word__footer9_dot_bin=b" " * 5_000 + FIELD), "outside"),
        (packed(PLAIN, word__footer9_dot_xml=FIELD.replace(b"PICTURE", b" C:")), "outside"),
        (docx("{{ nummer }}"), "unknown_field"),
        (docx("{% for a in number %}x{% endfor %}"), "not_allowed"),
    ],
    # Not the bytes: they hold the second in which they were packed, and workers must agree.
    ids=[
        "rubbish",
        "macros",
        "image",
        "link",
        "field",
        "small_letters",
        "entity",
        "bomb",
        "chunk",
        "part_of_another",
        "object",
        "code",
        "hidden_field",
        "hidden_behind_a_mark",
        "hidden_in_two_bytes",
        "hidden_behind_blanks",
        "old_name",
        "unknown",
        "loop",
    ],
)
def test_a_hostile_document_is_refused(
    filled: Callable[..., bytes], content: bytes, code: str
) -> None:
    with pytest.raises(TemplateRefused) as refused:
        filled(content, "docx")
    assert refused.value.code == code


def test_a_document_may_link_to_a_page(filled: Callable[..., bytes]) -> None:
    link = packed(PLAIN, word___rels__x_dot_rels=RELATED % (b"hyperlink", b"https://www.onep.ma"))
    assert text_of(filled(link, "docx")) == "2026/IN/000001"


def text(content: str = "Bonjour {{ sender_name }}", name: str = "modele.txt") -> IncomingFile:
    return file(name, content.encode())


@pytest.fixture
def admin(db: None) -> User:
    return person("admin")


@pytest.fixture
def template(admin: User) -> ReplyTemplate:
    return keep_template(actor=admin, name="Accusé", language="fr", file=text())


def test_a_template_is_kept_in_versions(template: ReplyTemplate, admin: User) -> None:
    new_version(template, actor=admin, file=text("Madame {{ sender_name }}"))
    assert [v.number for v in template.versions.all()] == [2, 1]
    assert preview(newest(template), actor=admin).text == "Madame Karim Tahiri"
    assert preview(template.versions.get(number=1), actor=admin).text == "Bonjour Karim Tahiri"
    assert Act.objects.filter(kind="template_version").count() == 2
    assert list(verify_register()) == []


def test_a_retired_one_is_not_drafted_from(template: ReplyTemplate, admin: User) -> None:
    assert list(templates_for(person("badr"))) == [template]
    retire(template, actor=admin)
    assert list(templates_for(person("badr"))) == []
    with pytest.raises(ConflictError):
        retire(template, actor=admin)


@pytest.mark.parametrize("who", ["chafik", "amina", "direction"])
def test_only_administrators_keep_templates(template: ReplyTemplate, who: str) -> None:
    deeds: list[Callable[[], object]] = [
        lambda: keep_template(actor=person(who), name="X", language="fr", file=text()),
        lambda: new_version(template, actor=person(who), file=text()),
        lambda: retire(template, actor=person(who)),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowedError):
            deed()


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (text("{{ nom }}"), "unknown_field"),
        (text(name="modele.exe"), "format"),
        (file("modele.txt", b"\xff\xfe\x00"), "format"),
        (file("modele.docx", b"not a document"), "format"),
        (file("modele.docx", b"PK\x03\x04 no document"), "damaged"),
    ],
)
def test_what_cannot_be_filled_is_not_kept(admin: User, upload: IncomingFile, code: str) -> None:
    with pytest.raises(TemplateRefused) as refused:
        keep_template(actor=admin, name="X", language="fr", file=upload)
    assert refused.value.code == code
    assert refusal_words(refused.value)
    assert not ReplyTemplate.objects.exists()


def test_templates_of_other_departments_and_kinds_are_not_offered(
    admin: User, accepted: Assignment, badr: User
) -> None:
    more = {"actor": admin, "language": "fr"}
    keep_template(name="SI", department=department("SI"), file=text(), **more)  # type: ignore[arg-type]
    keep_template(name="Facture", kind=kind("invoice"), file=text(), **more)  # type: ignore[arg-type]
    mine = keep_template(name="EAU", department=department("EAU"), file=text(), **more)  # type: ignore[arg-type]
    assert list(templates_for(badr, letter=accepted.letter)) == [mine]


def test_every_field_has_a_value_and_a_sample(accepted: Assignment, badr: User) -> None:
    eau = department("EAU")
    for language in SAMPLES:
        values = values_for(department=eau, author=badr, language=language, letter=accepted.letter)
        assert set(values) == set(FIELDS)
        assert values["number"] == accepted.letter.number
        assert values["signatory"] == "Dounia Rahmani"
        sample = sample_values(department=eau, author=badr, language=language)
        assert set(sample) == set(FIELDS)


def test_a_word_template_becomes_the_file_of_a_draft(
    accepted: Assignment, badr: User, admin: User
) -> None:
    upload = file("modele.docx", docx("Réf. {{ number }}", "{{ signatory }}"))
    template = keep_template(actor=admin, name="Réponse type", language="fr", file=upload)
    letter = accepted.letter
    values = values_for(department=department("EAU"), author=badr, language="fr", letter=letter)
    filled = fill_version(newest(template), [values])[0]
    reply = drafting.draft_reply(letter, actor=badr, subject="", body="", file=filled.file)
    assert reply.file_name == "Réponse type.docx"
    assert letter.number in text_of(filled.content)
