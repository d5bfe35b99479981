"""A letter without its frame: what says what it wants, for the classifier alone.

A head, an address, the addressee, place and date, numbers, greeting, closing, signature and quoted
mail are alike whatever a letter is about, and longer than many a matter. Which lines are frame is
told by their own words and their place; where in doubt a line stays. Who writes (a company, a
court, an office that somebody holds) and the subject stay.
"""

from __future__ import annotations

import re
from typing import Final

from language.bidi import strip_bidi_controls
from language.fold import fold
from language.given_names import is_given_name
from language.months import MONTHS
from language.towns import TOWN

LEAST_LEFT: Final = 20  # letters: less is no matter, and the whole text is taken
_LONG: Final = 110  # characters: a longer line is a phrase, whatever it begins with
_WORDS: Final = 9  # of what is labelled; more say something
_FORMULA: Final = 170  # characters of a closing, at most
_PHRASE: Final = 45  # from here on a line that ends like a phrase is one

_QUOTED: Final = re.compile(
    r"^\W*(?:original message|message (?:d'origine|original)|الرساله الاصليه)\W*$"
    r"|^(?:le|on|في|بتاريخ) .{6,110}(?:a ecrit|wrote|كتب|كتبت)\s*:\s*$"
)
_SUBJECT: Final = re.compile(
    r"^[\W\d]{0,6}(?:ا?ل?موضوع|املوضوع|objet|subject|sujet|concerne|re|tr|fw|fwd)\s*[:;؛.\-]"
)
_MAIL_HEAD: Final = re.compile(
    r"^\W*(?:date|sent|envoye|cc|cci|bcc|reply-to|importance|attachments?|التاريخ|تاريخ الارسال"
    r"|عدد الصفحات)\s*:"
)
# What a label tells of the sender, of numbers and dates: an identity, nothing of the matter.
_LABEL: Final = re.compile(
    r"^\W*(?:nom(?: et prenoms?| complet)?|prenoms?|name|full name|c\.?\s?i\.?\s?n\.?e?|cnie"
    r"|carte nationale|adresse|address|tel|telephone|gsm|mobile|portable|fax|e-?mail|courriel"
    r"|site web|siege(?: social)?|(?:n/|v/|nos? |vos? |our "
    r"|your )?\s?ref(?:erences?)?(?: n\W{0,2})?"
    r"|date|lieu|ville|profession|signature|signe|cachet|ice|rc|i\.?f|patente|cnss|rib|iban|swift"
    r"|capital|banque|compte(?: n\W{0,2})?"
    r"|(?:ال)?اسم(?: الكامل| والنسب| العايلي| الشخصي)?|(?:ال)?نسب|(?:رقم )?(?:ال)?بطاقه"
    r"(?: (?:ال)?(?:وطنيه|تعريف))*|ب\.?\s?[تو]\.?\s?[تو]?\.?|(?:ال)?عنوان|(?:رقم )?(?:ال)?هاتف"
    r"|جوال"
    r"|(?:ال)?فاكس|(?:ال)?بريد (?:ال)?الكتروني|(?:ال)?مقر(?: الاجتماعي)?|(?:ال)?مهنه|(?:ال)?سجل"
    r" (?:ال)?تجاري|(?:ال)?مرجع|مراجعنا|مراجعكم|(?:ال)?تاريخ|(?:ال)?امضاء|(?:ال)?توقيع"
    r"|(?:ال)?عدد|(?:ال)?رقم(?: الارسال| التسجيل)?)\s*(?:n\s?[°º]|رقم)?\s*[:؛/.]"
    r"|^\W*n\s?[°º]\s*[:\d]|^\W*(?:رقم|عدد|العدد|الرقم)\W{0,3}\d"
    r"|^\W*(?:titulaire|porteur|الحامله?|حامله?|الساكنه?|القاطنه?|الساكن|demeurante?|domicilie)"
    r"(?![^\W_])"
)
_CONTACT: Final = re.compile(
    r"\S@\S|(?<![^\W_])(?:tel|telephone|gsm|fax|phone|mobile|portable|ice|rib|rc|cnss|patente"
    r"|b\.?p"
    r"|if|cin|cnie|هاتف|الهاتف|فاكس|الفاكس|النقال|ص\.ب|السجل التجاري|البطاقه الوطنيه)"
    r"(?![^\W_])\W{0,6}(?:n\W{0,2}|رقم\W{0,2})?[a-z]{0,2}\W?\d|(?:\d[\s.\-]?){9,}|\+\s?212"
    r"|www\.|au capital (?:de|social)"
)
_STREET: Final = re.compile(
    r"(?<![^\W_])(?:rue|avenue|av|bd|boulevard|lot|lotissement|hay|derb|quartier|residence|imm"
    r"|immeuble|appt|villa|bloc|zone industrielle|z\.i|street|road|zip|bp|place|cite|km|route de"
    r"|زنقه|شارع|حي|درب|تجزيه|اقامه|عماره|بلوك|ساحه|الحي|دوار|douar)(?![^\W_])"
)
_OPENS_ADDRESS: Final = re.compile(
    r"^\W*(?:a|au|aux|to|attn|a l'attention|for the attention|the|director|الي|لفايده|فايده|عنايه"
    r"|السيده?|الساده|سعاده|monsieur|madame|messieurs|mesdames|mr|mme|s/c|sous couvert|تحت اشراف"
    r"|dear|destinataire|المرسل اليه)(?![^\W_])"
)
# Words of an address that tells no more than the office as a whole and its head.
_ANYBODY: Final = frozenset(
    fold(
        "monsieur madame messieurs mesdames mr mme m le la les l de du des d à au aux et a s c sous"
        " couvert attention l'attention qui droit directeur directrice directeurs général générale"
        " président régie autonome intercommunale distribution d'eau l'eau eau électricité"
        " d'électricité l'électricité assainissement d'assainissement l'assainissement liquide"
        " société sa s.a régionale regional multiservices multiservice srm radeej radee office"
        " national onee établissement doukkala tout respecté honorable"
        " to attn for the of director manager general company dear sir or madam destinataire"
        " إلى ايل لفائدة فائدة عناية السيد السيدة السادة سيدي سعادة تحت إشراف من يهمه الأمر مدير"
        " مديرة مديري رئيس عام محترم محترمة محترمين فاضل وكالة مستقلة توزيع ماء كهرباء تطهير سائل"
        " شركة شركتكم وكالتكم مؤسستكم جهوية متعددة خدمات مؤسسة مكلفة مكتب وطني صالح شرب دكالة"
        " المرسل إليه"
    ).split()
)
_ATTACHED: Final = re.compile(r"^(?:و|ب|ل)?(?:ال|ل)?")
_GREETS: Final = re.compile(  # how a greeting begins
    r"^\W*(?:bonjour|bonsoir|hello|hi|dear|greetings|salam\w*|salut|slm|chers?|cheres?|bjr"
    r"|monsieur|madame|messieurs|mesdames|السلام عليكم|سلام عليكم|سلام تام|السلام|سلام|تحيه"
    r"|تحيات\w*"
    r"|وبعد|اما بعد|بعد التحيه|سيدي|سيدتي|ساداتي|سادتي|السيد|السيده|الساده|حضره)(?:[\W_]+|$)"
)
_GREETED: Final = re.compile(  # how it goes on
    r"^(?:monsieur|madame|messieurs|mesdames|le directeur|la directrice|les directeurs|directeur"
    r"|general|generale|sir|madam|sirs|or|all|team|a tous|toute l'equipe|الي سيادتكم"
    r"|عليكم|طيبه|وبعد|اما بعد|التحيه|والسلام|سيدي|سيدتي|السيد|السيده|ورحمه الله|رحمه الله|تعالي"
    r"|وبركاته|بوجود مولانا الامام|المويد بالله|دام له النصر\w*|والتمكين|المحترم\w*|المدير"
    r"|المديره|العام"
    r"|الرييس|الافاضل|الفاضل|الكريم|الاعزاء)(?:[\W_]+|$)"
)
_OPENING: Final = re.compile(
    r"^\W*(?:j'ai l'honneur|nous avons l'honneur|je viens|par la presente|suite a quoi|يشرفني"
    r"|يشرفنا"
    r"|يسعدني|يوسفني|i am writing|i have the honou?r)\b.{0,90}"
    r"(?:ce qui suit|par la presente|la presente|ما يلي|بهذه الرساله|برسالتي|كتابي هذا"
    r"|بهذا الطلب|the following)\W*$"
)
_CLOSING: Final = re.compile(
    r"salutations|cordialement|sincerement|respectueusement|sentiments (?:les|respectueux"
    r"|distingues"
    r"|devoues|meilleurs)|haute consideration|consideration distinguee|veuillez (?:agreer"
    r"|recevoir (?:l'expression|mes salut|l'assurance|mes respect)"
    r"|croire)|d'agreer|(?:je )?vous prie (?:d'agreer|de croire|de recevoir)|(?:dans"
    r"|en) l'attente d(?:e votre|'une (?:suite|reponse))"
    r"|(?:avec|tous?) (?:mes|nos) (?:vifs |sinceres )?remerciements|(?:vous )?remerciant (?:par"
    r"|d')"
    r"|merci (?:d'avance|par avance|beaucoup|bcp|de votre (?:comprehension|attention|aide))"
    r"|bien (?:a vous|cordialement)|(?:bonne|excellente) (?:journee|reception|soiree)"
    r"|yours (?:sincerely|faithfully|truly)|(?:kind|best|warm) (?:regards|wishes)|^\W*regards\W*$"
    r"|thank(?:s| you) (?:in advance|for your (?:help|attention|time|understanding))"
    r"|^\W*thanks?\W*$"
    r"|look(?:ing)? forward|^\W*merci\W*$|^\W*recevez\b"
    r"|(?:و?تفضلوا|و?تقبلوا|و?تفضل|و?تقبل|المرجو ان تتقبلوا).{0,60}(?:قبول|عبارات|تحيا\w+"
    r"|احترام\w*"
    r"|تقدير\w*|الشكر|شكر\w*|الامتنان|الاحترام|التقدير|سلام)"
    r"|(?:فايق|خالص|اسمي|كامل|جزيل|وافر|اطيب) (?:عبارات |ال|معاني )?(?:الاحترام|احترام\w*|التقدير"
    r"|تقدير\w*|الشكر|شكر\w*|التحيات|تحيا\w+|الامتنان)|^\W*مع (?:فايق |خالص |كامل "
    r"|جزيل )?(?:الاحترام"
    r"|التقدير|الشكر|التحيات|تحيا\w+)|في انتظار (?:جوابكم|ردكم|رد|جواب)(?![^\W_])|(?:و?شكرا"
    r"|مع الشكر)\W*"
    r"(?:جزيلا|مسبقا|لكم|على تعاونكم|علي تعاونكم|$)|دمتم|^\W*و?السلام(?: عليكم.{0,40})?\W*$"
    r"|ولكم (?:منا |مني )?(?:جزيل|فايق|الشكر|واسع)"
)
_ENCLOSED: Final = re.compile(
    r"^\W*(?:p\.?\s?j|pieces? jointes?|ci-jointe?s?|annexes?|enclosures?|encl|attachments?"
    r"|(?:ال)?مرفقات|(?:ال)?مرفق|رفقته|copies? (?:a|pour)|c\.?\s?c|ampliations?|نسخه (?:الي|ل))"
    r"\s*(?:[:؛.]|$)"
)
_SIGNING: Final = re.compile(
    r"^\W*(?:signatures?|signe|cachet|signature et cachet|lu et approuve|التوقيع|الامضاء|توقيع"
    r"|امضاء"
    r"|ختم|والختم|الختم|خاتم|غير مقروء|\W|et|و)+$"
)
_DATE_WORDS: Final = frozenset(
    fold(
        "le la fait à en date du de on the day er st nd th monday tuesday wednesday thursday friday"
        " saturday sunday lundi mardi mercredi jeudi vendredi samedi dimanche في بتاريخ التاريخ يوم"
        " حرر وحرر ب من الموافق ل لـ هـ م سنة عام الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت"
        " الأحد"
    ).split()
)
_TOWN: Final = re.compile(rf"(?<![^\W_])(?:[بول]|a )?{TOWN}(?![^\W_])")
_FROM: Final = re.compile(r"^(?:من|de|par|from|المرسل|expéditeur)\W+", re.I)
_WORD: Final = re.compile(r"[^\W\d_]+")
_SENTENCE: Final = re.compile(r"(?<=[.!?؟])\s+")


def without_frame(text: str) -> str:
    """Return the letter's lines that say what it wants; the whole text where none would be left."""
    plain = strip_bidi_controls(text).replace("\r", "\n").replace("\f", "\n")
    lines = [line for line in (" ".join(one.split()) for one in plain.split("\n")) if line]
    own = _own_lines(lines)
    kept = _matter(own if _letters(own) >= LEAST_LEFT else lines)
    return "\n".join(kept) if _letters(kept) >= LEAST_LEFT else text


def _letters(lines: list[str]) -> int:
    return sum(char.isalpha() for line in lines for char in line)


def _own_lines(lines: list[str]) -> list[str]:
    """Leave out the mail that a letter answers, below it or marked line by line."""
    own: list[str] = []
    for line in lines:
        if _QUOTED.match(fold(line)):
            break
        if not line.startswith(">"):
            own.append(line)
    return own


def _matter(lines: list[str]) -> list[str]:
    folded = [fold(line) for line in lines]
    phrases = [n for n, line in enumerate(lines) if _is_phrase(line, folded[n])]
    first, last = (phrases[0], phrases[-1]) if phrases else (len(lines), -1)
    kept: list[str] = []
    enclosed = False
    for n, line in enumerate(lines):
        if _SUBJECT.match(folded[n]):
            kept.append(line)
            continue
        if len(line) <= _LONG and not (first < n < last) and _is_frame(line, folded[n], n < first):
            continue
        enclosed = n > last and (enclosed or bool(_ENCLOSED.match(folded[n])))
        if enclosed and len(line) <= _LONG:
            continue
        if said := _without_formulas(line):
            kept.append(said)
    return kept


def _is_phrase(line: str, folded: str) -> bool:
    if _SUBJECT.match(folded) or _CLOSING.search(folded) or _LABEL.match(folded):
        return False
    ended = line.endswith((".", "!", "?", "؟", "…", ";", "؛"))
    return len(line) > _LONG or (ended and len(line) >= _PHRASE)


def _is_frame(line: str, folded: str, head: bool) -> bool:
    """Return whether a line outside the matter is frame; `head`: it stands above all phrases."""
    if _is_phrase(line, folded) and not _OPENING.match(folded):
        return False
    return bool(
        _MAIL_HEAD.match(folded)
        or (_LABEL.match(folded) and len(folded.split()) <= _WORDS)
        or _CONTACT.search(folded)
        or _SIGNING.match(folded)
        or _OPENING.match(folded)
        or (_STREET.search(folded) and (re.search(r"\d", folded) or _TOWN.search(folded)))
        or (head and _is_addressee(folded))
        or _is_date(folded)
        or _is_name(line)
    )


def _is_addressee(folded: str) -> bool:
    """Return whether a line writes to the office or its head, and to none of its services."""
    if not _OPENS_ADDRESS.match(folded):
        return False
    words = re.findall(r"[^\W\d_]+(?:['.][^\W\d_]+)*", _TOWN.sub(" ", folded))
    return all(word in _ANYBODY or _ATTACHED.sub("", word) in _ANYBODY for word in words)


def _is_date(folded: str) -> bool:
    """Return whether a line is place and date, and nothing else."""
    if not re.search(r"\d", folded) and not _TOWN.search(folded):
        return False
    words = _WORD.findall(_TOWN.sub(" ", folded))
    return all(w in _DATE_WORDS or w in MONTHS for w in words)


def _is_name(line: str) -> bool:
    """Return whether a line is a person's name alone."""
    words = _FROM.sub("", line).strip(" .,،:").split()
    if not 1 < len(words) <= 5 or re.search(r"[\d:؛;!?]", line):
        return False
    words = [
        w for w in words if fold(w).strip(".") not in ("m", "mr", "mme", "mlle", "السيد", "السيده")
    ]
    return bool(words) and any(is_given_name(w) for w in (words[0], words[-1]))


def _without_formulas(line: str) -> str:
    """Return a phrase without the greeting before it and the closing behind it."""
    said = _SENTENCE.split(line)
    while said and len(said[-1]) <= _FORMULA and _CLOSING.search(fold(said[-1])):
        said.pop()
    return _without_greeting(" ".join(said))


def _without_greeting(line: str) -> str:
    pattern = _GREETS
    while line and (found := pattern.match(_same_length(line[:_LONG]))):
        line, pattern = line[found.end() :], _GREETED
    return line


def _same_length(line: str) -> str:
    """Fold sign by sign, so that a place in the folded line is one in the written."""
    return "".join((fold(char) or " ")[:1] for char in line)
