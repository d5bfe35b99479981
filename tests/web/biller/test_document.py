"""A bank's developer has docs/api.md alone: it names every error, and its example signs as told."""

import re
from pathlib import Path

from eservices.bank.errors import STATUS
from eservices.bank.signing import Signed, message_of, sign
from web.biller.view import WORDS

TEXT = (Path(__file__).parents[3] / "docs" / "api.md").read_text("utf-8")
BILLER = TEXT[TEXT.index("## Biller API") :]


def test_every_error_is_in_the_document_with_its_status() -> None:
    rows = re.findall(r"^\| (\d{3}) \| (.+?) \|$", BILLER, re.M)
    told = {code: int(status) for status, codes in rows for code in re.findall(r"`(\w+)`", codes)}
    assert {code: told.get(code) for code in STATUS} == STATUS
    assert set(told) == set(WORDS)


def test_the_example_of_the_document_is_signed_as_the_office_reads_it() -> None:
    example = BILLER.split("```")[1]
    found = dict(re.findall(r"^([A-Za-z-]+): (.+)$", example, re.M))
    method, path = re.findall(r"^(POST) (\S+)$", example, re.M)[0]
    call = Signed(
        partner=found["X-Biller-Partner"],
        timestamp=found["X-Biller-Timestamp"],
        signature=found["X-Biller-Signature"],
        method=method,
        path=path,
        body=re.findall(r"^\{.+\}$", example, re.M)[0].encode(),
    )
    assert found["X-Biller-Signature"] == "v1=" + sign(found["secret"], message_of(call))
