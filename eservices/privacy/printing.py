"""Print-outs of what the office holds of a person: requested with a reason, made by a job."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.privacy import of_access, of_citizens, of_money, of_register
from eservices.privacy.file import PersonFile
from eservices.privacy.models import NAME, REASON, Printout
from eservices.privacy.parts import PARTS
from eservices.privacy.person_data import CHUNK, PersonData, data_of_person, in_anothers_name
from eservices.privacy.rights import DataNotAllowedError, may_print, number_for
from eservices.privacy.subject import subject_of
from eservices.relations.customers import NoSuchCustomerError
from jobs.errors import Permanent
from language.lines import one_line
from org.models import User
from registry.acts import record_act
from registry.models.letters import Letter, Party
from registry.models.registers import Register
from registry.sheets.files import Sheet, SheetPage, Source
from search.exports.export_requests import keep_export
from search.exports.models import Export

ASKED: Final = "person_printed"
_ORDER: Final = [one.__name__ for one in (of_register, of_citizens, of_money, of_access)]
_MAKERS: Final = sorted(PARTS, key=lambda maker: _ORDER.index(maker.__module__))
_ADDRESSED: Final = (Party.Role.RECIPIENT, Party.Role.COPY, Party.Role.BEHALF)
_LANGUAGES: Final = ("ar", "fr", "en")


@dataclass(frozen=True, slots=True)
class PrintoutRequest:
    """Of whom, why, by which letter, in which language, with documents or without."""

    subject: str
    reason: str
    letter: Letter | None = None
    language: str = "fr"
    documents: bool = True


def ask_printout(wanted: PrintoutRequest, *, actor: User) -> Printout:
    """Queue the print-out; the requester and the reason are an act on record.

    Raise DataNotAllowedError, NoSuchCustomerError, ExportRefusedError.
    """
    if not may_print(actor):
        raise DataNotAllowedError(_("A person’s data are printed by who answers for them alone."))
    reason = one_line(wanted.reason, REASON)
    if not reason:
        raise DataNotAllowedError(_("Give a reason."))
    customer = subject_of(wanted.subject, viewer=actor)
    if not customer.name.strip():
        raise DataNotAllowedError(_("There is no name here: it is not plain whose data these are."))
    language = wanted.language if wanted.language in _LANGUAGES else "fr"
    with transaction.atomic():
        export = keep_export(
            person=actor,
            source=Export.Source.PERSON,
            address="",
            format=Export.Format.ZIP,
            language=language,
        )
        made = Printout.objects.create(
            subject=customer.key,
            name=customer.name[:NAME],
            reason=reason,
            letter=wanted.letter,
            documents=wanted.documents,
            export=export,
            asked_by=actor,
            asked_at=timezone.now(),
        )
        number = wanted.letter.number if wanted.letter else ""
        told = {"printout": str(made.pk), "subject": customer.key, "letter": number}
        record_act(ASKED, actor=actor, data=told)
    return made


def person_source(export: Export) -> Source:
    """Return where a print-out takes its content from, by its asker's present rights."""
    printout = Printout.objects.select_related("letter").get(export=export)
    if not may_print(export.person):
        raise Permanent("export_no_right", "This person does not answer for personal data.")
    try:
        customer = subject_of(printout.subject, viewer=export.person)
    except NoSuchCustomerError as error:
        raise Permanent("export_nothing", "There is nobody of this name any more.") from error
    held = data_of_person(customer, viewer=export.person)
    sheet = Sheet(title="", headings=(), widths=(), row_of=lambda row: [row], template="")
    most = len(_MAKERS) + len(held.roles)
    return Source(sheet, _pages(held, printout), most, lambda path: PersonFile(path, printout))


def _pages(held: PersonData, printout: Printout) -> Iterator[SheetPage]:
    """Yield the parts, then the letters whose documents go along."""
    ids = _with_documents(held) if printout.documents else []
    total = len(_MAKERS) + len(ids)
    for maker in _MAKERS:
        told = maker(held)
        letters = held.letter_ids if told.code == "letters" else []
        yield SheetPage([told], letters, total)
    for start in range(0, len(ids), CHUNK):
        rows = Letter.objects.filter(pk__in=ids[start : start + CHUNK]).for_lists()
        yield SheetPage(list(rows), [], total)


def _with_documents(held: PersonData) -> list[UUID]:
    """Return the letters that the person sent for themselves, or that went to them alone."""
    sent = [pk for pk, roles in held.roles.items() if Party.Role.SENDER in roles]
    got = [pk for pk, roles in held.roles.items() if Party.Role.RECIPIENT in roles]
    addressed = Count("parties", filter=Q(parties__role__in=_ADDRESSED))
    alone: list[UUID] = []
    for start in range(0, len(got), CHUNK):
        rows = Letter.objects.filter(
            pk__in=got[start : start + CHUNK], register__direction=Register.Direction.OUTGOING
        )
        alone += rows.annotate(named=addressed).filter(named=1).values_list("pk", flat=True)
    return list(dict.fromkeys([*_for_themselves(held, sent), *alone]))


def _for_themselves(held: PersonData, ids: list[UUID]) -> list[UUID]:
    """Return the letters without those of requests that were made in another's name."""
    others: set[UUID] = set()
    for start in range(0, len(ids), CHUNK):
        rows = in_anothers_name(held).filter(letter__in=ids[start : start + CHUNK])
        others |= set(rows.values_list("letter_id", flat=True))
    return [pk for pk in ids if pk not in others]


def printouts(*, viewer: User) -> QuerySet[Printout]:
    """Return all print-outs, the newest first, with what a list shows of them.

    `letter_number` is that of the letter, None where the viewer may not read it.
    """
    rows = Printout.objects.select_related("asked_by", "letter", "export")
    rows = rows.annotate(letter_number=number_for(viewer, "letter"))
    return rows.order_by("-asked_at", "-pk")
