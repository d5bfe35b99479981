"""A simulated national electronic identity: OpenID Connect, each issuer with a fault of its own.

`python -m tests.services.sim_eid PORT`. It shares no code with the office. The issuer is
`http://127.0.0.1:PORT/NAME`: `citizen` (with an identity number), `plain` (without one), `refusal`,
`nonce`, `audience`, `issuer`, `key` (signed by an unknown key), `none` (unsigned), `expired`; for
staff also `somebody` (tells of another person), `other` (metadata of another issuer), `moved` (its
metadata lead elsewhere) and `plain-http` (an address of it is on another host, without TLS).
Times make no sense of `endless` (its ID token never expires), `lasting` (an access token for more
seconds than a date takes) and `listed` (for a list of them).
"""

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
WEAK_KEY = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CLIENT, SECRET = "sijill", "a secret: with signs & more"
CODES: dict[str, dict[str, str]] = {}


def jwks(name: str = "") -> dict[str, Any]:
    """Return the public key of an issuer."""
    key = WEAK_KEY if name == "weak" else KEY
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return {"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]}


def token_of(issuer: str, asked: dict[str, str]) -> str:
    """Return the ID token, with the fault that the issuer's name says."""
    fault, now = issuer.rpartition("/")[2], int(time.time())
    claims: dict[str, Any] = {
        "iss": issuer if fault != "issuer" else f"{issuer}-other",
        "sub": f"subject-{asked.get('login_hint') or 'one'}",
        "aud": CLIENT if fault != "audience" else "somebody-else",
        "iat": now if fault != "expired" else now - 7200,
        "exp": now + 300 if fault != "expired" else now - 3600,
        "nonce": asked["nonce"] if fault != "nonce" else "another",
        "given_name": "Salma",
        "family_name": "Alami",
    }
    if "acr_values" in asked and fault != "silent":
        claims["acr"] = asked["acr_values"].split()[-1] if fault != "one-factor" else "urn:password"
    if "max_age" in asked and fault != "silent":
        claims["auth_time"] = now if fault != "long-ago" else now - 86_400
    claims["sid"] = asked["nonce"][:8]  # a session there for each sign-in
    if fault == "endless":
        claims["exp"] = float("inf")
    if fault != "plain":
        claims["identity_number"] = "AB 123456"
    if fault == "none":
        return jwt.encode(claims, key="", algorithm="none")
    key = {"key": OTHER_KEY, "weak": WEAK_KEY}.get(fault, KEY)
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "one"})


def metadata_of(issuer: str) -> dict[str, Any]:
    """Return the description of an issuer."""
    places = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
    told: dict[str, Any] = {f"{what}_endpoint": f"{issuer}/{at}" for what, at in places.items()}
    told |= {"issuer": issuer, "jwks_uri": f"{issuer}/keys"}
    told |= {"token_endpoint_auth_methods_supported": ["client_secret_basic"]}
    if issuer.endswith("/other"):
        told["issuer"] = f"{issuer}-one"
    if issuer.endswith("/plain-http"):
        told["userinfo_endpoint"] = "http://sso.example/userinfo"
    return told


class Provider(BaseHTTPRequestHandler):
    """The provider's addresses, below the issuer's name."""

    def do_GET(self) -> None:
        """Answer the description, the keys, and the person's visit, which is over at once."""
        parts = urlsplit(self.path)
        name, _slash, rest = parts.path.lstrip("/").partition("/")
        issuer = self._issuer(name)
        if rest == ".well-known/openid-configuration" and name == "moved":
            self.send_response(302)
            self.send_header("Location", f"{self._issuer('citizen')}/{rest}")
            self.end_headers()
        elif rest == ".well-known/openid-configuration":
            self._answer(metadata_of(issuer))
        elif rest == "userinfo":
            sub = "subject-two" if name == "somebody" else "subject-one"
            self._answer({"sub": sub, "email": "badr@example.org", "email_verified": True})
        elif rest == "keys":
            self._answer(jwks(name))
        elif rest == "signed":  # a token of any claims, as the provider signs it
            claims = json.loads(parse_qs(parts.query)["claims"][0])
            key = OTHER_KEY if name == "key" else KEY
            headers = {"kid": "one", "typ": "at+jwt" if name == "access" else "logout+jwt"}
            token = jwt.encode(claims, key, algorithm="RS256", headers=headers)
            self._answer({"token": token, "issuer": self._issuer("citizen")})
        elif rest == "authorize":
            self._authorize(name, {k: v[0] for k, v in parse_qs(parts.query).items()})
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        """Answer the ID token for a code: once, to its client, who knows the verifier."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        given = {k: v[0] for k, v in parse_qs(body).items()}
        asked = CODES.pop(given.get("code", ""), None)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        basic = self.headers.get("Authorization", "").removeprefix("Basic ")
        client, _colon, secret = base64.b64decode(basic).decode().partition(":")
        known = (unquote(client), unquote(secret)) == (CLIENT, SECRET)
        if (
            asked is None
            or not known
            or challenge != asked["code_challenge"]
            or given.get("redirect_uri") != asked["redirect_uri"]
        ):
            self._answer({"error": "invalid_grant"}, status=400)
        else:
            issuer = asked["issuer"]
            senseless: dict[str, Any] = {"lasting": 10**20, "listed": [60]}
            seconds = senseless.get(issuer.rpartition("/")[2], 60)
            told = {"access_token": "x", "token_type": "Bearer", "expires_in": seconds}
            self._answer({**told, "id_token": token_of(issuer, asked)})

    def _issuer(self, name: str) -> str:
        port = cast("tuple[str, int]", self.server.server_address)[1]
        return f"http://127.0.0.1:{port}/{name}"

    def _authorize(self, name: str, asked: dict[str, str]) -> None:
        issuer = self._issuer(name)
        if asked.get("client_id") != CLIENT or asked.get("code_challenge_method") != "S256":
            self.send_error(400)
            return
        code = secrets.token_urlsafe(16)
        CODES[code] = {**asked, "issuer": issuer}
        told = {"error": "access_denied"} if name == "refusal" else {"code": code}
        query = urlencode({**told, "state": asked["state"]})
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{query}")
        self.end_headers()

    def _answer(self, told: dict[str, Any], *, status: int = 200) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Provider)
    print("ready", flush=True)
    server.serve_forever()
