"""What every engine promises. One suite; `conftest.engine` names the engines."""

import base64
import datetime
import json
import math
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from search.contract import InvalidCursor, SearchEngine, SearchQuery
from search.cursors import write_cursor
from tests.search.letters import MORNING, ask, found, letter, letter_id


def test_an_engine_without_documents_finds_nothing(engine: SearchEngine) -> None:
    assert engine.state() == "missing"
    assert ask(engine, "eau").total == 0
    assert ask(engine, "").total == 0


SPELLINGS = [
    ("Réclamation", "reclamation"),
    ("RECLAMATION", "réclamation"),
    ("les factures d'eau", "facture"),
    ("une facture", "FACTURES"),
    ("L’eau de l'usine", "usine"),
    ("cœur de ville", "coeur"),
    ("the meters were read", "meter"),
    ("الإدارة العامة", "الاداره"),
    ("إلى السيد المدير", "المدير"),
    ("انقطاع الكهرباء", "كهرباء"),
    ("انقطاع الكهربا", "الكهرباء"),
    ("شكايات السكان", "شكاية"),
    ("وبالشكاية المرفقة", "الشكايات"),
    ("الفواتير غير المؤداة", "فاتورة"),
    ("مُشْكِلَةُ المَـاء", "مشكلة الماء"),
    ("ﺍﻟﻌﺪﺍﺩ", "عداد"),  # presentation forms, as in the text layer of old PDFs
    ("رقم ٤٥٦", "456"),
    ("numéro 456", "٤٥٦"),
    ("contrat 000789", "789"),
    ("contrat 789", "000789"),
    ("Réf. 345/DG/2025", "345-DG-2025"),
    ("Réf. 345 / DG / 2025", "345/DG/2025"),
    ("votre lettre 2025/OUT/000017", "2025-OUT-17"),
    ("日本水道 ½ emoji 💧 test", "日本水道"),
]


def test_a_word_is_found_however_it_is_spelled(engine: SearchEngine) -> None:
    engine.put(
        letter(serial, text=written, reader_tokens=(f"case {serial}",))
        for serial, (written, _) in enumerate(SPELLINGS)
    )
    missed = [
        (written, typed)
        for serial, (written, typed) in enumerate(SPELLINGS)
        if found(engine, typed, reader_tokens=[f"case {serial}"]) != [serial]
    ]
    assert missed == []


def test_a_word_is_found_in_every_part_of_a_letter(engine: SearchEngine) -> None:
    engine.put(
        [
            letter(1, subject="compteur"),
            letter(2, parties="Société Compteur SARL"),
            letter(3, reference="compteur"),
            letter(4, text="le compteur"),
        ]
    )
    assert sorted(found(engine, "compteur")) == [1, 2, 3, 4]


def test_all_words_must_match_wherever_they_stand(engine: SearchEngine) -> None:
    engine.put(
        [
            letter(1, subject="Fuite", text="rue de Fès", parties="Alaoui"),
            letter(2, subject="Fuite", text="rue de Rabat"),
            letter(3, text="Fès", parties="Alaoui"),
        ]
    )
    assert found(engine, "fuite Fès alaoui") == [1]


def test_small_words_are_no_hindrance_unless_they_are_all(engine: SearchEngine) -> None:
    engine.put([letter(1, text="coupure eau quartier Salam"), letter(2, text="la suite de")])
    assert found(engine, "la coupure de l'eau dans le quartier") == [1]
    assert found(engine, "de la") == [2]


def test_an_exact_word_beats_its_stem_which_beats_a_typo(engine: SearchEngine) -> None:
    engine.put(
        [
            letter(1, text="factura"),
            letter(2, text="factures facturer " * 6),
            letter(3, text="facture " + "mot divers " * 40),
            letter(4, text="autre"),
        ]
    )
    assert found(engine, "facture") == [3, 2, 1]


def test_the_subject_outranks_the_text(engine: SearchEngine) -> None:
    engine.put(
        [
            letter(1, text="branchement " * 10),
            letter(2, subject="Branchement d'un logement", text="mot divers " * 60),
            letter(3, text="autre"),
        ]
    )
    assert found(engine, "branchement") == [2, 1]


def test_number_before_subject_before_people_before_text(engine: SearchEngine) -> None:
    engine.put(
        [
            letter(1, text="le 77 zellige"),
            letter(2, parties="Zellige 77"),
            letter(3, subject="Zellige 77", text="mot divers " * 40),
            letter(77, text="zellige"),
        ]
    )
    assert found(engine, "zellige") == [3, 2, 77, 1]
    assert found(engine, "77")[0] == 77
    assert found(engine, "n° 77")[0] == 77


def test_a_name_in_other_letters_comes_behind_the_name_as_typed(engine: SearchEngine) -> None:
    engine.put([letter(1, parties="عبد الإله بنكيران"), letter(2, parties="A. Benkirane")])
    assert found(engine, "benkirane") == [2, 1]
    assert found(engine, "بنكيران") == [1, 2]


def test_of_two_letters_that_fit_the_same_the_later_comes_first(engine: SearchEngine) -> None:
    years = {1: 2014, 2: 2026, 3: 2020}
    engine.put(
        letter(serial, text="zellige bleu", registered_at=MORNING.replace(year=year))
        for serial, year in years.items()
    )
    assert found(engine, "zellige") == [2, 3, 1]


def test_recency_outweighs_no_better_answer(engine: SearchEngine) -> None:
    engine.put(
        [
            letter(1, subject="Zellige", registered_at=MORNING.replace(year=2016)),
            letter(2, text="zellige", registered_at=MORNING),
        ]
    )
    assert found(engine, "zellige") == [1, 2]


def test_without_typos_only_forms_of_the_word_are_found(engine: SearchEngine) -> None:
    engine.put([letter(1, text="compteurs"), letter(2, text="conpteur")])
    assert found(engine, "compteur", typos=False) == [1]
    assert found(engine, "compteur") == [1, 2]


def test_months_and_overdue_letters_are_counted(engine: SearchEngine) -> None:
    late, today = datetime.date(2026, 3, 9), datetime.date(2026, 3, 10)
    engine.put(
        [
            letter(1, due_on=late, registered_on=datetime.date(2026, 2, 27)),
            letter(2, due_on=today, reader_tokens=("office", "dept")),
            letter(3, due_on=late),
            letter(4, due_on=late, reader_tokens=("dept",)),
        ]
    )
    counts = ask(engine, "", today=today).facets
    assert counts["month"] == {"2026-02": 1, "2026-03": 2}
    assert counts["overdue"] == {"yes": 2}
    assert ask(engine, "", today=today, reader_tokens=["dept"]).facets["overdue"] == {"yes": 1}
    narrowed = ask(engine, "", today=today, filters={"month": ["2026-02"]})
    assert narrowed.facets["overdue"] == {"yes": 1}
    assert narrowed.facets["month"] == {"2026-02": 1, "2026-03": 2}
    assert ask(engine, "", today=today, facets=("month",)).facets.keys() == {"month"}


def test_fields_alone_are_answered_newest_first(engine: SearchEngine) -> None:
    engine.put(letter(serial, kind="invoice") for serial in (2, 3, 1))
    names = {"kind": {"invoice": "invoice"}}
    assert found(engine, "kind:invoice", names=names) == [3, 2, 1]
    assert found(engine, "kind:invoice -no:2", names=names) == [3, 1]


def test_a_registry_number_in_any_notation_comes_first(engine: SearchEngine) -> None:
    engine.put(
        [
            letter(7, subject="Fuite"),
            letter(8, subject="Suite de 2026/IN/000007", text="2026/IN/000007 " * 20),
            letter(70, subject="Fuite"),
        ]
    )
    for typed in (
        "2026/IN/000007",
        "2026-in-7",
        "IN 2026 000007",
        "N° 7/IN/2026",
        "٢٠٢٦/IN/٠٠٠٠٠٧",
    ):
        assert found(engine, typed) == [7, 8], typed


def test_a_phrase_stands_side_by_side_and_in_one_part(engine: SearchEngine) -> None:
    engine.put(
        [
            letter(1, text="la rue de Fès est coupée"),
            letter(2, text="de Fès à la rue"),
            letter(3, subject="la rue", text="de Fès"),
            letter(4, text="les rues de Fès"),
        ]
    )
    assert found(engine, '"rue de Fès"') == [1]
    assert found(engine, "« rue de fes »") == [1]
    assert sorted(found(engine, "rue de Fès")) == [1, 2, 3, 4]


def test_an_arabic_phrase(engine: SearchEngine) -> None:
    engine.put(
        [
            letter(1, text="بمكتب الضبط المركزي"),
            letter(2, text="مكتب الضبط"),
            letter(3, text="المكتب والضبط"),
        ]
    )
    assert found(engine, '"مكتب الضبط"') == [2, 1]
    assert found(engine, '"بمكتب الضبط"') == [1]


def test_debts_are_not_found_in_names_of_faith(engine: SearchEngine) -> None:
    engine.put(
        [
            letter(1, text="السيد نور الدين أمزيان", parties="جمال الدين الريفي"),
            letter(2, text="بخصوص الديون المتراكمة"),
            letter(3, text="أداء الدين"),
            letter(4, text="طلب مقدم لصلاح الدين"),
        ]
    )
    assert found(engine, "ديون") == [2, 3]
    assert sorted(found(engine, "الدين")) == [1, 2, 3, 4]
    assert found(engine, "نور الدين") == [1]
    assert found(engine, "صلاح الدين") == [4]


PHRASES = [
    ("المزودة للماء الصالح للشرب", "الماء الصالح للشرب"),
    ("والتزود وبالماء الصالح للشرب", "الماء الصالح للشرب"),
    ("أؤدي بشباك الوكالة", "شباك الوكالة"),
    ("التابع لوزارة الصحة", "وزارة الصحة"),
    ("تقدمت للشرطة القضائية", "الشرطة القضائية"),
    ("الساكن بحي السلام", "حي السلام"),
    ("والكائن وبشارع الحسن الثاني", "شارع الحسن الثاني"),
]


def test_an_arabic_phrase_is_found_behind_a_particle(engine: SearchEngine) -> None:
    engine.put(
        letter(serial, text=written, reader_tokens=(f"case {serial}",))
        for serial, (written, _) in enumerate(PHRASES)
    )
    missed = [
        (written, typed)
        for serial, (written, typed) in enumerate(PHRASES)
        if found(engine, f'"{typed}"', reader_tokens=[f"case {serial}"]) != [serial]
    ]
    assert missed == []
    assert found(engine, '"شارع الحسن الأول"') == []


def test_an_arabic_phrase_in_the_subject_stands_behind_a_particle_too(
    engine: SearchEngine,
) -> None:
    engine.put([letter(1, subject="تسرب بحي السلام"), letter(2, text="حي آخر، السلام")])
    assert found(engine, '"حي السلام"') == [1]
    assert found(engine, 'تسرب -"حي السلام"') == []


def test_a_prefix_finds_words_that_begin_so(engine: SearchEngine) -> None:
    engine.put(
        [
            letter(1, text="raccordement"),
            letter(2, subject="Raccordé"),
            letter(3, text="accord"),
            letter(4, text="الكهربائية"),
        ]
    )
    assert found(engine, "raccord*") == [2, 1]
    assert found(engine, "الكهر*") == [4]


def test_an_arabic_beginning_is_found_behind_the_article_and_particles(
    engine: SearchEngine,
) -> None:
    engine.put(
        [
            letter(1, text="مدير المستشفى الإقليمي"),
            letter(2, text="بمستشفى الحسن الثاني"),
            letter(3, text="مستشفيات"),
            letter(4, text="وللمستشفيات"),
            letter(5, text="المستعمل"),
            letter(6, text="بعد"),
            letter(7, text="والعداد"),
            letter(8, text="والبالوعات"),
        ]
    )
    assert found(engine, "مستش*")[0] == 3
    assert sorted(found(engine, "مستش*")) == [1, 2, 3, 4]
    assert sorted(found(engine, "مستشفى*")) == [1, 2, 3, 4]
    assert found(engine, "عد*") == [7]
    assert found(engine, "بالوع*") == [8]
    assert found(engine, "البالوع*") == [8]
    assert found(engine, "-مست*") == [8, 7, 6]


def test_an_arabic_word_with_its_article_is_nearly_the_word_itself(engine: SearchEngine) -> None:
    """Below the word as typed, above what only shares its stem, even in the subject."""
    engine.put(
        [
            letter(1, subject="الماء", text="الماء ماء للماء " + "كلمة أخرى " * 5),
            letter(2, text="بالمياه " + "كلمة أخرى " * 20),
            letter(3, text="مياه " + "كلمة أخرى " * 20),
            letter(4, text="المياه " + "كلمة أخرى " * 20),
            *(letter(serial, text="رسالة أخرى") for serial in range(5, 30)),
        ]
    )
    first, *middle, last = found(engine, "مياه")
    assert (first, sorted(middle), last) == (3, [2, 4], 1)
    first, *middle, last = found(engine, "المياه")
    assert (first, sorted(middle), last) == (4, [2, 3], 1)
    assert found(engine, "ماء")[0] == 1


def test_an_exclusion_takes_out_every_form_but_no_lookalike(engine: SearchEngine) -> None:
    engine.put(
        [
            letter(1, text="eau facture"),
            letter(2, text="eau factures"),
            letter(3, text="eau fracture"),
            letter(4, text="eau rue de Fès"),
        ]
    )
    assert sorted(found(engine, "eau -facture")) == [3, 4]
    assert sorted(found(engine, 'eau -"rue de fès" -fact*')) == [3]
    assert found(engine, "-eau") == []


TYPOS = [
    ("assainissement", "asainissement", True),
    ("assainissement", "assainisment", True),  # two letters in a long word
    ("compteur", "comtpeur", True),  # two letters changed places
    ("الكهرباء", "الكهرياء", True),
    ("débit", "dabit", True),
    ("débit", "dabat", False),  # two letters in a short word
    ("eau", "eaux", True),  # its plural, not a typo
    ("eau", "cau", False),
    ("456789", "456788", False),
    ("A12345", "A12346", False),
]


def test_typos_are_forgiven_by_word_length_and_never_in_numbers(engine: SearchEngine) -> None:
    engine.put(
        letter(serial, text=written, reader_tokens=(f"case {serial}",))
        for serial, (written, _, _) in enumerate(TYPOS)
    )
    wrong = [
        (written, typed)
        for serial, (written, typed, is_found) in enumerate(TYPOS)
        if found(engine, typed, reader_tokens=[f"case {serial}"]) != [serial] * is_found
    ]
    assert wrong == []


def test_letters_that_a_scan_joined_or_split_are_one_typo(engine: SearchEngine) -> None:
    engine.put([letter(1, text="Dernande de fil"), letter(2, text="modemisation")])
    engine.put([letter(3, parties="Hamid Bennani", sender="Harnid Bennani")])
    assert found(engine, "demande", most_typos=1) == [1]
    assert found(engine, "modernisation", most_typos=1) == [2]
    assert found(engine, "de:hamid", most_typos=1) == [3]
    assert found(engine, "demande", typos=False) == []


def test_only_readers_find_and_count(engine: SearchEngine) -> None:
    engine.put(
        [
            letter(1, text="secret", reader_tokens=("direction",), department="DG"),
            letter(2, text="secret", reader_tokens=("office", "department:EAU")),
            letter(3, text="secret", reader_tokens=()),
        ]
    )
    assert found(engine, "secret", reader_tokens=["office"]) == [2]
    assert found(engine, "secret", reader_tokens=["department:EAU", "nobody"]) == [2]
    assert sorted(found(engine, "secret", reader_tokens={"office", "direction"})) == [1, 2]
    result = ask(engine, "secret", reader_tokens=["office"])
    assert result.total == 1
    assert result.facets["department"] == {"EAU": 1}
    assert found(engine, "2026/IN/000001", reader_tokens=["office"]) == []
    assert found(engine, "-absent", reader_tokens=["office"]) == [2]


def test_without_reader_tokens_nothing_is_found(engine: SearchEngine) -> None:
    engine.put([letter(1, text="eau")])
    assert ask(engine, "eau", reader_tokens=[]).total == 0
    assert ask(engine, "", reader_tokens=frozenset()).total == 0


def test_filters_narrow_and_facets_count_under_the_other_filters(engine: SearchEngine) -> None:
    engine.put(
        [
            letter(1, text="eau", department="EAU", kind="request"),
            letter(2, text="eau", department="ELEC", kind="request"),
            letter(3, text="eau", department="ELEC", kind="complaint_technical"),
            letter(4, text="gaz", department="ELEC", kind="request", year=2025),
        ]
    )
    result = ask(engine, "eau", filters={"department": ["ELEC"]})
    assert result.total == 2
    assert result.facets["department"] == {"EAU": 1, "ELEC": 2}
    assert result.facets["kind"] == {"request": 1, "complaint_technical": 1}
    both = {"department": ["ELEC", "EAU"], "kind": ["request"]}
    assert sorted(found(engine, "eau", filters=both)) == [1, 2]
    assert found(engine, "", filters={"year": ["2025"]}) == [4]
    assert found(engine, "", filters={"department": ["'; DROP"]}) == []
    assert found(engine, "", filters={"department": []}) == []


def test_bounds_of_time_and_of_due_date(engine: SearchEngine) -> None:
    engine.put(
        [
            letter(1, due_on=datetime.date(2026, 4, 1)),
            letter(2, due_on=datetime.date(2026, 4, 2)),
            letter(3),
        ]
    )
    second = MORNING + datetime.timedelta(minutes=2)
    assert found(engine, "", after=second) == [3, 2]
    assert found(engine, "", before=second) == [1]
    assert found(engine, "", after=second, before=second + datetime.timedelta(seconds=1)) == [2]
    assert found(engine, "", due_before=datetime.date(2026, 4, 2)) == [1]


def test_without_words_and_by_wish_the_newest_come_first(engine: SearchEngine) -> None:
    engine.put(
        [letter(2, subject="eau"), letter(3, text="eau"), letter(1, text="gaz eau eau eau eau")]
    )
    assert found(engine, "") == [3, 2, 1]
    assert found(engine, "  \u200f ") == [3, 2, 1]
    assert found(engine, "eau", order="newest") == [3, 2, 1]
    assert found(engine, "eau")[0] == 2


@pytest.mark.parametrize("order", ["newest", "relevance"])
def test_pages_go_all_the_way_down_once_each(engine: SearchEngine, order: str) -> None:
    same_moment = MORNING + datetime.timedelta(days=1)
    engine.put(
        letter(serial, text="eau " * (1 + serial % 7), registered_at=same_moment)
        if serial % 10 == 0
        else letter(serial, text="eau")
        for serial in range(1, 231)
    )
    seen = [hit for page in _pages(engine, "eau", order) for hit in page]
    assert len(seen) == 230
    assert len(set(seen)) == 230


def _pages(engine: SearchEngine, words: str, order: str) -> Iterator[list[str]]:
    cursor = ""
    while True:
        result = ask(engine, words, order=order, limit=50, cursor=cursor)
        assert result.total == 230
        assert bool(result.facets) == (cursor == "")
        yield [hit.id for hit in result.hits]
        cursor = result.next_cursor
        if not cursor:
            return


def test_a_page_by_time_is_not_shifted_by_new_letters(engine: SearchEngine) -> None:
    engine.put(letter(serial) for serial in range(1, 7))
    first = ask(engine, "", limit=3)
    engine.put([letter(7), letter(8)])
    assert found(engine, "", limit=3, cursor=first.next_cursor) == [3, 2, 1]


def test_a_foreign_cursor_is_refused_as_such(engine: SearchEngine) -> None:
    engine.put([letter(1)])
    for cursor in ("x", "AAAA", "W10", "é", "eyJhIjoxfQ", "WyJ4IiwxXQ", "9" * 5000):
        with pytest.raises(InvalidCursor):
            ask(engine, "", cursor=cursor)


@pytest.mark.parametrize("order", ["relevance", "newest"])
def test_a_forged_cursor_of_the_engine_is_refused_as_such(engine: SearchEngine, order: Any) -> None:
    engine.put([letter(number) for number in range(1, 6)])
    first = ask(engine, "", order=order, limit=1)
    second = ask(engine, "", order=order, limit=1, cursor=first.next_cursor)
    for cursor in (first.next_cursor, second.next_cursor):
        kind, *values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        for at, value in enumerate(values):
            wrong = ["\ud800"] if isinstance(value, str) else [2**63, 10**30, math.nan, math.inf]
            for one in wrong:
                forged = write_cursor(kind, [*values[:at], one, *values[at + 1 :]])
                with pytest.raises(InvalidCursor):
                    ask(engine, "", order=order, limit=1, cursor=forged)


HOSTILE = [
        '"', '""', '"""', "-", "--", "*", "**", "-*", "a*", "(", ")", "AND OR NOT", "field:value",
        "eau^5", "eau~2", "[a TO b]", "{}", "\\", "/re.*/", "\x00", "<script>", "%", "_", "'; --",
        "«", "»“”", "\u202e", "🙂", "٪", "a" * 5000, "eau " * 900, "1/2/3/4/5/6/7/8/9", "-" * 200,
        '-"', 'x"y"z', "é" * 300 + "*", "\ud800",
]  # fmt: skip


def test_any_input_is_safe(engine: SearchEngine) -> None:
    engine.put([letter(1, text="eau")])
    for typed in HOSTILE:
        assert ask(engine, typed).total in (0, 1), typed


def test_what_has_no_word_in_it_finds_nothing(engine: SearchEngine) -> None:
    engine.put([letter(1, text="eau")])
    assert found(engine, "?!") == []


def test_any_text_can_be_put(engine: SearchEngine) -> None:
    nasty = "\x00\ud800 " + "x" * 40_000 + " " + "1/" * 500 + " \ufffe \U0010ffff eau"
    engine.put([letter(1, subject=nasty, parties=nasty, reference=nasty, text=nasty)])
    assert found(engine, "eau") == [1]


def test_a_newer_version_replaces_and_an_older_never_does(engine: SearchEngine) -> None:
    assert engine.put([letter(1, text="alpha", version=2)]) == 1
    assert engine.put([letter(1, text="bravo", version=3)]) == 1
    assert engine.put([letter(1, text="charlie", version=1)]) == 0
    assert engine.put([letter(1, text="delta", version=4), letter(1, text="echo", version=2)]) >= 1
    assert [found(engine, word) for word in ("alpha", "bravo", "charlie", "delta", "echo")] == [
        [], [], [], [1], [],
    ]  # fmt: skip
    assert ask(engine, "").total == 1


def test_the_same_version_again_is_harmless(engine: SearchEngine) -> None:
    engine.put([letter(1, text="alpha", version=2)])
    engine.put([letter(1, text="alpha", version=2)])
    assert ask(engine, "alpha").total == 1


def test_what_was_removed_does_not_come_back_with_an_old_version(engine: SearchEngine) -> None:
    engine.put([letter(1, text="alpha", version=5), letter(2, text="alpha")])
    engine.remove([letter_id(1), letter_id(99)])
    assert found(engine, "alpha") == [2]
    engine.put([letter(1, text="alpha", version=5)])
    assert found(engine, "alpha") == [2]
    engine.remove([letter_id(1)])
    assert ask(engine, "").total == 1
    engine.put([letter(1, text="alpha", version=9)])
    assert sorted(found(engine, "alpha")) == [1, 2]


def test_a_rebuild_answers_from_the_old_index_until_it_is_done(engine: SearchEngine) -> None:
    engine.put([letter(1, text="ancien"), letter(2, text="ancien")])
    with engine.rebuild() as new:
        assert new.put([letter(2, text="nouveau", version=2)]) == 1
        assert sorted(found(engine, "ancien")) == [1, 2]
        assert found(engine, "nouveau") == []
    assert found(engine, "nouveau") == [2]
    assert found(engine, "ancien") == []
    assert engine.state() == "ready"


def test_letters_put_during_a_rebuild_are_kept(engine: SearchEngine) -> None:
    engine.put([letter(1, text="alpha"), letter(3, text="alpha")])
    with engine.rebuild() as new:
        engine.put([letter(1, text="bravo", version=2), letter(2, text="bravo")])
        engine.remove([letter_id(3)])
        assert sorted(found(engine, "bravo")) == [1, 2]
        new.put([letter(1, text="alpha"), letter(3, text="alpha")])  # read before they changed
    assert sorted(found(engine, "bravo")) == [1, 2]
    assert found(engine, "alpha") == []


def test_a_rebuild_that_fails_changes_nothing(engine: SearchEngine) -> None:
    engine.put([letter(1, text="alpha")])
    with pytest.raises(RuntimeError, match="power cut"):
        _rebuild_until_the_power_cut(engine)
    assert found(engine, "alpha") == [1]
    with engine.rebuild() as new:
        new.put([letter(3, text="alpha")])
    assert found(engine, "alpha") == [3]


def _rebuild_until_the_power_cut(engine: SearchEngine) -> None:
    with engine.rebuild() as new:
        new.put([letter(2, text="alpha")])
        raise RuntimeError("power cut")


def test_an_old_reader_follows_to_the_rebuilt_index_between_pages(engine: SearchEngine) -> None:
    engine.put(letter(serial, text="eau") for serial in range(1, 7))
    first = ask(engine, "eau", order="newest", limit=2)
    second = ask(engine, "eau", order="newest", limit=2, cursor=first.next_cursor)
    with engine.rebuild() as new:
        new.put(letter(serial, text="eau") for serial in range(1, 7))
    assert found(engine, "eau", order="newest", limit=2, cursor=second.next_cursor) == [2, 1]


def test_a_question_that_makes_no_sense_is_refused() -> None:
    for wrong in (
        {"reader_tokens": None},
        {"reader_tokens": "office"},
        {"filters": {"colour": ["red"]}},
        {"filters": {"kind": "request"}},
        {"order": "oldest"},
        {"limit": 0},
        {"limit": 101},
        {"after": datetime.datetime(2026, 1, 1)},  # noqa: DTZ001
    ):
        with pytest.raises(ValueError, match=r"\w"):
            SearchQuery(**({"words": "", "reader_tokens": ["office"]} | wrong))


def with_stems(engine: SearchEngine, asked: list[dict[str, float]], **fields: Any) -> list[int]:
    """Serials of the letters that have some of these stems, best first."""
    engine.settle()
    query = SearchQuery(**({"words": "", "reader_tokens": ("office",), "facets": ()} | fields))
    return [uuid.UUID(hit.id).int for hit in engine.with_stems(query, asked)]


def test_stems_are_found_by_weight_the_best_of_each_word_alone(engine: SearchEngine) -> None:
    engine.put(
        [
            letter(1, text="تسرب الماء"),
            letter(2, text="fuite"),
            letter(3, text="fuite et conduite"),
            letter(4, text="autre chose"),
        ]
    )
    leak = {"fuit": 0.9, "conduit": 0.8}
    assert set(with_stems(engine, [leak])) == {2, 3}
    assert with_stems(engine, [{"fuit": 0.9}, {"conduit": 0.8}])[0] == 3
    assert with_stems(engine, [{"fuit": 0.1, "تسرب": 0.9}])[0] == 1
    assert with_stems(engine, [{"fuit": 1.0}], limit=1) == with_stems(engine, [{"fuit": 1.0}])[:1]


def test_stems_are_found_within_readers_filters_and_bounds(engine: SearchEngine) -> None:
    engine.put(
        [
            letter(1, text="fuite", reader_tokens=("SI",)),
            letter(2, text="fuite", kind="complaint"),
            letter(3, text="fuite"),
        ]
    )
    leak = [{"fuit": 1.0}]
    assert with_stems(engine, leak, reader_tokens=("SI",)) == [1]
    assert with_stems(engine, leak, reader_tokens=()) == []
    assert with_stems(engine, leak, filters={"kind": ["complaint"]}) == [2]
    after = MORNING + datetime.timedelta(minutes=3)
    assert with_stems(engine, leak, after=after) == [3]
    assert with_stems(engine, []) == []


def test_both_engines_weigh_stems_on_one_scale(engine: SearchEngine) -> None:
    engine.put(letter(serial, text="fuite" if serial < 3 else "autre") for serial in range(20))
    engine.settle()
    query = SearchQuery(words="", reader_tokens=("office",), facets=())
    (score, _) = (hit.score for hit in engine.with_stems(query, [{"fuit": 1.0}])[:2])
    assert 0.5 < score < 2.0, "BM25 as Lucene counts it: Tantivy's own would be more than twice"
