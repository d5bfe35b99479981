"""What a valid XML bill (UBL 2.1 or CII) says, as plain values: no Django, for the confined child.

Amounts are integer centimes; a credit note's are negative. The contract is BT-12, or BT-10 where
that is missing. Meter, band and service are properties of the items (BG-32), by these names:
`service`, `band`, `previous_index`, `index`, `estimated`.
"""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from eservices.bills.xml_rules import CII, UBL_CREDIT

_NS: Final = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
_CREDITS: Final = {"381", "396", "532"}
_PROPERTIES: Final = ("service", "previous_index", "index", "estimated")
Values = dict[str, Any]


def read(root: Any) -> Values:
    """Return the bill of a valid document; its days as ISO text, "" for what it does not say."""
    found = _of_cii(root) if root.tag == CII else _of_ubl(root)
    _spread_tax(found["lines"], found.pop("taxes"))
    told = {
        name: value for line in found["lines"] for name, value in line.pop("properties").items()
    }
    for name in _PROPERTIES:
        found[name] = str(told.get(name, ""))[:60]
    if found.pop("credit"):
        for name in ("total", "remaining"):
            found[name] = -found[name]
        for line in found["lines"]:
            line["net"], line["tax"] = -line["net"], -line["tax"]
    return found


def _of_ubl(root: Any) -> Values:
    text, amount = _reader(root), _amounts(root)
    credit = root.tag == UBL_CREDIT
    kind = "CreditNote" if credit else "Invoice"
    total = "cac:LegalMonetaryTotal/cbc:"
    rounding = amount(f"{total}PayableRoundingAmount")
    return {
        "number": text("cbc:ID"),
        "contract": text("cac:ContractDocumentReference/cbc:ID") or text("cbc:BuyerReference"),
        "issued_on": text("cbc:IssueDate"),
        "due_on": text("cbc:DueDate") or text("cac:PaymentMeans/cbc:PaymentDueDate"),
        "period_from": text("cac:InvoicePeriod/cbc:StartDate"),
        "period_to": text("cac:InvoicePeriod/cbc:EndDate"),
        "currency": text("cbc:DocumentCurrencyCode"),
        "total": amount(f"{total}TaxInclusiveAmount") + rounding,
        "remaining": amount(f"{total}PayableAmount"),
        "credit": credit or text("cbc:InvoiceTypeCode") in _CREDITS,
        "taxes": [
            (_reader(one)("cac:TaxCategory/cbc:Percent"), _amounts(one)("cbc:TaxAmount"))
            for one in _all(root, "cac:TaxTotal[1]/cac:TaxSubtotal")
        ],
        "lines": [
            *(_ubl_line(one, kind) for one in _all(root, f"cac:{kind}Line")),
            *(_ubl_charge(one) for one in _all(root, "cac:AllowanceCharge")),
        ],
    }


def _ubl_line(line: Any, kind: str) -> Values:
    text, amount = _reader(line), _amounts(line)
    quantity = "cbc:CreditedQuantity" if kind == "CreditNote" else "cbc:InvoicedQuantity"
    return _line(
        label=text("cac:Item/cbc:Name"),
        quantity=text(quantity),
        unit=text(f"{quantity}/@unitCode"),
        price=text("cac:Price/cbc:PriceAmount"),
        base=text("cac:Price/cbc:BaseQuantity"),
        net=amount("cbc:LineExtensionAmount"),
        rate=text("cac:Item/cac:ClassifiedTaxCategory/cbc:Percent"),
        properties=[
            (_reader(one)("cbc:Name"), _reader(one)("cbc:Value"))
            for one in _all(line, "cac:Item/cac:AdditionalItemProperty")
        ],
    )


def _ubl_charge(one: Any) -> Values:
    text = _reader(one)
    net = _amounts(one)("cbc:Amount")
    return _line(
        label=text("cbc:AllowanceChargeReason") or text("cbc:AllowanceChargeReasonCode"),
        net=net if text("cbc:ChargeIndicator") == "true" else -net,
        rate=text("cac:TaxCategory/cbc:Percent"),
    )


_TRADE: Final = "rsm:SupplyChainTradeTransaction/ram:"
_SETTLED: Final = f"{_TRADE}ApplicableHeaderTradeSettlement"
_AGREED: Final = f"{_TRADE}ApplicableHeaderTradeAgreement/ram:"
_DATE: Final = "/udt:DateTimeString"


def _of_cii(root: Any) -> Values:
    text, amount = _reader(root), _amounts(root)
    sums = f"{_SETTLED}/ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:"
    period = f"{_SETTLED}/ram:BillingSpecifiedPeriod/ram:"
    terms = f"{_SETTLED}/ram:SpecifiedTradePaymentTerms/ram:"
    return {
        "number": text("rsm:ExchangedDocument/ram:ID"),
        "contract": text(f"{_AGREED}ContractReferencedDocument/ram:IssuerAssignedID")
        or text(f"{_AGREED}BuyerReference"),
        "issued_on": _day(text(f"rsm:ExchangedDocument/ram:IssueDateTime{_DATE}")),
        "due_on": _day(text(f"{terms}DueDateDateTime{_DATE}")),
        "period_from": _day(text(f"{period}StartDateTime{_DATE}")),
        "period_to": _day(text(f"{period}EndDateTime{_DATE}")),
        "currency": text(f"{_SETTLED}/ram:InvoiceCurrencyCode"),
        "total": amount(f"{sums}GrandTotalAmount") + amount(f"{sums}RoundingAmount"),
        "remaining": amount(f"{sums}DuePayableAmount"),
        "credit": text("rsm:ExchangedDocument/ram:TypeCode") in _CREDITS,
        "taxes": [
            (_reader(one)("ram:RateApplicablePercent"), _amounts(one)("ram:CalculatedAmount"))
            for one in _all(root, f"{_SETTLED}/ram:ApplicableTradeTax")
        ],
        "lines": [
            *(_cii_line(one) for one in _all(root, f"{_TRADE}IncludedSupplyChainTradeLineItem")),
            *(
                _cii_charge(one)
                for one in _all(root, f"{_SETTLED}/ram:SpecifiedTradeAllowanceCharge")
            ),
        ],
    }


def _cii_line(line: Any) -> Values:
    text, amount = _reader(line), _amounts(line)
    settled = "ram:SpecifiedLineTradeSettlement/ram:"
    price = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:"
    quantity = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
    summed = f"{settled}SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    return _line(
        label=text("ram:SpecifiedTradeProduct/ram:Name"),
        quantity=text(quantity),
        unit=text(f"{quantity}/@unitCode"),
        price=text(f"{price}ChargeAmount"),
        base=text(f"{price}BasisQuantity"),
        net=amount(summed),
        rate=text(f"{settled}ApplicableTradeTax/ram:RateApplicablePercent"),
        properties=[
            (_reader(one)("ram:Description"), _reader(one)("ram:Value"))
            for one in _all(line, "ram:SpecifiedTradeProduct/ram:ApplicableProductCharacteristic")
        ],
    )


def _cii_charge(one: Any) -> Values:
    text = _reader(one)
    net = _amounts(one)("ram:ActualAmount")
    return _line(
        label=text("ram:Reason") or text("ram:ReasonCode"),
        net=net if text("ram:ChargeIndicator/udt:Indicator") == "true" else -net,
        rate=text("ram:CategoryTradeTax/ram:RateApplicablePercent"),
    )


def _line(
    *, label: str, net: int, rate: str, quantity: str = "", unit: str = "", price: str = "",
    base: str = "", properties: list[tuple[str, str]] | None = None,
) -> Values:  # fmt: skip
    told = {name.strip().lower(): value for name, value in properties or []}
    each = Decimal(price or 0) / Decimal(base or 1)
    return {
        "label": label[:200],
        "band": told.get("band", "")[:40],
        "quantity": quantity,
        "unit": unit[:20],
        "price": format(each, "f") if price else "",
        "net": net,
        "tax_rate": rate or "0",
        "tax": 0,
        "properties": told,
    }


def _spread_tax(lines: list[Values], taxes: list[tuple[str, int]]) -> None:
    """Write the tax of each line so that those of one rate come to what the document says."""
    for rate, amount in taxes:
        mine = [line for line in lines if Decimal(line["tax_rate"]) == Decimal(rate or 0)]
        for line in mine:
            exact = Decimal(line["net"]) * Decimal(rate or 0) / 100
            line["tax"] = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
        if mine:
            largest = max(mine, key=lambda line: abs(line["net"]))
            largest["tax"] += amount - sum(line["tax"] for line in mine)


def _day(text: str) -> str:
    """Return CII's 20261127 as ISO 8601."""
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if len(text) == 8 else text


def _all(node: Any, path: str) -> list[Any]:
    return list(node.xpath(path, namespaces=_NS))


def _reader(node: Any) -> Callable[[str], str]:
    """Return a function that reads the first text of a path, "" where there is none."""

    def text(path: str) -> str:
        for one in _all(node, path):
            return str(one if isinstance(one, str) else (one.text or "")).strip()
        return ""

    return text


def _amounts(node: Any) -> Callable[[str], int]:
    """Return a function that reads an amount of a path in centimes, 0 where there is none."""
    text = _reader(node)

    def amount(path: str) -> int:
        return int((Decimal(text(path) or 0) * 100).quantize(Decimal(1), ROUND_HALF_UP))

    return amount
