"""Senders, own numbers and dates where strangers write them: without labels, within lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understanding.facts.quoted_mail import without_quoted
from understanding.facts.references import find_references
from understanding.facts.sender import read_sender
from understanding.facts.sender_rules import read_by_rules
from understanding.facts.subject_dates import find_document_date

TELLS = "\nObjet : réseau\nNous vous demandons les plans du quartier.\nLe gérant\nNabil Rami\n"


def own_of(text: str) -> list[str]:
    return [
        fact.value
        for whose, fact in find_references(text)
        if whose == "own" and "named_paper" not in fact.reasons
    ]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Mission 2026-KB-14 / Demande de pièces n° 3", "2026-KB-14"),
        ("P/I NO.: KX260806-MA", "KX260806-MA"),
        ("Numéro du pli : 2604471 / BV2", "2604471 / BV2"),
        ("Sinistre : 2026/RD/55108", "2026/RD/55108"),
        ("ب.ك/ 26 / 8813      آسفي في 05 فبراير 2026", "ب.ك/ 26 / 8813"),
        ("D.P.X/EJ/SI/26 — 0917", "D.P.X/EJ/SI/26 — 0917"),
        ("الرقم الترتيبي: 97", "97"),
        ("N 41", "41"),
        ("مرجعنا/ 1190-م-2026", "1190-م-2026"),
        ("Courrier n° 14 du 2/2/2026", "14"),
        ("إشعار للغير الحائز عدد 26/33/0177", "26/33/0177"),
    ],
)
def test_a_body_has_its_number_in_the_head_behind_any_label(line: str, value: str) -> None:
    assert own_of(f"Société Littoral Marbre\n{line}{TELLS}") == [value]


@pytest.mark.parametrize(
    "line",
    [
        "Contrat n° 44-7781/B", "Police : 4.118-20/A", "Tél. 0523-35-20/18", "ICE : 0021-448/AB",
        "Votre commande : CD-26/118", "رقم العقد: 26/4471/ج", "Brigade de vérification n° 2",
        "Loi n° 18-00", "Date : 12-03-2026", "12-14, rue de Fès", "Montant : 12-2026/DH",
    ],
)  # fmt: skip
def test_numbers_of_other_things_are_no_references(line: str) -> None:
    assert own_of(f"Société Littoral Marbre\n{line}{TELLS}") == []


def test_a_number_by_its_place_is_a_body_s_and_no_person_s() -> None:
    text = "Nabil Rami\nProjet : 2026/RD/55108\nMonsieur,\nma cave est inondée.\nNabil Rami"
    assert own_of(text) == []


def test_an_earlier_letter_of_the_sender_is_not_this_one() -> None:
    text = f"Société Littoral Marbre\nRéf. : notre lettre n° 8102 du 4 mai 2026{TELLS}"
    assert own_of(text) == []


@pytest.mark.parametrize(
    ("text", "body", "person"),
    [
        ("Rapport de visite\nRédacteur : Ch. Rami    Diffusion : régie, agence\nRAS.",
         None, "Ch. Rami"),
        ("المرسل/ التهامي الوردي، عن ورثة أحمد الوردي\nنلتمس تقسيط الدين.", None, "التهامي الوردي"),
        ("Zone 3 — expéditeur : Lycée technique Ennakhil, B.P. 24\nVisite demandée.\n"
         "S. Tijani, professeur", "Lycée technique Ennakhil", "S. Tijani"),
        ("INVOICE\nSeller: Brandel Flow Ltd., Unit 6, Cork\nTotal due EUR 10.00",
         "Brandel Flow Ltd", None),
        ("Blue Coast Initiative\na registered charity (No. 1177203), London\n"
         "14 September 2026\nDear Director,\n"
         "We are coming.\n"
         "(Ms) Joan Trent-Hale\nTrustee", "Blue Coast Initiative", "Joan Trent-Hale"),
        ("وزارة الصحة / المندوبية الإقليمية بآسفي / المستشفى الإقليمي\nالموضوع: أداء\n"
         "نخبركم بالأداء.\nمدير المستشفى: د. زكرياء لمنور", "المستشفى الإقليمي", "زكرياء لمنور"),
        ("Cour régionale des comptes de Safi\nDeuxième chambre\nMonsieur,\nVeuillez répondre.\n"
         "Le rapporteur,\nOthmane Rami", "Cour régionale des comptes de Safi", "Othmane Rami"),
        ("جامعة الساحل\nكلية العلوم\nالاسم: إسراء الفيلالي\nنرجو قبولها.\nنائب العميد\n"
         "الأستاذ طه بنمنصور", "جامعة الساحل", "طه بنمنصور"),
        ("Monsieur, notre bureau de contrôle, Verital Maroc, a visité le poste. Salutations, "
         "Hind Rami, inspectrice principale.", "Verital Maroc", "Hind Rami"),
        ("Club Nautique\nAffilié FRMV\nMonsieur,\nvenez.\nAbdelwahed (dit Wahid) Rami\nCommodore",
         "Club Nautique", "Abdelwahed Rami"),
        ("bonjour je suis abdou rahmouni jabite azemmour et ma facture est trop chere",
         None, "abdou rahmouni"),
        ("Bonsoir,\nle compteur tourne.\nCordialement.\nMme Fatiha Rami", None, "Mme Fatiha Rami"),
        ("نحن الموقعين أسفله سكان دوار الغربة، نلتمس الربط.\nوشكرا\nعن السكان: الحسين بلمقدم",
         None, "الحسين بلمقدم"),
    ],
)  # fmt: skip
def test_who_writes(text: str, body: str | None, person: str | None) -> None:
    sender = read_sender(text)
    assert (sender.organisation and sender.organisation.value) == body
    assert (sender.person and sender.person.value) == person


def test_a_quoted_mail_is_not_the_letter() -> None:
    text = (
        "Bonjour,\nmerci de me rappeler demain.\nNabil Rami\n\n"
        "Le 20 mai 2026 à 09:12, Service X a écrit :\n> Bonjour\n> Abdelhak Rifi, chef\n"
    )
    assert "Rifi" not in without_quoted(text)
    sender = read_sender(text)
    assert sender.person
    assert sender.person.value == "Nabil Rami"
    assert find_document_date(text) is None


def test_a_forwarded_mail_is_read_whole() -> None:
    text = "-----Message d'origine-----\nDe : Samir Rami\nObjet : fuite\nBonjour, une fuite."
    assert without_quoted(text) == text


FORWARDED = "Le 20 mai 2026 à 09:12, Ali Benali <ali@example.org> a écrit :\n"


@pytest.mark.parametrize("sign", ["", "\nEnvoyé de mon iPhone\n"])
def test_a_forwarded_mail_behind_signs_is_the_letter(sign: str) -> None:
    text = (
        f"{FORWARDED}> Monsieur le Directeur,\n> l'eau manque depuis mardi rue des Palmiers.\n"
        f"> Ali Benali\n{sign}"
    )
    assert without_quoted(text) == text


def test_an_answer_below_the_mail_that_it_quotes_is_the_letter() -> None:
    text = (
        f"{FORWARDED}> Quand venez-vous ?\n\nNous venons mardi à dix heures, soyez présents "
        "avec la clé du local.\nNabil Rami"
    )
    own = without_quoted(text)
    assert "Nabil Rami" in own
    assert "Quand" not in own


def test_a_table_in_a_mail_is_kept() -> None:
    text = (
        f"{FORWARDED}Voici les compteurs relevés ce matin :\n| Compteur | Index |\n| 4471 | 12 |\n"
        "Nabil Rami\n> Merci d'envoyer les index.\n"
    )
    own = without_quoted(text)
    assert "| Compteur | Index |" in own
    assert "Merci" not in own


@given(st.text(max_size=400))
def test_what_is_left_of_a_mail_is_never_longer(text: str) -> None:
    assert len(without_quoted(text)) <= len(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Salutations.\nEl Jadida le 29/XI/2026", "2026-11-29"),
        ("Bien à vous\nS. RAMI, le 21 avril 26", "2026-04-21"),
        ("آسفي في: الخميس خامس عشر أكتوبر ألفين وستة وعشرين", "2026-10-15"),
        ("Nous, membres de la commission, réunis ce jour 04/12/2026 au siège, approuvons.",
         "2026-12-04"),
        ("سجل عون السلطة صبيحة يومه 6 غشت 2026 انفجارا بالقناة.", "2026-08-06"),
        ("Total due by 17 May 2026\nIssued 17-Apr-2026 – please quote it", "2026-04-17"),
        ("المدة: من 1 أبريل إلى 31 ماي 2026\nالأستاذ طه\nالجديدة 9-3-2026", "2026-03-09"),
        ("ب.ك/ 26 / 8813                                  آسفي في 05 فبراير 2026\n"
         "المرجع: كتابنا عدد 8102 بتاريخ 4 نونبر 2025", "2026-02-05"),
        ("Prélèvement : 02/06/2026, sortie STEP\nNON CONFORME", None),
        ("Les vannes 20 mai 20 h 30 seront fermées", None),
    ],
)  # fmt: skip
def test_the_day_of_writing(text: str, day: str | None) -> None:
    found = find_document_date(text)
    assert (found and found.value) == day


def test_the_rules_propose_the_capitals_under_a_signature_as_a_body() -> None:
    text = "Bonjour,\nvoici la liste.\nmerci,\nZineb Rami | régisseuse\nOCEAN LOOP PRODUCTIONS"
    sender = read_by_rules(text)
    assert sender.organisation
    assert sender.organisation.value == "OCEAN LOOP PRODUCTIONS"
    assert sender.person
    assert sender.person.value == "Zineb Rami"


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Nous vous rappelons notre courrier n° KBR/12/25 resté sans suite.", "KBR/12/25"),
        ("Réf : Ma circulaire n° 1874/DKS/DEP du 14 février 2025", "1874/DKS/DEP"),
        ("وذلك إلحاقا لرسالتنا رقم 31/2024 المؤرخة في 20 شتنبر 2024.", "31/2024"),
    ],
)
def test_an_earlier_letter_that_is_followed_up_is_cited(line: str, number: str) -> None:
    text = f"Société Littoral Marbre\nObjet : rappel\n{line}\nLe gérant\nNabil Rami"
    assert [fact.value for whose, fact in find_references(text) if whose == "their"] == [number]


def test_an_own_letter_named_in_front_of_a_line_of_the_head_is_this_one() -> None:
    assert own_of(f"Société Littoral Marbre\nNotre courrier n° 2026/06{TELLS}") == ["2026/06"]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Date : 24.12.2024        N° d'envoi : 1187/CAB", "1187/CAB"),
        ("Emis le 9-1-2026 sous le n° KS.26.0003", "KS.26.0003"),
        ("N/Réf. : BO/mh - 26.0148", "BO/mh - 26.0148"),
        ("Nos réf. à rappeler : SIN/KB/1207", "SIN/KB/1207"),
    ],
)
def test_a_number_behind_a_date_or_within_a_label_is_read(line: str, value: str) -> None:
    assert own_of(f"Société Littoral Marbre\n{line}{TELLS}") == [value]


@pytest.mark.parametrize(
    "line",
    ["Registre courrier 200 p.   40   38,00   1 520,00", "Devis : 12500 DH", "Réf : 1520 MAD"],
)
def test_pages_and_sums_are_no_number_of_a_letter(line: str) -> None:
    assert own_of(f"Société Littoral Marbre\n{line}{TELLS}") == []


@pytest.mark.parametrize("behind", ["MADAME LA DIRECTRICE", "p.j. : 2", "p.o le chef"])
def test_words_that_only_begin_as_sums_and_pages_do_cost_no_number(behind: str) -> None:
    line = f"N/Réf : 1234/2025 {behind}"
    assert own_of(f"Société Littoral Marbre\n{line}{TELLS}") == ["1234/2025"]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("سيدي بنور، في 27 رجب 1447 موافق 17 يناير 2026", "2026-01-17"),
        ("Fait pour servir et valoir ce que de droit, à Safi, le 16/11/25.", "2025-11-16"),
        ("Bd de la Plage, Safi - Tél. 0523 99 00 01 - Safi, le 22/09/2025", "2025-09-22"),
        ("ص.ب 6 العوامرة — مراسلة م.م/2025/391 — 28 أكتوبر 2025", "2025-10-28"),
    ],
)
def test_the_day_of_writing_beside_another_calendar_or_behind_a_phrase(line: str, day: str) -> None:
    found = find_document_date(f"Objet : eau\nNous vous informons de la fuite.\n{line}")
    assert found is not None
    assert found.value == day
