"""What a package carries to be understood without us: a note, and the schema of `letter.json`."""

import json
from typing import Any, Final

NOTE: Final = """\
A letter of a registry office, handed over by the software Sijill as a package by E-ARK CSIP.

METS.xml                         every file of the package with its size and SHA-256
metadata/descriptive/letter.json what the register knows of the letter, with its whole history
metadata/preservation/premis.xml the same files and events in PREMIS 3
representations/original         the documents as they came, byte for byte
representations/rendition        copies for reading (searchable PDF/A), and receipts
representations/further          files of what was done with it (proofs of dispatch, photos)
representations/text             the text of each document as it was read

`further` in letter.json has what else the office kept of the letter, table by table: opinions,
dispatches, replies, messages of a request. Notes of the staff, drafts that were never sent and what
is computed from the rest are not handed over.

Each event names the hash of the event before it (previous_hash). The hashes were sealed in the
daily closings of the register, so the history can be proven against these.
"""
_TEXT: Final = {"type": "string"}
_MAYBE: Final = {"type": ["string", "null"]}
_SCHEMA: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "letter.json, format sijill-letter 1",
    "type": "object",
    "required": ["format", "id", "number", "register", "direction", "year", "events"],
    "properties": {
        "format": {"const": "sijill-letter 1"},
        "year": {"type": "integer"},
        "confidentiality": {"enum": [0, 1, 2]},
        "kind": _MAYBE,
        "department": _MAYBE,
        "document_date": _MAYBE,
        **dict.fromkeys(
            [
                *("id", "number", "register", "direction", "subject", "language", "channel"),
                *("stage", "external_reference", "received_at", "registered_at"),
            ],
            _TEXT,
        ),
        "parties": {"type": "array", "items": {"type": "object"}},
        "answers": {"type": "array", "items": _TEXT},
        "answered_by": {"type": "array", "items": _TEXT},
        "further": {"type": "object", "additionalProperties": {"type": "array"}},
        "events": {"type": "array", "items": {"type": "object"}},
    },
}


def schema() -> str:
    """Return the schema as JSON."""
    return json.dumps(_SCHEMA, indent=1)
