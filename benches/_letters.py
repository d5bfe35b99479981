"""Letters of a bench as plain text: free letters, filled-in forms, and look-alikes of both.

Free letters are put together from the texts of the starting set under a letterhead of their
author's; a form is the same wording each time with another person's data in it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from benches._first_letters import first_letters

SURNAMES = (
    "Alaoui", "Bennani", "Chraibi", "Daoudi", "El-Fassi", "Guerraoui", "Hamdaoui", "Idrissi",
    "Jabri", "Kabbaj", "Lahlou", "Mansouri", "Naciri", "Ouazzani", "Qadiri", "Rahmouni",
    "Sebti", "Tazi", "Wahbi", "Yacoubi", "Zeroual", "Berrada", "Cherkaoui", "Filali",
)  # fmt: skip
FIRST = (
    "Ahmed", "Khadija", "Youssef", "Fatima", "Hassan", "Naima", "Omar", "Samira", "Rachid",
    "Latifa", "Driss", "Amina", "Karim", "Zineb", "Mustapha", "Souad", "Brahim", "Hanane",
    "Said", "Malika",
)  # fmt: skip
SURNAMES_AR = (
    "العلوي", "البناني", "الشرايبي", "الداودي", "الفاسي", "الكراوي", "الحمداوي", "الإدريسي",
    "الجابري", "القباج", "لحلو", "المنصوري", "الناصري", "الوزاني", "القادري", "الرحموني",
    "السبتي", "التازي", "الوهبي", "اليعقوبي", "زروال", "برادة", "الشرقاوي", "الفيلالي",
)  # fmt: skip
FIRST_AR = (
    "أحمد", "خديجة", "يوسف", "فاطمة", "حسن", "نعيمة", "عمر", "سميرة", "رشيد", "لطيفة", "إدريس",
    "أمينة", "كريم", "زينب", "مصطفى", "سعاد", "إبراهيم", "حنان", "سعيد", "مليكة",
)  # fmt: skip
_STREETS = (
    "rue des Amandiers", "boulevard de la Marche Verte", "avenue Ibn Khaldoun",
    "lotissement Ennajd", "rue de Tétouan", "résidence Al Manar", "quartier Essaada",
    "derb El Hajjar",
)  # fmt: skip
_STREETS_AR = (
    "زنقة اللوز", "شارع المسيرة الخضراء", "شارع ابن خلدون", "تجزئة النجد", "زنقة تطوان",
    "إقامة المنار", "حي السعادة", "درب الحجار",
)  # fmt: skip
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
_MONTHS_AR = (
    "يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر",
    "نونبر", "دجنبر",
)  # fmt: skip
_OFFICES = (
    "CABINET D'ARCHITECTURE ATLAS CONCEPT", "SOCIÉTÉ DOUKKALA BÂTIMENT SARL",
    "PHARMACIE DE LA CORNICHE", "ASSOCIATION DES RIVERAINS ENNAJD",
    "COMMUNE D'AZEMMOUR – DIVISION TECHNIQUE",
    "ÉTUDE DE MAÎTRE BENCHEKROUN, HUISSIER DE JUSTICE",
)  # fmt: skip
_OFFICES_AR = (
    "جمعية أحياء النجد للتنمية", "جماعة أزمور – قسم الأشغال", "شركة دكالة للبناء",
    "مكتب المفوض القضائي بالجديدة", "ودادية الفردوس السكنية", "نيابة التعليم بالجديدة",
)  # fmt: skip

FORMS = {
    "fr": (
        "DEMANDE D'ABONNEMENT\nJe soussigné(e) {name}, titulaire de la CIN n° {cin}, demeurant "
        "au {number}, {street}, demande par la présente un abonnement au réseau d'eau potable et "
        "d'électricité pour le local sis à l'adresse ci-dessus.\nNuméro de téléphone : {phone}\n"
        "Ancien contrat : {contract}\nJe m'engage à respecter le règlement de service et à régler "
        "les frais de raccordement dès réception du devis.\nFait à El Jadida, le {date}\n"
        "Signature de l'abonné : {name}",
        "DEMANDE DE RÉSILIATION\nMonsieur le Directeur,\nJe vous prie de bien vouloir procéder à "
        "la résiliation du contrat n° {contract} établi au nom de {name} pour le logement situé "
        "{number}, {street}, à compter du {date}.\nL'index relevé au compteur est de {index}.\n"
        "Je reste joignable au {phone}. Veuillez agréer, Monsieur le Directeur, mes salutations "
        "distinguées.\n{name}",
        "RÉCLAMATION SUR FACTURE\nNom et prénom : {name}\nContrat : {contract}\nAdresse : "
        "{number}, {street}\nTéléphone : {phone}\nObjet de la réclamation : la facture du {date} "
        "d'un montant de {amount} DH ne correspond pas à la consommation de mon foyer. L'index "
        "porté sur la facture est de {index}. Je demande la vérification du compteur et la "
        "rectification de la facture dans les meilleurs délais.\nSignature",
        "{office}\nN/Réf : {index}/SG/2026\nEl Jadida, le {date}\nObjet : facture n° {contract}\n"
        "Messieurs,\nNous avons l'honneur de vous adresser ci-joint notre facture n° {contract} "
        "d'un montant de {amount} DH relative aux prestations réalisées à {street}. Nous vous "
        "prions de bien vouloir procéder à son règlement par virement sur notre compte habituel "
        "dans le délai contractuel de soixante jours.\nVeuillez agréer, Messieurs, l'expression "
        "de nos sentiments distingués.\nLe gérant, {name}",
    ),
    "ar": (
        "طلب اشتراك\nأنا الموقع أسفله {name}، الحامل لبطاقة التعريف الوطنية رقم {cin}، الساكن برقم "
        "{number}، {street}، أطلب من سيادتكم ربط المحل المذكور بشبكة الماء الصالح للشرب"
        " والكهرباء.\n"
        "رقم الهاتف: {phone}\nرقم العقد السابق: {contract}\nوألتزم باحترام النظام الداخلي للوكالة "
        "وأداء واجبات الربط فور التوصل بالبيان التقديري.\nحرر بالجديدة في {date}\nالإمضاء: {name}",
        "إلى السيد المدير العام\nالموضوع: طلب تقسيط الديون\nسلام تام بوجود مولانا الإمام\nوبعد، "
        "يشرفني أنا {name} الساكن برقم {number}، {street}، صاحب العقد رقم {contract}، أن ألتمس من "
        "سيادتكم الموافقة على تقسيط المبلغ المتراكم وقدره {amount} درهما على أربعة أقساط شهرية، "
        "نظرا لظروفي الاجتماعية الصعبة.\nوفي انتظار ردكم تقبلوا فائق التقدير والاحترام.\n"
        "الجديدة في {date}\nالهاتف: {phone}\n{name}",
        "شكاية حول فاتورة\nالاسم الكامل: {name}\nرقم العقد: {contract}\nالعنوان: رقم {number}، "
        "{street}\nالهاتف: {phone}\nتوصلت بفاتورة مؤرخة في {date} بمبلغ {amount} درهما وهو مبلغ لا "
        "يتناسب مع استهلاكي المعتاد، علما أن المؤشر المسجل بالعداد هو {index}. لذا أرجو منكم إيفاد "
        "تقني لمراقبة العداد وتصحيح الفاتورة في أقرب الآجال.\nالإمضاء",
        "{office}\nعدد: {index}/2026\nالجديدة في {date}\nإلى السيد المدير\n"
        "الموضوع: دعوة لحضور اجتماع\n"
        "سلام تام بوجود مولانا الإمام\nوبعد، يشرفني أن أدعوكم لحضور الاجتماع الذي سيعقد بتاريخ"
        " {date} "
        "بمقر {street} رقم {number} لتدارس النقط المتعلقة بربط التجزئات السكنية بشبكات الماء"
        " والكهرباء "
        "والتطهير السائل.\nوالسلام عليكم ورحمة الله.\nالرئيس: {name}",
    ),
}
_FREE = {
    "fr": "{office}\n{number}, {street}, El Jadida – Tél. {phone}\nEl Jadida, le {date}\n"
    "N/Réf : {index}/2026\nÀ Monsieur le Directeur Général\nContrat n° {contract}\n{body}\n"
    "Veuillez agréer, Monsieur le Directeur, l'expression de ma considération distinguée.\n{name}",
    "ar": "{office}\nرقم {number}، {street} – الهاتف: {phone}\nالجديدة في {date}\n"
    "عدد: {index}/2026\nإلى السيد المدير العام\nرقم العقد: {contract}\n{body}\n"
    "وتفضلوا السيد المدير بقبول فائق التقدير والاحترام.\n{name}",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A letter before it is printed.

    `sort`: free, head (the letterhead of another, other text) or form; `stem` is shared by those
    that look alike.
    """

    ident: str
    language: str
    text: str
    sort: str
    stem: str

    @property
    def face(self) -> str:
        """The seed of face, size and margins: a form looks the same for all."""
        return self.stem if self.sort == "form" else self.ident


def written(count: int, *, seed: int, alike: float = 0.5, half: str = "report") -> list[Written]:
    """Return `count` letters, no two the same, a share `alike` of them near look-alikes of others.

    Half of these are the same form with other data, half the same letterhead with another text.
    `half`: of the texts and forms; `tune` is for setting thresholds, `report` for measuring.
    """
    rng = random.Random(seed)
    parity = int(half == "report")
    texts: dict[str, list[str]] = {"fr": [], "ar": []}
    for one in first_letters()[parity::2]:
        texts["ar" if any("\u0600" <= c <= "\u06ff" for c in one.text) else "fr"].append(one.text)
    made = []
    for number in range(count):
        language = rng.choice(("fr", "ar"))
        draw = rng.random()
        if draw < alike / 2:
            form = rng.randrange(parity, len(FORMS[language]), 2)
            text, sort = FORMS[language][form].format(**_data(rng, language)), "form"
            stem = f"{language}-form-{form}"
        else:
            sort = "head" if draw < alike else "free"
            office = rng.choice(_OFFICES_AR if language == "ar" else _OFFICES)
            data = _data(rng, language) | {"body": _body(rng, texts[language])}
            data["office"] = office if sort == "head" else data["name"]
            text, stem = _FREE[language].format(**data), f"{language}-{data['office']}"
        made.append(Written(f"{seed}-{number:05d}", language, text, sort, stem))
    return made


def _body(rng: random.Random, texts: list[str]) -> str:
    return "\n".join(rng.sample(texts, rng.choice((2, 2, 3))))


def _data(rng: random.Random, language: str) -> dict[str, object]:
    arabic = language == "ar"
    first, last = (FIRST_AR, SURNAMES_AR) if arabic else (FIRST, SURNAMES)
    month = rng.choice(_MONTHS_AR if arabic else _MONTHS)
    return {
        "name": f"{rng.choice(first)} {rng.choice(last)}",
        "office": rng.choice(_OFFICES_AR if arabic else _OFFICES),
        "street": rng.choice(_STREETS_AR if arabic else _STREETS),
        "number": rng.randint(1, 220),
        "cin": f"{rng.choice('MJBK')}{rng.randint(100000, 999999)}",
        "phone": f"06{rng.randint(10000000, 99999999)}",
        "contract": rng.randint(1000000, 9999999),
        "index": rng.randint(100, 9999),
        "amount": f"{rng.randint(120, 9800)},{rng.randint(10, 99)}",
        "date": f"{rng.randint(1, 28)} {month} 2026",
    }
