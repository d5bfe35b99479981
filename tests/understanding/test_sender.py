"""Body, person and office of who wrote, from heads and feet as letters have them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understanding.facts.correspondents import find_sender_details
from understanding.facts.persons import find_person, is_role
from understanding.facts.sender import read_sender

HEADS = [
    (
        "ROYAUME DU MAROC\nMinistère de l'Agriculture\nDirection provinciale de l'Agriculture\n"
        "Service des équipements\nSafi, le 2 mai 2026\nÀ Monsieur le Directeur\n"
        "Objet : forage\n"
        "Nous vous prions de nous transmettre le plan du réseau rural.\nHakim Ouazzou",
        "Direction provinciale de l'Agriculture",
        "Hakim Ouazzou",
        "Service des équipements",
    ),
    (
        "المملكة المغربية\nوزارة التربية الوطنية\nالمديرية الإقليمية بآسفي\nمصلحة البنايات\n"
        "آسفي في 3 ماي 2026\nإلى السيد مدير الوكالة\nالموضوع: ربط مدرسة\n"
        "المرجو ربط المدرسة بالشبكة.\n"
        "المدير الإقليمي\nعبد الرزاق بنموسى",
        "المديرية الإقليمية بآسفي",
        "عبد الرزاق بنموسى",
        "المدير الإقليمي",
    ),
    (
        "Menuiserie du Littoral\n12, rue de Fès, Safi\nTél. 05 24 00 11 22\n\nSafi, le 2/5/2026\n"
        "Objet : devis\nVeuillez trouver notre offre pour les portes du magasin.\n"
        "Le gérant\nNabil Rami",
        "Menuiserie du Littoral",
        "Nabil Rami",
        "Le gérant",
    ),
    (
        "Karim Bennouna, ingénieur conseil\nVilla 8, hay Salam, Settat\n06 61 00 00 01\n"
        "Settat, le 7 juin 2026\nÀ Monsieur le Chef du service\nObjet : étude",
        None,
        "Karim Bennouna",
        "ingénieur conseil",
    ),
    (
        "إلى السيد رئيس المصلحة\nالموضوع: شكاية\nالماء مقطوع منذ يومين والأطفال عطشى.\nوالسلام\n"
        "عن السكان: خديجة المرابط، رئيسة الودادية\n06 00 00 00 02",
        None,
        "خديجة المرابط",
        "رئيسة الودادية",
    ),
    (
        "De : Sanaa El Fassi <s.elfassi@exemple.ma>\nÀ : contact@regie.ma\nDate : 3/4/2026\n"
        "Objet : index\n\nBonjour, voici mon index.",
        None,
        "Sanaa El Fassi",
        None,
    ),
    (
        "من: هدى برادة\nالتاريخ: 3/4/2026\nالموضوع: سؤال\nمتى تفتح الوكالة أبوابها يوم السبت؟",
        None,
        "هدى برادة",
        None,
    ),
    (
        "Nom : ZAHIRI\nPrénom : Amina\nObjet : résiliation\nJe quitte mon logement fin juin.",
        None,
        "ZAHIRI Amina",
        None,
    ),
    (
        "رئيس جمعية الآباء سيدي إبراهيم الداودي\nالموضوع: إنارة المدرسة\nالأعمدة مطفأة منذ شهر.",
        None,
        "سيدي إبراهيم الداودي",
        None,
    ),
    (
        "Étude de Maître Farid Naciri\nHuissier de justice\n9, rue Ibn Toumart, Safi\n"
        "Dossier n° 11/2026\nSOMMATION\nNous avons signifié le jugement au directeur.",
        "Étude de Maître Farid Naciri",
        "Farid Naciri",
        None,
    ),
    (
        "Northern Cables Ltd\nUnit 4, Dock Road, Bristol\n+44 117 000 0000\n4 May 2026\n"
        "Subject: Offer\nDear Sir,\nWe offer cables of every size at the usual conditions.\n"
        "Yours faithfully,\nSusan Miller\nExport Manager",
        "Northern Cables Ltd",
        "Susan Miller",
        "Export Manager",
    ),
]


@pytest.mark.parametrize(("text", "body", "person", "office"), HEADS)
def test_body_person_and_office_are_read_where_letters_name_them(
    text: str, body: str | None, person: str | None, office: str | None
) -> None:
    sender = read_sender(text)
    assert (sender.organisation.value if sender.organisation else None) == body
    assert person is not None
    assert sender.person is not None
    assert sender.person.value.endswith(person)
    if office:
        assert sender.role is not None
        assert sender.role.value == office
    assert sender.main is not None
    assert sender.main.value == (body or sender.person.value)


@pytest.mark.parametrize(
    "line",
    [
        "Avec mes salutations distinguées",
        "المملكة المغربية",
        "والسلام عليكم ورحمة الله",
        "Pression insuffisante aux étages",
        "مكتب الضبط",
        "Rue Sidi Daoui, El Jadida",
        "أمينة المال",
        "Le Directeur Général",
    ],
)
def test_a_closing_an_office_or_a_street_is_no_person(line: str) -> None:
    person = find_person(line)
    assert person is None or not person.sure


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Le Délégué, Dr Hakim Benjelloun", "Dr Hakim Benjelloun"),
        ("المدير التقني، عمر الغرباوي", "عمر الغرباوي"),
        ("Signé : M. Tarik Alami", "M. Tarik Alami"),
        ("عبد السلام بوشتى", "عبد السلام بوشتى"),
        ("Jean-Luc d'Orval – jl@exemple.fr", "Jean-Luc d'Orval"),
    ],
)
def test_a_name_is_found_beside_office_title_and_mail(line: str, name: str) -> None:
    person = find_person(line)
    assert person is not None
    assert person.name == name


def test_offices_are_told_in_three_languages() -> None:
    assert all(map(is_role, ["La trésorière", "الكاتب العام", "Head of Sales", "Plant Manager"]))
    assert not any(map(is_role, ["Rue de la Liberté", "سكان الحي", "Dear Sir"]))


@given(st.text(max_size=600))
def test_no_text_breaks_the_reading_of_a_sender(text: str) -> None:
    sender = read_sender(text)
    for fact in (sender.organisation, sender.person, sender.role, sender.main):
        assert fact is None or fact.value.strip()


def test_the_header_of_a_mail_is_no_signature_and_its_domain_is_taken_whole() -> None:
    text = "Subject: Index De Janvier\nFrom: x@mail.regie.co.ma\nTo: bo@regie.ma\nVoici. Merci"
    assert read_sender(text).person is None
    assert find_sender_details(text)["sender_email"].value == "x@mail.regie.co.ma"
    ended = "écrivez à n.rami@exemple.ma. Merci"
    assert find_sender_details(ended)["sender_email"].value == "n.rami@exemple.ma"


def test_a_sender_is_named_without_the_address_that_stands_behind_the_name() -> None:
    """A mail with a scan: the scan names the same person, and the mail's own line is chosen."""
    mail = (
        "Subject: العداد كيدور بوحدو\nFrom: يونس الصبّاغ <y.sebbagh@example.org>\n"
        "To: bureau.ordre@regie.example.ma\nDate: Tue, 10 Feb 2026 21:14:07 +0100\n\n"
        "السلام عليكم،\n\nالموضوع: خلل في عداد الماء رقم 00-447120\n\nشكرا بزاف،\n"
        "يونس الصبّاغ\nالعقدة: 118-0002206\nالهاتف: 05.23.00.00.93"
    )
    scan = (
        "جدول معاينة عداد الماء\n\nالاسم: يونس الصبّاغ - العقدة: 118-0002206\n"
        "رقم العداد: 00-447120\n\nتوقيع الجار - توقيع صاحب العقدة"
    )
    main = read_sender(f"{mail}\n\n{scan}").main
    assert main is not None
    assert main.value == "يونس الصبّاغ"


@pytest.mark.parametrize(
    ("text", "body", "person"),
    [
        (
            "المملكة المغربية\nوزارة الداخلية\nإقليم سطات\nجماعة كيسر\nالقسم التقني\nعدد 12/2026\n"
            "إلى السيد المدير\nالموضوع: ماء\nالمرجو التدخل.",
            "جماعة كيسر",
            None,
        ),
        (
            "المملكة المغربية\nوسيط المملكة\nالمندوبية الجهوية لفاس\nعدد 12/2026\n"
            "إلى السيد المدير\nالموضوع: تظلم\nالمرجو الجواب.",
            "وسيط المملكة",
            None,
        ),
        (
            "بسم الله الرحمن الرحيم\nجمعية الأمل للتنمية\nعدد 19/2026\nإلى السيد المدير\n"
            "الموضوع: ماء\nنطلب الربط بالشبكة قبل الصيف.",
            "جمعية الأمل للتنمية",
            None,
        ),
        (
            "Ministère de l'Énergie\net de l'Environnement\nN° 3/2026\nObjet : eau\nVeuillez agir.",
            "Ministère de l'Énergie et de l'Environnement",
            None,
        ),
        (
            "إلى السيد المدير\nالموضوع: طلب\nنطلب الربط بالشبكة.\nعن شركة الريان للبناء\nالمسير\n"
            "هشام الغالي",
            "شركة الريان للبناء",
            "هشام الغالي",
        ),
        ("انا فاطمة بنت علال ساكنة فدوار الزيتون، الما مقطوع.", None, "فاطمة بنت علال"),
        ("Salam, ana Khalid Ouahbi mn Settat. 3tawni numéro.", None, "Khalid Ouahbi"),
        ("بغيت نعرف الوراق باش ندير عداد. شكرا بزاف. سناء 0620114587", None, "سناء"),
    ],
)
def test_the_body_that_writes_and_the_person_of_a_plain_letter(
    text: str, body: str | None, person: str | None
) -> None:
    read = read_sender(text)
    assert (read.organisation.value if read.organisation else None) == body
    assert (read.person.value if read.person else None) == person


def test_ali_is_a_name_though_it_folds_to_a_preposition() -> None:
    assert (found := find_person("مولاي علي العلمي")) is not None
    assert found.name == "مولاي علي العلمي"


def test_a_line_of_tatweel_alone_is_no_body() -> None:
    text = "ـ ـ ـ ـ ـ ـ\nنطلب منكم إصلاح العداد في أقرب وقت.\nوالسلام\nـــ"
    sender = read_sender(text)
    assert sender.main is None
    assert sender.organisation is None


@pytest.mark.parametrize(
    ("head", "person"),
    [
        ("السيدة: فاطنة الزموري (أرملة)", "فاطنة الزموري"),
        ("‹ Mme Ghizlane Tarhzout ›", "Mme Ghizlane Tarhzout"),
    ],
)
def test_a_name_keeps_no_bracket_left_open_and_no_stray_signs(head: str, person: str) -> None:
    text = (
        f"أزمور، بتاريخ 4 فبراير 2026\n{head}\nدوار أولاد رحمون، رقم 77، أزمور\n"
        "إلى السيد مدير الوكالة\nالموضوع: طلب تسهيلات في الأداء\nأطلب منكم تقسيط الفاتورة."
    )
    found = read_sender(text)
    assert found.main is not None
    assert found.person is not None
    assert (found.main.value, found.person.value) == (person, person)
