"""The proxy that ships with the composition, as its file says it."""

import re
from pathlib import Path

FILE = (Path(__file__).resolve().parents[2] / "docker" / "Caddyfile").read_text("utf-8")


def test_no_log_of_the_proxy_holds_addresses_headers_or_cookies() -> None:
    logs = re.findall(r"\n(\t+)log \{\n(.+?)\n\1\}", FILE, re.DOTALL)
    assert len(logs) == 2  # errors, and each request
    for _indent, said in logs:
        assert set(re.findall(r"([\w>]+) delete", said)) == {
            "request>uri", "request>headers", "resp_headers",
        }  # fmt: skip


def test_it_writes_itself_what_the_office_believes_of_a_proxy() -> None:
    assert "header_up X-Forwarded-For {remote_host}" in FILE
    assert "header_up X-Request-ID {http.request.uuid}" in FILE
    assert {"-traceparent", "-tracestate"} <= set(re.findall(r"\theader_up (\S+)\n", FILE))
