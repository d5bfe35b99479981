"""Which kind of file a bank's file is, and what it says."""

from __future__ import annotations

from typing import Final

from eservices.payments.bank_entries import BankFileError, Statement
from eservices.payments.camt import read_camt
from eservices.payments.swift import looks_like_mt940, read_mt940

MOST_BYTES: Final = 64 * 1024 * 1024


def read_bank_file(content: bytes) -> Statement:
    """Return what a camt.053, camt.054 or MT940 says; raise BankFileError for anything else."""
    if len(content) > MOST_BYTES:
        raise BankFileError("too_large")
    if _is_xml(content):
        return read_camt(content)
    text = _decoded(content)
    if looks_like_mt940(text):
        return read_mt940(text)
    raise BankFileError("unknown")


def _is_xml(content: bytes) -> bool:
    head = content[:200]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True  # UTF-16: no MT940 is written so
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _decoded(content: bytes) -> str:
    """Return the text of a file that is mostly ASCII; what is not UTF-8 is Windows’ Western."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
