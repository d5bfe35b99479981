"""How long a page waits before it asks again: the browser's own module, run by Node."""

import json
import shutil
import subprocess
from urllib.parse import quote

import pytest

from tests.architecture.test_house import ROOT

NODE = shutil.which("node")
MODULE = ROOT / "web" / "static" / "web" / "retry-after.js"
SAID = {"1": 1, "0.5": 0.5, "30": 30, "31": 30, "86400": 30}
USUAL = ("0", "-5", "soon", "", "Wed, 21 Oct 2026 07:28:00 GMT")


@pytest.mark.skipif(NODE is None, reason="there is no Node here")
def test_what_the_office_says_is_waited_for_within_bounds() -> None:
    asked = [*SAID, *USUAL]
    program = f"""
        const {{ secondsAfter }} = await import({json.dumps(_as_address())});
        const headers = {json.dumps(asked)}.map((said) => ({{ "Retry-After": said }}));
        headers.push({{}});
        const found = headers.map((one) => secondsAfter(new Response("", {{ headers: one }})));
        console.log(JSON.stringify(found));
    """
    command = [str(NODE), "--input-type=module"]
    done = subprocess.run(
        command, input=program, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [*SAID.values(), *(2 for _ in (*USUAL, None))]


def _as_address() -> str:
    """Return the module as an address: Node takes a file of this name for no module."""
    return f"data:text/javascript,{quote(MODULE.read_text(encoding='utf-8'))}"
