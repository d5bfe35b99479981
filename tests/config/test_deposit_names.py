"""`manage deposit` with names that are not text."""

import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from registry.models.letters import Letter

pytestmark = pytest.mark.django_db


def test_a_name_that_is_not_utf8_is_registered_and_printed_as_json(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")
    Path(path).write_text("a plain text of a letter")
    out = StringIO()
    call_command("deposit", path, "--json", "--key", os.fsdecode(b"k\xe9"), stdout=out)
    line = json.loads(out.getvalue().encode())
    assert line["files"] == ["caf\ufffd.txt"]
    assert Letter.objects.get(pk=line["id"]).number == line["number"]
