"""Which body an office belongs to: a gérant heads a company, a عامل an عمالة."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

# Words of an office, and the nouns of the bodies that have one; both folded.
_PAIRS: Final = (
    (r"conseil (?:communal|municipal)|المجلس (?:ال)?(?:جماعي|بلدي)",
     r"commune|municipalite|conseil|(?:ال)?جماعه|(?:ال)?مجلس"),
    (r"gouverneur|عامل(?= )", r"province|prefecture|(?:ال)?عماله|(?:ال)?اقليم"),
    (r"wali|والي", r"wilaya|region|(?:ال)?ولايه|(?:ال)?جهه"),
    (r"pacha|(?:ال)?باشا", r"pachalik|(?:ال)?باشويه"),
    (r"caid|(?:ال)?قايد", r"caidat|(?:ال)?قياده"),
    (r"procureur|وكيل (?:ال)?(?:ملك|عام)", r"parquet|tribunal|cour|(?:ال)?نيابه|(?:ال)?محكمه"),
    (r"juge|magistrate?|greffiere?|(?:ال)?قاضيه?|كاتبه? الضبط|مستشار مقرر",
     r"tribunal|cour|greffe|(?:ال)?محكمه|كتابه الضبط"),
    (r"gerante?|pdg|partner|managing director|sales|commerciale?|(?:ال)?مسيره?",
     r"ste|societe|entreprise|cabinet|groupe|etablissements?|(?:ال)?شركه|(?:ال)?مقاوله|(?:ال)?مكتب"),
    (r"presidente?|tresoriere?|secretaire general\w?|chairman|chairwoman|(?:ال)?رييسه?"
     r"|امينه? المال|كاتبه? العام",
     r"association|cooperative|federation|union|club|amicale|syndicat|comite|conseil|commune|ligue"
     r"|chambre|(?:ال)?(?:جمعيه|تعاونيه|وداديه?|نقابه|نادي|اتحاد|فدراليه|لجنه|مجلس|جماعه|غرفه"
     r"|تنسيقيه)"),
    (r"proviseur|principal|censeur|instituteur|enseignant|professeur|مدير (?:ال)?(?:ثانويه|مدرسه"
     r"|موسسه)|ناظر|استاذ",
     r"lycee|college|ecole|groupe scolaire|school"
     r"|(?:ال)?(?:ثانويه|اعداديه|مدرسه|مجموعه|معهد|موسسه)"),
    (r"doyenne?|recteur|(?:ال)?عميد", r"faculte|universite|ecole|(?:ال)?كليه|(?:ال)?جامعه"),
    (r"notaire|huissier|avocate?|adoul|expert|architecte|topographe|(?:ال)?موثقه?|مفوضه? قضاييه?"
     r"|محاميه?|محام|مهندسه?",
     r"etude|cabinet|office|maitre|bureau|(?:ال)?مكتب|ديوان|(?:ال)?استاذه?"),
    (r"tresoriere?|percept(?:eur|rice)|receveu(?:r|se)|(?:ال)?خازن|(?:ال)?قابض",
     r"tresorerie|perception|recette|(?:ال)?خزينه|(?:ال)?قباضه"),
    (r"ambassad(?:eur|rice)|consul|سفير|قنصل", r"ambassade|consulat|embassy|سفاره|قنصليه"),
    (r"commandant|capitaine|adjudant|chef de (?:la )?brigade|lieutenant|قايد (?:ال)?(?:سريه|مركز)",
     r"brigade|gendarmerie|commandement|protection civile|port|compagnie|caserne|centre"
     r"|(?:ال)?(?:درك|سريه|مركز|قياده|ثكنه|وقايه)"),
    (r"syndic|(?:ال)?سنديك", r"syndic|syndicat|coproprietaires|residence|(?:ال)?سنديك|اقامه|اتحاد"),
    (r"medecin|docteur|pharmacien\w*|infirmier|طبيبه?|صيدلان\w+",
     r"centre|hopital|dispensaire|pharmacie|clinique|(?:ال)?(?:مستشفي|مركز|مصحه|صيدليه|مستوصف)"),
    (r"deleguee?|(?:ال)?مندوبه?", r"delegation|(?:ال)?مندوبيه"),
    (r"directeur|directrice|director|(?:ال)?مديره?",
     r"direction|agence|office|ecole|lycee|hotel|centre|institut|laboratoire|caisse"
     r"|(?:ال)?(?:مديريه|وكاله|مكتب|مدرسه|موسسه|معهد|مركز|اكاديميه|دار)"),
    (r"conservat(?:eur|rice)|(?:ال)?محافظ", r"conservation|conservatoire|musee|(?:ال)?محافظه"),
    (r"inspect(?:eur|rice)|(?:ال)?مفتشه?", r"inspection|(?:ال)?مفتشيه"),
    (r"imam|(?:ال)?امام", r"mosquee|(?:ال)?مسجد"),
)  # fmt: skip
_WHOLE: Final = r"(?<![^\W_])(?:{})(?![^\W_])"
_OFFICES: Final = tuple(
    (re.compile(_WHOLE.format(office)), re.compile(rf"^\W*(?:la |le |l['’])?(?:{noun})(?![^\W_])"))
    for office, noun in _PAIRS
)


@lru_cache(maxsize=64)
def nouns_of(folded_office: str) -> tuple[re.Pattern[str], ...]:
    """Return patterns of what bodies that such an office belongs to are called."""
    return tuple(noun for office, noun in _OFFICES if office.search(folded_office))
