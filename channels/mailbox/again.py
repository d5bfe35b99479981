"""Whether a mail that came before is the same to whoever reads it."""

from email import policy
from email.parser import BytesParser
from typing import Final

from channels.mailbox.headers import Mail, word_of
from jobs.errors import Unavailable
from registry.files.kinds import EML
from registry.files.receiving import VaultError
from registry.files.vault import get_vault
from registry.models.documents import Document
from registry.models.letters import Letter

_HEAD: Final = 256 * 1024  # bytes in which a mail's headers end


def reads_otherwise(letter: Letter, mail: Mail) -> bool:
    """Return whether the same bytes were another text or other attachments in the letter's mail.

    The digest of a mail leaves out how its body is read, which relays may write in other words: who
    knows a mail could have its attachments taken for text by sending it before. Raise Unavailable.
    """
    first = Document.objects.filter(letter=letter, position=1, media_type=EML)
    document = first.select_related("file").first()
    if document is None:
        return False
    try:
        with get_vault().open(document.file.sha256) as stream:
            head = stream.read(_HEAD)
    except VaultError as error:
        if error.code == "missing":
            return False
        raise Unavailable(error.refusal, "The vault is away.") from error
    before = BytesParser(policy=policy.compat32).parsebytes(head, headersonly=True)
    return how_read(before) != how_read(mail)


def how_read(mail: Mail) -> tuple[str, str, str, str]:
    """Return by what the body of a mail is read, however it is written."""
    try:
        boundary = str(mail.get_boundary() or "")
        return (
            mail.get_content_type(),
            boundary,
            str(mail.get_content_charset() or "us-ascii"),
            word_of(mail, "Content-Transfer-Encoding") or "7bit",
        )
    except Exception:  # hostile headers raise any exception
        return ("", "", "", "")
