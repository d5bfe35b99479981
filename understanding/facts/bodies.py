"""The body that a letter without a letterhead names: behind an office, in a phrase, at the foot."""

from __future__ import annotations

import re
from typing import Final

from language.fold import fold
from understanding.facts.letterhead_words import NOT_SENDER, ORGANISATION, TERRITORY
from understanding.facts.lines import Line
from understanding.facts.persons import find_person, is_role
from understanding.facts.subject_dates import Fact

# Nouns of bodies that somebody heads, or in whose name somebody writes.
_NOUN: Final = (
    r"(?:association|societe|ste|cooperative|syndicat|syndic|amicale|federation|confederation|union"
    r"|ligue|club|fondation|commune|province|prefecture|region|wilaya|cercle|caidat|pachalik"
    r"|annexe administrative|arrondissement|conseil|ecole|lycee|college|groupe|institut|faculte"
    r"|universite|hopital|clinique|polyclinique|centre|dispensaire|pharmacie|hotel|cafe|restaurant"
    r"|riad|hammam|boulangerie|mosquee|agence|office|banque|cabinet|entreprise|etablissements?|ets"
    r"|usine|ferme|residence|mutuelle|chambre|tribunal|cour|delegation|direction|academie"
    r"|inspection|tresorerie|perception|ministere|gie|creche|complexe|laboratoire|imprimerie"
    r"|company|school|hospital|foundation|bank|academy"
    r"|(?:ال)?(?:جمعيه|شركه|تعاونيه|نقابه|وداديه?|اتحاد|فدراليه|كونفدراليه|نادي|موسسه|جماعه|عماله"
    r"|اقليم|جهه|ولايه|دايره|قياده|باشويه|ملحقه|مجلس|مدرسه|ثانويه|اعداديه|معهد|كليه|جامعه"
    r"|مستشفي|مصحه|مركز|صيدليه|فندق|مقهي|مطعم|رياض|حمام|مخبزه|مسجد|وكاله|مكتب|بنك|مقاوله|مجموعه"
    r"|معمل|مصنع|ضيعه|تعاضديه|غرفه|محكمه|مندوبيه|مديريه|اكاديميه|مفتشيه|خزينه|قباضه"
    r"|وزاره|روض|حضانه|محطه|مطحنه|معصره))(?![^\W_])"
)
NAMED: Final = re.compile(rf"(?:^|(?<=[ ،,])|(?<=[ld]['’]))(?:لل|ل)?(?P<noun>{_NOUN})")
# Who heads a body, or may write in its name; an employee or a lawyer at a court does neither.
_HEADS: Final = re.compile(
    r"^\W*(?:من |le |la |l['’]|un |une |the |p/?\s?)?(?:(?:vice-?|co-?)?presidente?"
    r"|(?:co-?)?gerante?"
    r"|directeur|directrice|cheff?e?|responsable|secretaire|tresoriere?|syndic|proviseur"
    r"|principal|doyen"
    r"|gouverneur|wali|pacha|caid|maire|representante?|mandataire|fonde de pouvoir|proprietaire"
    r"|imam|econome|intendant|pdg|ceo|manager|director|head|owner|chairman|chairwoman"
    r"|(?:نايبه? )?(?:ال)?(?:رييس|مدير|مسير|قايد|باشا|عامل|والي|كاتب|امين|ناظر|عميد|ممثل|وكيل|مسوول"
    r"|سنديك|صاحب|مندوب|خليفه|امام)ه?)(?![^\W_])"
)
_COMPANY: Final = re.compile(
    r"^(?:association|societe|ste|cooperative|entreprise|amicale|syndicat|federation|fondation"
    r"|(?:ال)?(?:جمعيه|شركه|تعاونيه|مقاوله|وداديه|نقابه|فدراليه))(?![^\W_])"
)
OPENS: Final = re.compile(rf"^\W*(?:la |le |l['’]|the )?(?P<noun>{_NOUN})")
LEGAL_FORM: Final = re.compile(
    r"(?<![^\W_])(?:s\.?a\.?r\.?l(?:\.?a\.?u)?|s\.?a\.?s?|ltd|llc|inc|gmbh|ش\.?\s?م\.?\s?م)\W*$"
)
# Where the name ends and the phrase goes on.
_GOES_ON: Final = re.compile(
    r"\s*(?:[,،.;؛:()|\d\"«»]|\s[–—-]\s|\s(?:(?:ال)?كاين\w*|(?:ال)?متواجد\w*|(?:ال)?مسجل\w*"
    r"|تتقدم|يتقدم|(?:ال)?موقع(?:ون|ين|ه|ات)?|soussigne\w*"
    r"|نتقدم|تتشرف|نتشرف|نطلب|تطلب|اطلب|التمس|نلتمس|ارفع|نرفع|ان|انا|اتقدم|يسعدنا|يشرف\w+|sise?"
    r"|situee?"
    r"|inscrite?|representee?|demand\w+|sollicit\w+|souhait\w+|a l'honneur|ai l'honneur"
    r"|avons|vous|declar\w+|atteste\w*|titulaire|immatriculee?|dont|qui|located|hereby|have|has"
    r"|wish"
    r"|request\w*|i|we)(?![^\W_]))"
)
# In whose name a letter speaks: at the head of a phrase, for contracts are in names as well.
_SAID: Final = re.compile(
    r"(?:(?:(?:^|[.،,:؛])\W*باسم|(?<![^\W_])(?:نحن|بصفت\w+|اصاله عن|ممثلا? (?:عن )?))"
    r"(?: (?:ال)?(?:مكتب|اعضاء|رييسه?|مديره?|مسيره?|ممثله?|كاتبه?|امين|وكيله?|صاحبه?|عن|مسيري))"
    r"{0,2} |(?<![^\W_])(?:nous,? (?:soussignes?,? )?|on behalf of |representant "
    r"|(?:(?<=^)|(?<=[.,;] )|ecri[st] |agissant |vous )au nom (?:de |du |d['’])"
    r"|en (?:ma |sa |notre )?qualite (?:de |d['’]))"
    r"(?:(?:le |la |l['’]|the )?(?:[^\W\d_]+ ){0,2}?"
    r"(?:de la |de l['’]|du |de |d['’]|la |l['’]|le |les ))?)"
    rf"(?=(?:لل|ل|ب)?{_NOUN})"
)
_SPEAKS: Final = re.compile(
    rf"^\W*(?:la |l['’]|le |notre |تتشرف |تتقدم |ترفع |يتشرف |يتقدم )(?={_NOUN})"
    r"(?=.{4,90}(?:a l'honneur|sollicite|vous (?:demande|prie|informe)|تتشرف|تتقدم|يتقدم"
    r"|اليكم|بطلب|الي سيادتكم))"
)
OURS: Final = re.compile(
    r"(?<![^\W_])(?:srm|radeej|regie|regionale multiservices?|votre|vos|الجهويه (?:ال)?متعدده|كم$)"
)
_FOOTER: Final = re.compile(
    r"au capital|siege social|(?<![^\W_])(?:rc|ice|patente)\W|راسمال|المقر الاجتماعي|السجل التجاري"
)
_OPENING: Final = 14  # lines in which a body says who it is
_MOST_WORDS: Final = 12


def is_company(name: str) -> bool:
    """Return whether the name is that of a body with members or owners, as such are registered."""
    return bool(_COMPANY.match(fold(name)))


def named_body(words: str) -> str:
    """Return the body that these words name behind an office: "رئيس جمعية X" → "جمعية X"."""
    line = Line.of(words)
    match = NAMED.search(line.folded)
    return cut(line, match.start("noun")) if match else ""


def body_of_office(words: str) -> str:
    """Return the body that an office heads, where its words name one; "" else."""
    if not _HEADS.match(fold(words)):
        return ""
    who, body = find_person(words), named_body(words)
    if who and who.sure and body.endswith(who.name):  # the holder behind the office
        shorter = body[: -len(who.name)].strip(" .،,-–")
        body = shorter if len(shorter.split()) > 1 else body
    return body


def cut(line: Line, start: int) -> str:
    end = _GOES_ON.search(line.folded, start)
    name = line.written(start, end.start() if end else None).strip(" .،,'’\"-–")
    enough = 1 < len(name.split()) <= _MOST_WORDS and len(name) <= 90
    return name if enough and not OURS.search(Line.of(name).folded) else ""


def declared_body(lines: list[Line]) -> Fact | None:
    """Return the body in whose name the letter is: "Nous, société X", "بصفتي رئيس جمعية X"."""
    for line in lines[:_OPENING]:
        if NOT_SENDER.match(line.folded):
            continue
        for pattern in (_SAID, _SPEAKS):
            match = pattern.search(line.folded[:600])
            name = named_body(line.written(match.end())[:120]) if match else ""
            if name:
                return Fact(name, 0.58, ("declaration",), line.text)
        if name := _ours_named(line):
            return Fact(name, 0.57, ("declaration",), line.text)
    return None


def _ours_named(line: Line) -> str:
    """Return the body that the letter calls its own by name: "notre bureau de contrôle, X"."""
    match = _OUR_BODY.search(line.text)
    return match["name"].strip(" .,") if match and not OURS.search(fold(match["name"])) else ""


_OUR_BODY: Final = re.compile(
    r"\b(?:[Nn]otre (?:société|entreprise|bureau(?: de contrôle| d['’]études)?|cabinet|association"
    r"|coopérative|agence|établissement|école|clinique|groupe|fondation|hôtel|usine)"
    r"|[Oo]ur (?:company|firm|association|school|organisation|organization)),? (?P<name>[A-ZÀ-Þ]"
    r"[\w'’&.\-]+(?: (?:[A-ZÀ-Þ&][\w'’&.\-]*|de|du|des|la|et|of|and)){0,5})"
)


def body_alone(line: Line) -> Fact | None:
    """Return a line of a signature that is a body's name and nothing else: "Nour Plast SARL"."""
    for piece in re.split(r"\s[–—|•·-]\s|[|,،]", line.text)[:3]:
        text = piece.strip(" .،,")
        folded = Line.of(text).folded
        named = OPENS.match(folded) or LEGAL_FORM.search(folded)
        short = 1 < len(text.split()) <= _MOST_WORDS and len(text) <= 80
        doubtful = (
            TERRITORY.match(folded)
            or re.search(r"[\d@:]|[.؟!]$", text)
            or OURS.search(folded)
            or is_role(text)
        )
        if named and short and not doubtful:
            return Fact(text, 0.58, ("signature",), line.text)
    return None


def footer_body(lines: list[Line]) -> Fact | None:
    """Return the body of the line at a page's foot: "X S.A. au capital de … – siège social : …"."""
    for line in reversed(lines[-3:]):
        if _FOOTER.search(line.folded):
            text = re.split(r"\s[–—|•-]\s|[,،:]|\sau capital|\sراسمال", line.text)[0]
            text = text.strip(" .،,")
            if LEGAL_FORM.sub("", fold(text)).strip() == "":
                return None
            plain = not re.search(r"\d|@", text) and 0 < len(text.split()) <= 8
            if plain and len(text) > 3 and not _FOOTER.search(f"{Line.of(text).folded} "):
                return Fact(text, 0.56, ("signature",), line.text)
    return None


def names_body(value: str) -> bool:
    """Return whether what stands behind a label is a body's name, and no person's."""
    folded = fold(value)
    person = find_person(value)
    if OPENS.match(folded) or LEGAL_FORM.search(folded):
        return True
    return bool(ORGANISATION.search(folded)) and not (person and person.sure)
