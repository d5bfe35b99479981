"""Filling a template with values: DOCX by docxtpl, HTML as PDF, plain text. No Django."""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from lxml import etree, html  # type: ignore[import-untyped]

from correspondence.forms.grammar import Grammar, TemplateRefused

MOST_ENTRIES: Final = 2_000
MOST_UNPACKED: Final = 60 * 1024 * 1024
MOST_TEXT: Final = 200_000
MOST_TAGS: Final = 5_000
_FOLLOWED: Final = re.compile(
    r"(?i:INCLUDE|IMPORT|DATABASE|DDEAUTO|\bDDE\b|\bLINK\b)|DDE"  # INCLUDE: …PICTURE, …TEXT
)
# Relations to parts that bring documents of their own, and to parts that run, under any name.
_BRING: Final = ("/aFChunk", "/subDocument", "/frame", "/attachedTemplate")
_RUN: Final = ("/oleObject", "/package", "/control", "/vbaProject", "/activeXControlBinary")
_XML: Final = (b"<", b"Lo\xa7\x94")  # as it begins, and in EBCDIC
_BEFORE_XML: Final = b"\xef\xbb\xbf\xfe\xff\0 \t\r\n"
_TAGS: Final = frozenset(
    {"p", "br", "b", "strong", "i", "em", "u", "h1", "h2", "h3", "h4", "ul", "ol", "li", "table"}
    | {"thead", "tbody", "tr", "td", "th", "div", "span", "hr", "sup", "sub", "blockquote"}
    | {"small", "bdi"}
)
_DROPPED: Final = frozenset(
    {"script", "style", "head", "title", "iframe", "object", "embed", "svg", "math", "form"}
)
_ATTRIBUTES: Final = frozenset({"dir", "lang", "colspan", "rowspan"})
_CSS: Final = """
@page { size: A4; margin: 22mm 22mm 24mm; }
body { font: 11pt/1.6 "Noto Serif", "DejaVu Serif", serif; color: #111; margin: 0; }
[dir=rtl] body { font-family: "Noto Naskh Arabic", "Noto Serif", "Amiri", "DejaVu Sans", serif;
  font-size: 13pt; line-height: 1.75; }
table { border-collapse: collapse; } td, th { padding: 1mm 2mm; vertical-align: top; }
"""


def write_docx(path: Path, values: Mapping[str, str]) -> bytes:
    """Return the filled document; raise TemplateRefused."""
    from docxtpl import DocxTemplate  # type: ignore[import-untyped]

    check_docx(path)
    try:
        document = DocxTemplate(str(path))
        document.render(dict(values), Grammar(values, escaped=True), autoescape=True)
        out = io.BytesIO()
        document.save(out)
    except TemplateRefused as refused:  # lines of the packed XML say nothing to a person
        others = [(code, detail, 0) for code, detail, _line in refused.others]
        raise TemplateRefused(refused.code, refused.detail, others=others) from refused
    except Exception as error:  # whatever a damaged document raises
        raise TemplateRefused("damaged", type(error).__name__) from error
    return out.getvalue()


def check_docx(path: Path) -> None:
    """Refuse a document that unpacks to too much, runs code, or loads external content."""
    try:
        with zipfile.ZipFile(path) as packed:
            entries = packed.infolist()
            if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > MOST_UNPACKED:
                raise TemplateRefused("too_large")
            for entry in entries:
                name = entry.filename.lower()
                if any(part in name for part in ("vbaproject", "activex", "embeddings/")):
                    raise TemplateRefused("macros")
                if name.endswith((".rels", ".xml")) or _is_xml(packed, entry):
                    _check_part(name, packed.read(entry))
    except (zipfile.BadZipFile, OSError, NotImplementedError, etree.XMLSyntaxError) as error:
        raise TemplateRefused("damaged", type(error).__name__) from error


def _is_xml(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Return whether a part is XML by its bytes: its type stands elsewhere than in its name."""
    with packed.open(entry) as part:
        head = part.read(256)
    said = head.lstrip(_BEFORE_XML)
    return said.startswith(_XML) or bool(head and not said)  # blanks alone: XML may follow


def _check_part(name: str, data: bytes) -> None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.doctype and not name.endswith(".svg"):  # a picture may have one
        raise TemplateRefused("damaged", "DOCTYPE")
    if name.endswith(".rels"):
        for link in root.iter("{*}Relationship"):
            _check_relation(link)
        return
    said = "".join(root.xpath("//*[local-name()='instrText']/text()"))
    said += " ".join(root.xpath("//@*[local-name()='instr']"))
    if found := _FOLLOWED.search(said):
        raise TemplateRefused("outside", found.group())


def _check_relation(link: Any) -> None:
    kind = str(link.get("Type"))
    if kind.endswith(_RUN):
        raise TemplateRefused("macros")
    leads_out = str(link.get("TargetMode")).lower() == "external" and not _is_link(link)
    if leads_out or kind.endswith(_BRING):
        raise TemplateRefused("outside", str(link.get("Target"))[:80])


def _is_link(link: Any) -> bool:
    """Return whether a relationship is a link that only a person follows."""
    target = str(link.get("Target"))
    return str(link.get("Type")).endswith("/hyperlink") and target.startswith(
        ("https://", "http://", "mailto:")
    )


def write_text(source: str, values: Mapping[str, str]) -> str:
    """Return the filled text; raise TemplateRefused."""
    return _filled(source, values, escaped=False)


def write_html(source: str, values: Mapping[str, str], *, language: str) -> bytes:
    """Return the filled page as PDF/A bytes, nothing fetched; raise TemplateRefused."""
    from weasyprint import HTML

    body = sanitised(_filled(source, values, escaped=True))
    direction = "rtl" if language == "ar" else "ltr"
    page = (
        f'<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8">'
        f"<style>{_CSS}</style></head>{body}</html>"
    )
    return bytes(HTML(string=page, url_fetcher=_nothing).write_pdf(pdf_variant="pdf/a-3b"))


def sanitised(page: str) -> str:
    """Return the page's body with only the tags and attributes that letters need."""
    try:
        body = html.document_fromstring(page).find("body")
    except (etree.ParserError, ValueError) as error:
        raise TemplateRefused("damaged", type(error).__name__) from error
    if body is None:
        raise TemplateRefused("damaged")
    for count, element in enumerate(list(body.iterdescendants())):
        if count > MOST_TAGS:
            raise TemplateRefused("too_large")
        if not isinstance(element.tag, str) or element.tag in _DROPPED:
            element.drop_tree()
        elif element.tag not in _TAGS:
            element.drop_tag()
        else:
            _strip(element)
    _strip(body)
    return str(html.tostring(body, encoding="unicode"))


def _strip(element: Any) -> None:
    for name in list(element.attrib):
        value = element.attrib[name]
        spans = name in ("colspan", "rowspan")
        if name not in _ATTRIBUTES or (spans and not re.fullmatch(r"[1-9]\d?", value)):
            del element.attrib[name]


def _filled(source: str, values: Mapping[str, str], *, escaped: bool) -> str:
    if len(source) > MOST_TEXT:
        raise TemplateRefused("too_large")
    text = str(Grammar(values, escaped=escaped).from_string(source).render(dict(values)))
    if len(text) > MOST_TEXT:
        raise TemplateRefused("too_large")
    return text


def _nothing(_url: str, *_args: Any, **_more: Any) -> Any:
    raise ValueError("a letter holds everything in itself")
