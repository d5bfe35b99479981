"""Whether words are a person's name, and what stands beside it: office, title, address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from language.fold import fold
from language.given_names import is_given_name
from language.towns import is_town
from understanding.facts.letterhead_words import ORGANISATION
from understanding.facts.no_names import NO_NAME

ROLE: Final = (
    r"(?:(?:vice-?|sous-?|co-?)?(?:president|directeur|directrice|gerant|gestionnaire|chef|cheffe"
    r"|responsable|secretaire|tresorier|gouverneur|pacha|caid|avocat|huissier|notaire|adoul"
    r"|ingenieur|architecte|syndic|comptable|delegue|inspecteur|inspectrice|receveur|percepteur"
    r"|mandataire|charge|chargee|conseiller|conseillere|professeur|enseignant|medecin|pharmacien"
    r"|technicien|agent|adjoint|assistant|attache|administrateur|procureur|greffier|juge|expert"
    r"|geometre|statisticien|consultant|commercial|representant|proprietaire|locataire|retraite"
    r"|etudiant|etudiante|membre|maire|wali|colonel|commandant|capitaine|mediateur|controleur"
    r"|auditeur|fonde de pouvoir|associe|pdg|dg|drh|daf|usager|habitant|riverain|commercant"
    r"|agriculteur|fellah|coiffeur|restaurateur|boulanger|infirmier|journaliste|chercheur|eleve"
    r"|stagiaire|ouvrier|electricien|plombier|promoteur|entrepreneur|exploitant|porte-parole"
    r"|beneficiaire|parent d'eleve|instituteur|fonctionnaire|employe|cadre|doyen|recteur|proviseur"
    r"|econome|intendant|vice-roi|coordinateur|coordinatrice|animateur|urbaniste|topographe)"
    r"\w*"
    r"|manager|director|chairman|chairwoman|chief|head of|officer|engineer|consultant|founder|ceo"
    r"|cfo|partner|coordinator|clerk|secretary|treasurer|principal|senior|project|site|sales"
    r"|general|deputy|operations|technical|owner|tenant|resident|student|teacher|professor"
    r"|accountant|auditor|lawyer|supervisor|head|vice president|representative|administrator"
    r"|adviser"
    r"|(?:نائبه? |مساعده? )?(?:ال)?(?:رييسه?|مديره?|مسيره?|كاتبه?|امينه?|عامل|باشا|قايد|خليفه"
    r"|محاميه?|محام|مفوضه?|موثقه?|عدل|مهندسه?|وكيله?|مندوبه?|سنديك|والي|مكلفه?|مسووله?|مستشاره?"
    r"|استاذه?|طالبه?|فاعله?|مطوره?|تقنيه?|عون|متصرفه?|مراقبه?|مفتشه?|قاضي|خبيره?|طبيبه?|صيدليه?"
    r"|عضوه?|منسقه?|ناطر|قابض|خازن|محاسبه?|نقيب|عميده?|متقاعده?|حارسه?|صاحبه?|ممثله?"
    r"|تاجره?|فلاح|ممرضه?|صحفيه?|صحافيه?|باحثه?|تلميذه?|متدربه?|كهربايي|سباك|مقاول|منعش عقاري"
    r"|مستفيده?|رب اسره|مستغل|امام|حلاقه?|خباز|موظفه?|اجير|ناشطه?|برلماني|نايبه?|مربيه?|معلمه?"
    r"|مساعده?|سايق|ناظر|مقتصد|رايد|نقيب|محافظ|مهيي|ساكنه?|مواطنه?|مامور|منتدب))"
)
_ROLE_FIRST: Final = re.compile(
    rf"^\W*(?:le |la |l'|les |the |un |une |p/?o\.? |عن |pour (?:le |la )?)?{ROLE}(?![^\W\d_])"
)
_ROLE_LAST: Final = re.compile(
    r"^\W*(?:[a-z&\-]+ ){1,4}(?:director|manager|officer|engineer|consultant|secretary|chairman"
    r"|partner"
    r"|coordinator|lead|analyst|specialist|representative|supervisor|administrator"
    r"|auditor"
    r"|editor|clerk|owner)\W*$"
)
_TITLE: Final = re.compile(
    r"^\W*(?:(?:m|mr|mrs|ms|mme|mlle|dr|pr|me|ing|monsieur|madame|mademoiselle|maitre|docteur"
    r"|السيده?|سيدي|سيدتي|الانسه|الاستاذه?|الدكتوره?|الحاجه?|ذه?|د)(?:\.\s*|\s+))+"
)
_TITLE_INSIDE: Final = re.compile(r"(?<=\w\s)(?:M\.|Mme|Mlle|Mr\.?|Dr\.?)\s(?=[A-ZÀ-Þ])")
_KEPT_TITLE: Final = re.compile(r"^\W*(?:m|mr|mrs|mme|mlle|dr|me|السيده?|سيدي|الحاجه?)\b")
_ARABIC: Final = re.compile(r"[\u0621-\u064a]")
_ARABIC_WORD: Final = re.compile(r"[\u0621-\u0652\u0671\u067e-\u06d3]+")
_LATIN_WORD: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.\-])*")
_PARTICLES: Final = frozenset(
    (
        "de",
        "el",
        "al",
        "ben",
        "bent",
        "bint",
        "ibn",
        "bin",
        "ou",
        "d'",
        "du",
        "van",
        "von",
        "née",
        "vve",
        "veuve",
    )
)
_JOINED: Final = ("لل", "بال", "وال", "فال", "كال")  # of nouns behind small words, not of names
_BETWEEN: Final = re.compile(r"\s*(?:[,،;؛|–—•·:()<>]|\s-+\s|\s/\s)\s*")
_LEADING: Final = re.compile(
    r"^(?:votre (?:fidèle )?(?:cliente?|abonnée?|voisine?)|your customer|جاركم|جارتكم|ولدكم|بنتكم"
    r"|المخلصة?"
    r"|/s/|signé|le nommé|la nommée|le sieur|المسمى|المسماة|أخوكم|أختكم|ابنكم|ابنتكم|زبونكم"
    r"|زبونتكم|خديمكم"
    r"|صاحبها|صاحبه|لصاحبها|لصاحبه|par|by|for|p\.?\s?p\.?|p/|من|عن|représentée? par)\s+",
    re.I,
)
# A wife's or widow's other name, behind her own.
_MARRIED: Final = re.compile(
    r"\s(?:veuve|vve|née|épouse|ép\.|ép|widow of|أرملة|زوجة|حرم)\s", re.IGNORECASE
)
_WIDOW: Final = re.compile(r"(?i)^(?:Mme|Madame)\s(?:veuve|vve)\s")
_OFFICE_BEHIND: Final = re.compile(
    r"ال(?:مسيره?|رييسه?|مديره?|امينه?|كاتبه?|محاميه?|موثقه?|وكيله?|منسقه?|مهندسه?)"
)
DESCENT: Final = frozenset(("بن", "بنت", "ولد", "ايت", "ben", "bent", "bint", "ould", "ait"))
# What is called after somebody: the words behind are its name, not its holder's.
_WANT_NAME: Final = frozenset(
    fold("""
    جماعة قيادة دائرة باشوية ثانوية مدرسة إعدادية مستشفى زاوية دوار حي مركز إقليم عمالة
    مؤسسة تجزئة إقامة جمعية
    commune lycée école collège caïdat cercle douar hôpital quartier résidence association
    """).split()
)
_BRACKETED_TITLE: Final = re.compile(r"^\W*\((Mrs?|Ms|Mme|Mlle|Dr|M\.)\)\s*")
_NICKNAME: Final = re.compile(r"\s\((?:dite?|alias|known as|الملقب|الشهير)[^)]{1,30}\)\s")
MOST_WORDS: Final = 5
_LINES: Final = 512  # pieces of a letter: head and foot ask for the same ones several times


@dataclass(frozen=True, slots=True)
class Person:
    """A name as written, what else its line says, and whether a title or given name proves it."""

    name: str
    rest: tuple[str, ...]
    sure: bool


def pieces_of(line: str) -> list[str]:
    """Return the parts of a line that commas, dashes, colons and brackets separate."""
    return [piece for piece in _BETWEEN.split(line) if piece.strip()]


def names_office_only(folded: str) -> bool:
    """Return whether it is an office whose word is a given name as well: "أمينة المال"."""
    return bool(re.match(r"^\W*امينه? (?:ال)?(?:مال|عام|سوق|امناء|صندوق|خزينه)", folded))


@lru_cache(maxsize=_LINES)
def is_role(text: str) -> bool:
    """Return whether the words name an office that somebody holds: "Le Gérant", "رئيس القسم"."""
    folded = fold(text)
    return bool(_ROLE_FIRST.match(folded) or _ROLE_LAST.match(folded))


@lru_cache(maxsize=_LINES)
def find_person(line: str) -> Person | None:
    """Return the person whom a short line names, by itself or beside an office, or None."""
    plain = _NICKNAME.sub(" ", _BRACKETED_TITLE.sub(r"\1 ", line)) if "(" in line else line
    pieces = pieces_of(plain)[:6]
    best: Person | None = None
    for number, piece in enumerate(pieces):
        rest = tuple(pieces[:number] + pieces[number + 1 :])
        person = _alone(piece, rest) or _behind_role(piece, rest)
        if person and (best is None or (person.sure and not best.sure)):
            best = person
    return best


def _alone(piece: str, rest: tuple[str, ...]) -> Person | None:
    piece = _LEADING.sub("", piece.strip(" .*'\"«»_"))
    inside = _TITLE_INSIDE.search(piece)  # a stamp or a slogan before it on the same line
    piece = piece[inside.start() :].strip() if inside else piece
    piece = piece if _WIDOW.match(piece) else _MARRIED.split(piece)[0]
    piece = _without_office(piece)
    title = _TITLE.match(fold(piece))
    bare = _after_title(piece) if title else piece
    words = bare.split()
    if title and not _KEPT_TITLE.match(fold(piece)):
        piece = bare
    sure = title is not None or has_given_name(words) or _is_descent(words)
    sure = sure or (_surname_in_capitals(words) and not ORGANISATION.search(fold(bare)))
    if not title and ORGANISATION.match(fold(bare)):
        return None
    fits = _arabic_name(words) if _ARABIC.search(bare) else _latin_name(words)
    least = 1 if title else 2
    if not fits or not least <= len(words) <= MOST_WORDS or (not title and is_town(bare)):
        return None
    if names_office_only(fold(bare)) or (is_role(bare) and not has_given_name(words[:2])):
        return None
    return Person(piece.strip(" .،,"), rest, sure)


def _without_office(piece: str) -> str:
    """Return the name without the office around it: "با الحسين المسير", "الرئيسة فاطمة حمدي"."""
    words = piece.split()
    if len(words) < 3:
        return piece
    if _OFFICE_BEHIND.fullmatch(fold(words[0])) and is_given_name(words[1]):
        words = words[1:]
    return " ".join(words[:-1] if _OFFICE_BEHIND.fullmatch(fold(words[-1])) else words)


def _behind_role(piece: str, rest: tuple[str, ...]) -> Person | None:
    """Return the holder who follows an office without a sign: "رئيس المجلس سيدي محمد البوعناني"."""
    if not is_role(piece):
        return None
    words = piece.split()
    for place in range(1, len(words) - 1):
        tail = words[place:]
        opens = has_given_name(tail[:1]) or _TITLE.match(fold(" ".join(tail)))
        if opens and fold(words[place - 1]) in _WANT_NAME:
            return None
        if opens and 2 <= len(tail) <= MOST_WORDS:
            person = _alone(" ".join(tail), (" ".join(words[:place]), *rest))
            if person and person.sure:
                return person
    return None


def _after_title(piece: str) -> str:
    words = piece.split()
    while len(words) > 1 and _TITLE.fullmatch(fold(words[0]) + " "):
        words = words[1:]
    first = re.sub(r"^(?:M|Mr|Mme|Mlle|Dr|Pr|Me|ذ|د)\.(?=\w)", "", words[0]) if words else ""
    return " ".join([first, *words[1:]])


def has_given_name(words: list[str]) -> bool:
    """Return whether an early word is a listed given name; عبد counts with what follows."""
    return any(
        is_given_name(part) for word in words[:3] for part in re.split(r"[-.’']", word) if part
    )


def _is_descent(words: list[str]) -> bool:
    """Return whether a word of descent stands between two others: "يطو بنت حمو"."""
    return any(fold(word) in DESCENT for word in words[1:-1])


def _surname_in_capitals(words: list[str]) -> bool:
    """Return whether only the surname is in capitals, as forms want it: "Kebir OUAKRIM"."""
    plain = [word for word in words if re.fullmatch(r"[A-Za-zÀ-ÿ'’\-]{3,}", word)]
    capital = [word.isupper() for word in plain]
    return 2 <= len(words) <= 4 and len(plain) > 1 and capital[-1] and not capital[0]


def _latin_name(words: list[str]) -> bool:
    if not all(_LATIN_WORD.fullmatch(word.strip(",;")) for word in words):
        return False
    words = [re.sub(r"^[dl]['’](?=[A-ZÀ-Þ])", "", word) for word in words]
    capital = [word for word in words if word[0].isupper()]
    small = [word for word in words if not word[0].isupper() and word.lower() not in _PARTICLES]
    whole = [word for word in capital if len(word.strip(".")) > 1]
    return bool(whole) and not small and not any(fold(word.strip(".")) in NO_NAME for word in whole)


_FATHERLY: Final = ("با", "سي", "دا", "مي", "لا")  # before an elder's given name


def _arabic_name(words: list[str]) -> bool:
    if len(words) > 1 and re.fullmatch(r"[\u0621-\u064a]{1,2}\.", words[0]):
        words = words[1:]  # an initial
    for number, word in enumerate(words):
        folded = fold(word)
        if not _ARABIC_WORD.fullmatch(word):
            return False
        servant = number > 0 and fold(words[number - 1]).endswith("عبد")
        named = word != "على" and is_given_name(word)  # "علي" folds to a preposition
        if (
            not servant
            and not (named and folded == "علي")
            and (folded in NO_NAME or folded.startswith(_JOINED))
        ):
            return False
    whole = sum(len(word) > 2 for word in words)
    return (
        whole > 1
        or len(words) == 1
        or (whole == 1 and (words[0] in _FATHERLY or any(map(is_given_name, words))))
    )
