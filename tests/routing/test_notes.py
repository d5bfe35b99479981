"""Notes are seen by whom they are for, by the rights of the moment; who is named is told once."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.utils import timezone, translation

from org.absences import announce, end_early
from org.models import Membership, User
from registry.changes import history_of
from registry.models.letters import Letter
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.models.assignments import Assignment
from routing.models.notes import Mention, Note
from routing.notes import seeing, writing
from routing.notes.mention_mails import mail_mention_work
from tests.factories import department, deposit, drain, person

pytestmark = pytest.mark.django_db
PEOPLE = ("amina", "badr", "dounia", "chafik", "direction", "audit", "admin")


def seen_by(note: Note) -> set[str]:
    found = {name for name in PEOPLE if seeing.notes_seen_by(person(name)).filter(pk=note.pk)}
    for name in PEOPLE:  # the letter's page asks the other way, and hears the same
        if Letter.objects.visible_to(person(name)).filter(pk=note.letter_id).exists():
            from org.people import permissions_of

            rows = seeing.notes_on(note.letter, permissions_of(person(name)))
            assert rows.filter(pk=note.pk).exists() is (name in found)
    return found


def write(letter: Letter, who: User, reach: str, text: str = "Vu.", **more: object) -> Note:
    return writing.write_note(letter, author=who, text=text, reach=reach, **more)  # type: ignore[arg-type]


def events(letter: Letter) -> list[tuple[str, dict[str, object]]]:
    return [(e.kind, e.data) for e in history_of(letter.pk) if e.kind.startswith("note_")]


def test_each_reach_is_seen_by_its_own(
    accepted: Assignment, badr: User, register_is_clean: Callable[[], None]
) -> None:
    letter = accepted.letter
    assert seen_by(write(letter, badr, "mine")) == {"badr"}
    assert seen_by(write(letter, badr, "department")) == {"badr", "dounia"}
    assert events(letter) == []
    readers = {"amina", "badr", "dounia", "direction", "audit"}
    assert seen_by(write(letter, badr, "readers", "Très secret")) == readers
    assert events(letter) == [("note_written", {})]
    register_is_clean()


def test_only_the_author_changes_and_deletes(
    accepted: Assignment, badr: User, dounia: User, register_is_clean: Callable[[], None]
) -> None:
    note = write(accepted.letter, badr, "readers")
    for deed in (
        lambda: writing.change_note(note, actor=dounia, text="Autre"),
        lambda: writing.delete_note(note, actor=dounia),
    ):
        with pytest.raises(NotAllowedError):
            deed()
    changed = writing.change_note(note, actor=badr, text="Mieux")
    assert (changed.text, changed.reach) == ("Mieux", "readers")
    writing.delete_note(note, actor=badr)
    assert [kind for kind, _data in events(accepted.letter)] == [
        "note_written",
        "note_changed",
        "note_deleted",
    ]
    with pytest.raises(ConflictError):
        writing.change_note(note, actor=badr, text="Trop tard")
    assert not Note.objects.exists()
    register_is_clean()


def test_a_note_of_a_department_is_gone_with_the_right(
    accepted: Assignment, badr: User, dounia: User
) -> None:
    note = write(accepted.letter, badr, "department", named=["dounia"])
    assert [m.note for m in seeing.mentions_unseen(dounia)] == [note]
    Membership.objects.filter(user=badr).delete()
    assert seen_by(note) == {"dounia"}
    with pytest.raises(NotAllowedError):
        writing.change_note(note, actor=badr, text="Autre")
    Letter.objects.filter(pk=note.letter_id).update(confidentiality=2)
    assert "dounia" not in seen_by(note)
    assert not seeing.mentions_unseen(dounia).exists()
    drain("notes.tell")
    assert mail.outbox == []


def test_a_stand_in_sees_the_departments_notes_and_never_the_private_ones(
    accepted: Assignment, badr: User, chafik: User
) -> None:
    private = write(accepted.letter, badr, "mine")
    shared = write(accepted.letter, badr, "department")
    today = timezone.localdate()
    absence = announce(badr, delegate=chafik, starts_on=today, ends_on=today, actor=badr)
    assert "chafik" in seen_by(shared)
    assert seen_by(private) == {"badr"}
    with pytest.raises(NotAllowedError):
        writing.delete_note(shared, actor=chafik)
    named = writing.change_note(shared, actor=badr, text="@chafik, à vous.")
    assert [m.note_id for m in seeing.mentions_unseen(chafik)] == [named.pk]
    end_early(absence, actor=badr)
    assert "chafik" not in seen_by(shared)
    assert not seeing.mentions_unseen(chafik).exists()


@pytest.mark.parametrize(
    ("reach", "text", "named"),
    [
        ("readers", "Voir avec @chafik.", []),  # does not read the letter
        ("readers", "Vu", ["chafik"]),
        ("department", "Voir avec @amina", []),  # reads it, but is not of the department
        ("mine", "Voir avec @dounia", []),
        ("readers", "Voir avec @nobody", []),
        ("readers", "Vu", ["bad\0r"]),
    ],
)
def test_who_would_not_see_it_is_not_named_and_nothing_is_kept(
    accepted: Assignment, badr: User, reach: str, text: str, named: list[str]
) -> None:
    with pytest.raises(NotAllowedError):
        write(accepted.letter, badr, reach, text, named=named)
    assert not Note.objects.exists()
    assert not Mention.objects.exists()
    assert events(accepted.letter) == []


def test_not_there_and_not_theirs_are_one_answer(accepted: Assignment, badr: User) -> None:
    told = set()
    for name in ("chafik", "xavier"):
        with pytest.raises(NotAllowedError) as refused:
            write(accepted.letter, badr, "readers", f"@{name}")
        told.add(str(refused.value).replace(name, "X"))
    assert len(told) == 1


def test_who_is_named_is_told_once_and_nothing_of_the_text(
    accepted: Assignment, badr: User, dounia: User
) -> None:
    for user in (badr, dounia):
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@office.test", language="ar")
    text = "Secret : @Dounia, @dounia, moi (@badr), et badr@example.ma."
    note = write(accepted.letter, badr, "readers", text, named=["dounia"])
    drain("notes.tell")
    mention = Mention.objects.get()
    writing.change_note(note, actor=badr, text="@dounia encore")
    drain("notes.tell")
    mail_mention_work(str(mention.pk), None)
    (sent,) = mail.outbox
    assert sent.to == ["dounia@office.test"]
    assert note.letter.number in sent.body
    assert "Secret" not in f"{sent.body}{sent.subject}"
    assert note.letter.subject not in f"{sent.body}{sent.subject}"
    writing.change_note(note, actor=badr, text="Plus personne")
    assert not Mention.objects.exists()


def test_text_is_plain_and_bounded(accepted: Assignment, badr: User) -> None:
    note = write(accepted.letter, badr, "mine", "\u202eabc\u2066\r\n\tdef\0 ")
    assert note.text == "abc\n\tdef"
    assert write(accepted.letter, badr, "mine", "x" * 2000).text == "x" * 2000
    for text in ("x" * 2001, " \u200f\n"):
        with pytest.raises(NotAllowedError):
            write(accepted.letter, badr, "mine", text)


def test_only_readers_write_and_only_for_their_own_department(
    accepted: Assignment, badr: User, chafik: User
) -> None:
    for who, reach, more in (
        (chafik, "readers", {}),
        (chafik, "mine", {}),
        (person("admin"), "mine", {}),
        (badr, "department", {"department": department("SI")}),
        (person("audit"), "department", {}),
        (badr, "all", {}),
    ):
        with pytest.raises(NotAllowedError):
            write(accepted.letter, who, reach, **more)  # type: ignore[arg-type]
    assert not Note.objects.exists()


@pytest.mark.parametrize("level", [0, 1, 2])
def test_who_is_offered_is_who_reads_the_letter(level: int, amina: User) -> None:
    letter = deposit(actor=amina, departments=["EAU", "JUR"], confidentiality=level).letter
    reading = {u for u in User.objects.all() if Letter.objects.visible_to(u).filter(pk=letter.pk)}
    assert set(seeing.readers_of(letter)) == {u for u in reading if u.is_active}


@pytest.mark.parametrize(("reach", "words"), [("mine", "Only you"), ("department", "nobody of")])
def test_who_names_somebody_in_a_note_for_nobody_else_is_told_what_to_change(
    accepted: Assignment, badr: User, reach: str, words: str
) -> None:
    name = "dounia" if reach == "mine" else "chafik"
    with translation.override("en"), pytest.raises(NotAllowedError, match=words):
        write(accepted.letter, badr, reach, f"Voir avec @{name}")
    assert not Note.objects.exists()
