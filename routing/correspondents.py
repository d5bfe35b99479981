"""How to reach the sender, who they are at our office, and to whom the letter is written."""

from __future__ import annotations

import re
from typing import Final

from routing.facts import Fact
from routing.lines import Line, text_lines

_EMAIL: Final = re.compile(
    r"[a-z0-9][a-z0-9._%+\-]*\s?@\s?[a-z0-9\-]+(?:\.[a-z0-9\-]+)*\.[a-z]{2,12}"
)
_OCR_DIGIT: Final = "[0-9oOlI|]"
_AS_DIGITS: Final = str.maketrans("oOlI|", "00111")
_PHONE: Final = re.compile(
    rf"(?<![\w/\-])(?:(?:\+|00)\s?\(?212\)?[\s.\-]?(?:\(?0\)?[\s.\-]?)?[5-8]"
    rf"|[0oO][5-8])(?:[\s.\-]?{_OCR_DIGIT}){{8}}(?![\w/])"
)
_PHONE_LABEL: Final = re.compile(
    r"(?:\btel(?:ephone)?|\bgsm|\bport(?:able)?|\bphone|\bmobile|(?:ال)?هاتف|(?:ال)?نقال"
    r"|\bwhatsapp)\W*$"
)
_FAX: Final = re.compile(r"(?:\bfax|telecopie|فاكس)\W*$")
_CUSTOMER: Final = re.compile(
    r"(?:(?:n[°ºo.]?|num(?:ero)?|ref(?:erence)?)?\W{0,3}(?:de |du |d')?\s?"
    r"(?:contrat|police|abonnement|abonne|client|compteur(?= n)|customer|contract|account"
    r"|subscriber)"
    r"(?: (?:eau|electricite|number|no|account|d'eau|d'electricite))?"
    r"|(?:رقم |عدد )?(?:ال)?(?:عقده?|عقد الاشتراك|اشتراك|زبون|مشترك|بوليصه)(?: (?:الماء"
    r"|الكهرباء))?)"
    r"\W{0,4}(?:(?:n[°ºo.]|no|num(?:ero)?|number|رقم|عدد|رقمها|رقمه|تحت رقم|ذات الرقم"
    r"|sous le n[°ºo.])\W{0,4})*"
    r"(?P<value>[a-z]{0,4}[\-/ ]?\d[\d/.\-]*(?: \d[\d/.\-]+)*\d)"
)
_ADDRESS_LABEL: Final = re.compile(
    r"(?:^|[\s,،;؛(])(?:adresse|address|(?:ال)?عنوان(?:ي|ه|ها|نا)?|demeurant(?: au| a"
    r"| a l'adresse)?|domicilie\w*(?: au| a)?"
    r"|الساكنه? ب(?=[^\W_])|الساكنه?|القاطنه? ب(?=[^\W_])"
    r"|القاطنه?)\s*[:：]?\s*(?P<value>\S.{5,120})"
)
_ADDRESS: Final = re.compile(
    r"^\W*(?:\d{1,4}\s?(?:bis|ter)?[,،]?\s+)?(?:rue|avenue|av\.|bd|boulevard|lot(?:issement)?"
    r"|hay|derb|douar|quartier"
    r"|residence|imm(?:euble)?\.?|villa|bloc|zone industrielle|z\.?i\.?|route|place|angle"
    r"|centre|street"
    r"|زنقه|شارع|حي|درب|دوار|تجزيه|اقامه|عماره|فيلا|بلوك|المنطقه الصناعيه|طريق|ساحه)\s+\S"
)
_ADDRESS_END: Final = re.compile(
    r"[;؛|]|\. |\s[–—]\s(?=\D*\d{2})|[,،]?\s(?:رقم العقد|رقم الاشتراك|العقد|الهاتف|هاتف|أطلب"
    r"|ألتمس|أتقدم|titulaire"
    r"|abonn|contrat|t[ée]l|gsm|sollicite|demande|vous|ai l'honneur|صاحب|الحامل|بطاقة|CIN|CNIE)",
    re.IGNORECASE,
)
_ROLE: Final = re.compile(
    r"^\W*(?:le |la |l')?(?:(?:vice-?)?president\w*|directeur\w*|directrice\w*|gerant\w*"
    r"|chef\b|responsable|secretaire"
    r"|tresorier\w*|gouverneur|pacha|caid|avocat\w*|huissier\w*|notaire|ingenieur\w*"
    r"|architecte|syndic|comptable|delegue\w*"
    r"|manager|director|chairman|chief|head of|"
    r"(?:نائب(?:ه)? )?(?:ال)?(?:رييس|مدير|مسير|كاتب العام|كاتبه|امين|عامل|باشا|قايد|محامي"
    r"|محام|مفوض|موثق|مهندس|وكيل|مندوب|سنديك|والي)(?:ه)?)"
    r"(?![^\W\d_]).{0,70}$"
)
_TO: Final = re.compile(
    r"^\W*(?:a l'attention (?:de |du |d')|(?:to|a)\s*[:：]\s*|destinataire\s*:\s*"
    r"|الي\s*[:：]?\s+|ايل\s*[:：]?\s+|المرسل اليه\s*:\s*)"
    r"(?P<value>\S.{2,120})"
)
_TO_PERSON: Final = re.compile(
    r"^\W*(?:a )?(?P<value>(?:monsieur le|madame la|messieurs|the (?:manager|director|head)"
    r"|السيد (?:المدير|رييس|مدير|الرييس))\b.{3,120})"
)


def find_sender_details(text: str) -> dict[str, Fact]:
    """E-mail, phone, customer number, address and role of the sender, each where it is found.

    Keys: sender_email, sender_phone, customer_number, sender_address, sender_role. The first of
    a kind counts; what stands beside "fax" is no telephone.
    """
    lines = text_lines(text)
    found = {
        "sender_email": _email(lines),
        "sender_phone": _phone(lines),
        "customer_number": _customer_number(lines),
        "sender_address": _address(lines),
        "sender_role": _role(lines),
    }
    return {field: fact for field, fact in found.items() if fact}


def find_recipient(text: str) -> Fact | None:
    """To whom the letter is written, as its address says; from the first lines only."""
    lines = text_lines(text)[:20]
    for pattern, score in ((_TO, 0.8), (_TO_PERSON, 0.7)):
        for number, line in enumerate(lines):
            match = pattern.match(line.folded)
            value = line.written(match.start("value")).strip(" ,،:.") if match else ""
            greeting = (
                line.text.rstrip().endswith((",", "،")) and pattern is _TO_PERSON and number > 3
            )
            if value and not greeting:
                return Fact(value, score, ("addressee",), line.text)
    return None


def _email(lines: list[Line]) -> Fact | None:
    for line in lines:
        match = _EMAIL.search(line.folded)
        if match and not re.match(r"^\W*(?:to|cc|a)\s*:", line.folded):
            value = line.written(*match.span()).replace(" ", "")
            return Fact(value, 0.9, ("written_so",), line.text)
    return None


def _phone(lines: list[Line]) -> Fact | None:
    best: Fact | None = None
    for line in lines:
        for match in _PHONE.finditer(line.folded):
            before = line.folded[: match.start()]
            if _FAX.search(before):
                continue
            score = 0.9 if _PHONE_LABEL.search(before) else 0.7
            if best is None or score > best.score:
                number = line.written(*match.span()).strip().translate(_AS_DIGITS)
                best = Fact(number, score, ("written_so",), line.text)
    return best


def _customer_number(lines: list[Line]) -> Fact | None:
    for line in lines:
        match = _CUSTOMER.search(line.folded)
        if match and sum(sign.isdigit() for sign in match["value"]) >= 4:
            value = line.written(*match.span("value")).strip()
            return Fact(value, 0.85, ("customer_label",), line.text)
    return None


def _address(lines: list[Line]) -> Fact | None:
    for line in lines:
        match = _ADDRESS_LABEL.search(line.folded)
        if match and "@" not in match["value"]:
            value = _ADDRESS_END.split(line.written(match.start("value")))[0]
            return Fact(value.strip(" .,،"), 0.75, ("address_line",), line.text)
    for line in lines[:8] + lines[-6:]:
        if _ADDRESS.match(line.folded) and len(line.text) <= 100:
            cut = re.split(r"(?i)\s[–—|·-]\s?(?=t[ée]l|gsm|fax|الهاتف|\S+@)", line.text)[0]
            return Fact(cut.strip(" .,،"), 0.65, ("address_line",), line.text)
    return None


def _role(lines: list[Line]) -> Fact | None:
    """The office of who signs: a line of its own near the foot."""
    for line in reversed(lines[-7:]):
        if _ROLE.match(line.folded) and len(line.text) <= 80 and not re.search(r"\d|:", line.text):
            return Fact(line.text.strip(" .,،"), 0.7, ("signature",), line.text)
    return None
