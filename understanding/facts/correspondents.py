"""How to reach the sender, and who they are at our office: e-mail, telephone, contract."""

from __future__ import annotations

import re
from typing import Final

from understanding.facts.addresses import find_address
from understanding.facts.lines import Line, text_lines
from understanding.facts.subject_dates import Fact

# Scans give © or (at) for the sign, and put spaces around it and before the last point.
_EMAIL: Final = re.compile(
    r"(?<![a-z0-9._%+\-])[a-z0-9][a-z0-9._%+\-]{0,63}(?:\s?[@©]\s?|\s?[(\[]at[)\]]\s?)"
    r"(?:[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){0,5}\.[a-z]{2,24}(?![a-z0-9])"
    r"|[a-z0-9\-]{1,63}(?:\s\.\s?|\.\s)(?:com|ma|fr|org|net)(?![a-z0-9]))"
)
_TO_US: Final = re.compile(r"^\W*(?:to|cc|cci|bcc|a|الي|destinataire)\s*:")
_OCR_DIGIT: Final = "[0-9oOlI|]"
_AS_DIGITS: Final = str.maketrans("oOlI|", "00111")
_PHONE: Final = re.compile(
    rf"(?<![\w/\-])(?:(?:\+|00)\s?\(?212\)?[\s.\-]?(?:\(?0\)?[\s.\-]?)?[5-8]"
    rf"|[0oO][5-8])(?:[\s.\-]?{_OCR_DIGIT}){{8}}(?![\w/])"
    r"|(?<![\w/\-])\+(?!\s?\(?212)[1-9]\d{0,2}[\s.\-](?:\(?\d{1,4}\)?[\s.\-]?){1,4}\d{2,4}(?![\w/])"
)
_PHONE_LABEL: Final = re.compile(
    r"(?:\btel(?:ephone)?|\bgsm|\bport(?:able)?|\bphone|\bmobile|(?:ال)?هاتف|(?:ال)?نقال"
    r"|\bwhatsapp)\W*$"
)
_FAX: Final = re.compile(r"(?<!tel/)(?<!tel./)(?<!tel. / )(?<!tel / )(?:\bfax|telecopie|فاكس)\W*$")
_MARK: Final = r"(?:n\s?[°ºo.]|no\b\.?|num(?:ero)?|number|رقم(?:ه|ها)?|عدد|تحت رقم|ذات الرقم|هو|is)"
_CUSTOMER: Final = re.compile(
    r"(?<![^\W_])(?:contrats?|police|abonnement|abonnee?|client|compte(?: client)?|customer"
    r"|contract"
    r"|account|subscriber|subscription"
    r"|(?:ال|ل|ب|و)?(?:عقد|عقده|عقدي|عقدتي|عقدنا|عقدين|اشتراك|اشتراكي|زبون|مشترك|بوليصه|حسابي))"
    rf"(?P<between>(?: [^\W\d_']+){{0,3}}?)(?P<marks>(?:\W{{0,4}}{_MARK})*)\W{{0,4}}(?<![^\W_])"
    r"(?P<value>(?:(?!(?:du|de|le|les|des|en|au|aux|of|no|is|et|ou|an|a|rib|ice|rc|if|cin|tel"
    r"|gsm|fax) )[a-z]{1,4}[\-/ ]?)?"
    r"\d+(?:[/.\-]\d+)*(?: \d{3}(?!\d))*"
    r"(?:[\-/][a-z]{1,4}(?![^\W_]))?)"
)


def find_sender_details(text: str) -> dict[str, Fact]:
    """Return e-mail, phone, customer number and address of the sender, each where it is found.

    Keys: sender_email, sender_phone, customer_number, sender_address. The first of a kind counts;
    a number beside "fax" is no telephone.
    """
    lines = text_lines(text)
    found = {
        "sender_email": _email(lines),
        "sender_phone": _phone(lines),
        "customer_number": _customer_number(lines),
        "sender_address": find_address(lines),
    }
    return {field: fact for field, fact in found.items() if fact}


def _email(lines: list[Line]) -> Fact | None:
    for line in lines:
        match = None if _TO_US.match(line.folded) else _EMAIL.search(line.folded)
        if match:
            value = re.sub(r"©|[(\[]at[)\]]", "@", "".join(line.written(*match.span()).split()))
            return Fact(value, 0.9, ("written_so",), line.text)
    return None


def _phone(lines: list[Line]) -> Fact | None:
    best: Fact | None = None
    for line in lines:
        for match in _PHONE.finditer(line.folded):
            before = line.folded[max(0, match.start() - 30) : match.start()]
            if _FAX.search(before):
                continue
            score = 0.9 if _PHONE_LABEL.search(before) else 0.7
            if best is None or score > best.score:
                number = line.written(*match.span()).strip().translate(_AS_DIGITS)
                best = Fact(number, score, ("written_so",), line.text)
    return best


def _customer_number(lines: list[Line]) -> Fact | None:
    for line in lines:
        for match in _CUSTOMER.finditer(line.folded):
            value = line.written(*match.span("value")).strip(" .-/")
            digits = sum(sign.isdigit() for sign in value)
            near = not match["between"] or match["marks"] or "(" in line.folded[match.start() :]
            if 4 <= digits <= 16 and near and not _DATE.fullmatch(value):
                if digits == 4 and not match["marks"] and value.isdigit():
                    continue  # a year
                return Fact(value, 0.85, ("customer_label",), line.text)
    return None


_DATE: Final = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}")
