"""What the security page says of the code as a whole: what stands nowhere in it."""

import ast
import re
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from org.tls import client_context, serving_context
from tests.architecture.test_house import ROOT, modules, name_of

# Libraries whose work is cryptography; the page names them ("11.2.1").
CRYPTOGRAPHY: Final = {
    *("cryptography", "jwt", "pyhanko", "asn1crypto", "pyrage", "py_vapid", "pywebpush"),
    *("pkcs11", "argon2"),
}
OTHER_CRYPTOGRAPHY: Final = {
    *("Crypto", "Cryptodome", "nacl", "rsa", "ecdsa", "OpenSSL", "M2Crypto", "simplecrypt"),
    *("gnupg", "passlib", "bcrypt", "jose", "oscrypto"),
}
# Chance that guards nothing: the wait before the next try, made-up letters.
MERE_CHANCE: Final = {"jobs/attempts.py", "understanding/starting_set/frames.py"}
# Reads the certificate of a server that nobody trusts, to tell when it ends; sends nothing.
UNTRUSTED: Final = {"web/desk/administration/certificates.py"}
_SCRIPT: Final = re.compile(r"<script\b[^>]*>", re.IGNORECASE)
_COMMENT: Final = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)


def calls_of(path: Path) -> Iterator[str]:
    """Return the names that a module calls: `eval`, `ssl.create_default_context`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def imports_of(path: Path) -> Iterator[str]:
    """Return the packages that a module imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def scripts() -> dict[str, str]:
    """Return our own scripts without their comments, by name."""
    found = [path for path in ROOT.glob("*/static/**/*.js") if "vendor" not in path.parts]
    assert len(found) > 20
    return {name_of(path): _COMMENT.sub("", path.read_text(encoding="utf-8")) for path in found}


def templates() -> dict[str, str]:
    return {name_of(p): p.read_text(encoding="utf-8") for p in ROOT.glob("*/templates/**/*.html")}


def test_no_text_is_run_as_code() -> None:
    for path in modules():
        assert not {"eval", "exec"} & set(calls_of(path)), name_of(path)
    for name, text in scripts().items():
        assert not re.search(r"(?<![.\w])eval\(|\bnew Function\(|\bsetTimeout\(\s*['\"`]", text), (
            name
        )
    assert '"allowEval": false' in templates()["web/templates/web/base.html"]


def test_no_script_is_made_of_text() -> None:
    for name, text in templates().items():
        for tag in _SCRIPT.findall(text):
            assert "src=" in tag or 'type="application/json"' in tag, f"{name}: {tag}"
    for name, text in scripts().items():
        wanted = r"\.(?:inner|outer)HTML\s*\+?=|insertAdjacentHTML|document\.write|srcdoc"
        assert not re.search(wanted, text), name


def test_pages_need_no_plug_in() -> None:
    for name, text in templates().items():
        assert not re.search(r"<(?:object|embed|applet|frameset|marquee)\b", text), name


def test_messages_pass_between_a_page_its_own_worker_and_windows_of_its_origin_alone() -> None:
    posting = {name for name, text in scripts().items() if "postMessage" in text}
    field, windows = "web/static/web/field", "web/static/web/sijill.js"
    assert posting == {f"{field}/sheet.js", f"{field}/worker.js", windows}
    own = r"(?:registration\.active|event\.source)\?|new BroadcastChannel\(\"sessions\"\)"
    for name in posting:
        for line in re.findall(r".*postMessage\(.*", scripts()[name]):
            assert re.search(rf"(?:{own})\.postMessage\(", line), line
    hearing = {"self", "navigator.serviceWorker", 'new BroadcastChannel("sessions")'}
    for name, text in scripts().items():
        for before in re.findall(r"(\S[^;\n]*?)\.addEventListener\(\s*[\"']message[\"']", text):
            assert before in hearing, f"{name} listens to {before}"


def test_scripts_merge_no_objects_of_strangers() -> None:
    for name, text in scripts().items():
        assert "__proto__" not in text, name
        for given in re.findall(r"Object\.assign\([^,]+,\s*(.)", text):
            assert given == "{", f"{name} merges what is not written there"


def test_cryptography_is_by_known_libraries_alone() -> None:
    used = {each for path in modules() for each in imports_of(path)}
    assert not used & OTHER_CRYPTOGRAPHY
    assert used & CRYPTOGRAPHY == CRYPTOGRAPHY - {"argon2"}  # which Django's hasher loads itself


def test_nothing_is_enciphered_without_a_check() -> None:
    for path in modules():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\bmodes\.(?:ECB|CBC|CTR|CFB|OFB)\b|\b(?:ARC4|TripleDES)\b", text), (
            path
        )
        enciphering = re.findall(r"\.(?:encrypt|decrypt)\([^)]*PKCS1v15", text)
        assert not enciphering, path


def test_secrets_are_drawn_by_a_generator_for_them() -> None:
    used = {name_of(path) for path in modules() if "random" in set(imports_of(path))}
    assert used == MERE_CHANCE, "secrets come from `secrets`"


def test_every_certificate_is_looked_at() -> None:
    """Contexts of `ssl` are those of `org.tls`: TLS 1.2 and above, certificates, names, the end."""
    loose = r"CERT_NONE|check_hostname\s*=\s*False|\bverify\s*=\s*False|_create_unverified"
    old = r"PROTOCOL_(?:SSL|TLS)v|set_ciphers|OP_NO_TLS|ssl\.SSLContext\("
    own = rf"{old}|minimum_version|create_default_context"
    for path in modules():
        text = path.read_text(encoding="utf-8")
        assert not re.search(old if name_of(path) == "org/tls.py" else own, text), path
        assert name_of(path) in UNTRUSTED or not re.search(loose, text), path
    for context in (client_context(), serving_context()):
        assert context.minimum_version == ssl.TLSVersion.TLSv1_2
        assert not context.options & ssl.OP_IGNORE_UNEXPECTED_EOF
    context = client_context()
    assert context.check_hostname
    assert not [each["name"] for each in context.get_ciphers() if _is_weak(each["name"])]


def _is_weak(cipher: str) -> bool:
    return bool(re.search(r"NULL|EXP|RC4|DES|MD5|ADH|AECDH", cipher))


def test_the_shipped_proxy_speaks_the_tls_of_its_defaults() -> None:
    """Caddy's own: 1.2 and 1.3 with forward secrecy; nothing in our file asks for less."""
    text = (ROOT / "docker" / "Caddyfile").read_text(encoding="utf-8")
    assert not re.search(r"^\s*(?:protocols|ciphers|curves|insecure_\w+|tls)\b", text, re.MULTILINE)


@pytest.mark.parametrize("left_out", [".git", "docker/secrets", "var", "tests"])
def test_the_image_has_no_history_and_no_secrets(left_out: str) -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert left_out in lines


def test_passwords_are_pasted_where_people_like() -> None:
    """No script and no page hinders pasting, or what a manager of passwords fills in."""
    for name, text in {**scripts(), **templates()}.items():
        assert not re.search(r"onpaste|[\"']paste[\"']|autocomplete=\"off\"[^>]*password", text), (
            name
        )


def test_every_mail_says_whether_a_person_wrote_it() -> None:
    """Else absences answer it, and another office takes it for a letter of a person."""
    sent = 0
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not ast.unparse(node.func).startswith("Email"):
                continue
            told = {word.arg: ast.unparse(word.value) for word in node.keywords}
            if "to" not in told:
                continue
            sent += 1
            headers = told.get("headers", "")
            assert "AUTOMATIC" in headers or "Auto-Submitted" in headers, name_of(path)
    assert sent > 15
