"""The body that writes where heads go from the kingdom down, or where no letterhead stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understanding.facts.bodies import body_of_office, footer_body
from understanding.facts.lines import text_lines
from understanding.facts.persons import find_person
from understanding.facts.sender import read_sender

ENDS = "\nObjet : eau\nVeuillez réparer la conduite de notre quartier.\n"

HEADS = {
    "a province first, without the kingdom": (
        "Province de Settat\nCercle d'El Gara\nCommune rurale de Sidi Ali\nService technique\n"
        f"N° 114/2026\nLe 3 mars 2026{ENDS}Le Président",
        "Commune rurale de Sidi Ali",
    ),
    "a caidat below its cercle": (
        "ROYAUME DU MAROC\nMINISTERE DE L'INTERIEUR\nPROVINCE DE SAFI\nCERCLE DE GZOULA\n"
        f"CAIDAT LAAMAMRA\nN° 88/26{ENDS}Le Caïd",
        "CAIDAT LAAMAMRA",
    ),
    "an annexe of a city": (
        "المملكة المغربية\nوزارة الداخلية\nإقليم آسفي\nباشوية مدينة آسفي\n"
        "الملحقة الإدارية الثالثة\nعدد: 15/26\nالموضوع: إنارة\nالمرجو إصلاح الأعمدة.\nقائد الملحقة",
        "الملحقة الإدارية الثالثة",
    ),
    "the services of a commune are its own": (
        "المملكة المغربية\nوزارة الداخلية\nإقليم سطات\nجماعة كيسر\nالمديرية العامة للمصالح\n"
        "مصلحة الأشغال\nعدد: 15/26\nالموضوع: ماء\nالمرجو التدخل.",
        "جماعة كيسر",
    ),
    "the date beside the kingdom ends no head": (
        "المملكة المغربية          سطات في: 2 يوليوز 2026\nوزارة الداخلية\nإقليم سطات\n"
        "دائرة البروج\nقيادة بني خلوك\nرقم: 208/ق.ب\nمن قائد قيادة بني خلوك\n"
        "الموضوع: ماء\nالمرجو التدخل.",
        "قيادة بني خلوك",
    ),
    "the head stands below the address": (
        "A MONSIEUR LE CHEF DE L'AGENCE\nRoyaume du Maroc\nMinistère de l'Intérieur\n"
        f"Province de Safi\nPachalik de Jemaa Shaim\nN° 94/PA/26{ENDS}Le Pacha",
        "Pachalik de Jemaa Shaim",
    ),
    "a name in capitals goes on": (
        "MINISTERE DE L'INDUSTRIE\nDIRECTION REGIONALE DU COMMERCE\nET DE L'INDUSTRIE\n"
        f"N° 55/26{ENDS}Le Directeur",
        "DIRECTION REGIONALE DU COMMERCE ET DE L'INDUSTRIE",
    ),
    "a department in English is a unit": (
        "ATLANTIC DUNES RESORT\nEngineering Department\nRef: ADR/26/014\n10 March 2026\n"
        "Subject: outages\nPlease postpone the works.\nYours faithfully,\nPaul Weaver",
        "ATLANTIC DUNES RESORT",
    ),
    "a business is told by its registers": (
        "Delta Pompes\nZone industrielle, lot 12, Berrechid\nTél. 05 22 00 11 22 – ICE 0011223340\n"
        "DEVIS N° 118/26\nLe 3 avril 2026\nPompe immergée 4 kW : 12 400,00 DH HT",
        "Delta Pompes",
    ),
}

WITHOUT_HEAD = {
    "behind the office that signs": (
        f"A Monsieur le Directeur{ENDS}Le Président de l'Association Tadart pour le développement\n"
        "Lahcen Ouakrim",
        "Association Tadart pour le développement",
        "Lahcen Ouakrim",
    ),
    "below the name, in Arabic": (
        "إلى السيد المدير\nالموضوع: ضعف الصبيب\nنشتكي من ضعف الصبيب في الطوابق العليا.\n"
        "وتقبلوا فائق الاحترام\nالمختار بوزيان\nرئيس جمعية الوفاء لسكان تجزئة النخيل",
        "جمعية الوفاء لسكان تجزئة النخيل",
        "المختار بوزيان",
    ),
    "on a line of its own in a mail": (
        "Bonjour,\nMerci de nous confirmer la date de la coupure prévue.\nCordialement,\n"
        "Samira El Idrissi\nResponsable maintenance\nNour Plast SARL\n05 23 00 00 00",
        "Nour Plast SARL",
        "Samira El Idrissi",
    ),
    "beside the office in a mail": (
        "السلام عليكم،\nما زلنا ننتظر الملفات لإتمام الدراسة قبل متم الشهر.\nمع الشكر\n--\n"
        "عمر البقالي\nمهندس مشروع | مكتب الدراسات الأفق\nالرباط - 0537 00 00 00",
        "مكتب الدراسات الأفق",
        "عمر البقالي",
    ),
    "declared with the office": (
        "Objet : résiliation\nJe soussigné Jamal Tebbaa, gérant de la Société Hammam Andalous, "
        "demande la résiliation de notre contrat.\nSignature",
        "Société Hammam Andalous",
        "Jamal Tebbaa",
    ),
    "in whose name it is declared": (
        "الموضوع: تسرب\nأنا الموقع أسفله سعيد المباركي بصفتي رئيس ودادية سكان إقامة الياسمين، "
        "أطلب منكم إصلاح التسرب.\nحرر بآسفي في 2 يونيو 2026",
        "ودادية سكان إقامة الياسمين",
        "سعيد المباركي",
    ),
    "that speaks": (
        "نحن شركة النخيل للعقار، الكائن مقرها بشارع الزرقطوني، نتقدم إليكم بطلب ربط تجزئتنا.\n"
        "وتفضلوا بقبول التقدير.\nنادية السملالي\nالمديرة العامة",
        "شركة النخيل للعقار",
        "نادية السملالي",
    ),
    "at the foot of the paper": (
        "Objet : décompte n° 4\nMessieurs,\nNous vous transmettons le décompte des travaux.\n"
        "Le Directeur des travaux\nM. Alaoui\n"
        "SOGETRA S.A. au capital de 4 000 000 DH – Siège social : 14, rue d'Alger – RC 11455",
        "SOGETRA S.A",
        "M. Alaoui",
    ),
    "from whom a mail comes": (
        "De : Coopérative Al Amal <coop@exemple.ma>\nÀ : contact@srm.ma\nObjet : facture\n"
        "Bonjour, nous n'avons pas reçu la facture de mars.\nRkia Bouhlal",
        "Coopérative Al Amal",
        "Rkia Bouhlal",
    ),
    "from which office it comes": (
        "من رئيس جماعة أولاد حمدان\nإلى السيد المدير\nالموضوع: ربط\nالمرجو ربط السوق بالشبكة.",
        "جماعة أولاد حمدان",
        None,
    ),
    "a person where the ground is only their address": (
        f"Hassan Bouanani\nDouar Oulad Aissa\nCommune Sidi Ali\nProvince de Safi{ENDS}",
        None,
        "Hassan Bouanani",
    ),
    "an office in a body is no body of its own": (
        f"Objet : étude\nRépondez.\nHassan Bouanani\nExpert près la Cour d'appel de Safi{ENDS}",
        None,
        "Hassan Bouanani",
    ),
}


@pytest.mark.parametrize(("text", "body"), HEADS.values(), ids=HEADS)
def test_the_head_names_the_body_that_writes(text: str, body: str) -> None:
    read = read_sender(text)
    assert read.organisation is not None
    assert read.organisation.value == body


@pytest.mark.parametrize(("text", "body", "person"), WITHOUT_HEAD.values(), ids=WITHOUT_HEAD)
def test_the_letter_itself_names_the_body(text: str, body: str | None, person: str | None) -> None:
    read = read_sender(text)
    assert (read.organisation.value if read.organisation else None) == body
    assert (read.person.value if read.person else None) == person


def test_who_holds_an_office_is_the_sender_and_the_body_beside_them() -> None:
    read = read_sender(f"{ENDS}Le Président de l'Association Tadart\nLahcen Ouakrim")
    assert read.main is not None
    assert read.main.value == "Lahcen Ouakrim"


PERSONS = {
    "a copy is nobody's letter": (
        f"Société Minière du Sud\ncopie : M. El Amrani, ONEE{ENDS}p.p. Jean Vasseur, Directeur",
        "Jean Vasseur",
    ),
    "a judge, a party": (
        "المحكمة الابتدائية بسطات\nالقاضي المقرر: الأستاذ هشام الوردي\nاستدعاء\n"
        "يستدعى ممثل الشركة للحضور.\nالمدعى عليه: بناصر الدحماني\nرئيس المصلحة\nعبد الرحيم السباعي",
        "عبد الرحيم السباعي",
    ),
    "of two who sign, the one who presides": (
        "جمعية الأمل\nالموضوع: ماء\nنطلب الربط بالشبكة قبل الصيف.\n"
        "الرئيسة: مليكة الهواري\nأمين المال: سعيد ركاب",
        "مليكة الهواري",
    ),
    "the one who presides, above": (
        "جمعية الأمل\nالموضوع: ماء\nنطلب الربط بالشبكة قبل الصيف.\n"
        "الرئيس\nحميد الركراكي\nالكاتب العام\nزهير بلفقيه",
        "حميد الركراكي",
    ),
    "the first of a list": (
        "عريضة\nنحن سكان درب البركة نرفع إليكم هذه العريضة.\nسطات 27 يوليوز 2026\n"
        "الاسم الكامل - البطاقة - التوقيع\n1. عبد السلام الركيك - MC 20114\n2. حفيظة مكرم - MC 88",
        "عبد السلام الركيك",
    ),
    "heirs": (
        "الموقعون أسفله ورثة المرحوم الجيلالي الصديقي:\n- العربي الصديقي\n"
        "عنوان المخابرة: دوار كذا\nالموضوع: تعويض\nلا نقبل الثمن المقترح للأرض.\nتوقيعات الورثة",
        "ورثة المرحوم الجيلالي الصديقي",
    ),
    "a surname above, the whole name below": (
        "M. et Mme Lazrak\n12 impasse du Phare\nMesdames,\nLa cave est inondée depuis dimanche.\n"
        "Karima Lazrak",
        "Karima Lazrak",
    ),
    "a widow": (
        "Monsieur,\nJe vous prie de faire aboutir ma demande.\nSidi Bouzid, 5/1/26\n"
        "Naïma TOUNSI veuve Saber",
        "Naïma TOUNSI",
    ),
    "whose office has the name": (
        "Etude Said OULHAJ\nHuissier de justice\nPV 2026/0533\nPROCES-VERBAL DE CONSTAT\n"
        "A la requête de Mme Ghita Lamrani, j'ai constaté une fuite.",
        "Said OULHAJ",
    ),
    "dialect": ("سلام\nانا يطو بنت حمو من دوار تيغزة، العداد ديالي خاسر.\nشكرا", "يطو بنت حمو"),
    "dialect, at the end": (
        "الما موسخ من نهار الحد. معاكم الحسين ولد الضاوية مول الحانوت، تيليفون 0662184077.",
        "الحسين ولد الضاوية",
    ),
    "a name before its telephone, a date below": (
        "البوطو ديال الضو مايل وغادي يطيح على الناس.\nميلود - 0677 91 02 35\n29-3-2026",
        "ميلود",
    ),
    "small letters": (
        "salam, lma m9tou3 3lina hadi simana.\nga3 jiran kaychkiw.\nmerci\nhassan el alami",
        "hassan el alami",
    ),
    "no name": (
        "فاكس\nالمرسل: المركز الاستشفائي بسطات - الإدارة فاكس: 0523000000\n"
        "نطلب صهريجين قبل السادسة.\nمدير المستشفى\nتوقيع: غير مقروء",
        None,
    ),
}


@pytest.mark.parametrize(("text", "person"), PERSONS.values(), ids=PERSONS)
def test_the_person_who_writes(text: str, person: str | None) -> None:
    read = read_sender(text)
    assert (read.person.value if read.person else None) == person


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ("رئيس المجلس الإقليمي سيدي محمد البوعناني", "المجلس الإقليمي"),
        ("رئيس جماعة مولاي عبد الله", "جماعة مولاي عبد الله"),
        ("Le Directeur", ""),
        ("رئيس الجمعية", ""),
        ("Employé de la société Atlas", ""),
        ("المديرية الإقليمية بآسفي", ""),
        ("Directeur de la SRM, société régionale multiservices", ""),
    ],
)
def test_an_office_names_its_body_or_none(words: str, body: str) -> None:
    assert body_of_office(words) == body


def test_a_commune_that_is_called_after_somebody_is_no_person() -> None:
    assert find_person("رئيس جماعة مولاي عبد الله") is None
    assert find_person("Sidi Bouzid, le") is None


def test_a_legal_form_alone_is_no_name() -> None:
    assert footer_body(text_lines("Sarl au capital de 500 000 dh, siège Km 4 – RC 8830")) is None


@given(
    st.text(alphabet="رئيس جمعية نحنde la société\nau capital Le Président,.–-:123", max_size=200)
)
def test_no_words_break_the_reading_of_a_body(text: str) -> None:
    read = read_sender(text)
    assert read.organisation is None or read.organisation.value.strip()
