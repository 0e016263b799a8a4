"""A small provider of OpenID Connect that speaks over a real socket, and lies where a test wants it to."""

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET, KEY_ID = "hearth", "a-secret-between-us", "key-1"


@dataclass
class OidcProvider:
    """Who is signed in at the provider, and what it says of them. `claims` and `about` replace what is true."""

    address: str = ""
    subject: str = "u-100"
    email: str = ""
    is_verified: bool = True
    claims: dict[str, Any] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    signs_with: Any = None
    key: Any = field(default_factory=lambda: rsa.generate_private_key(public_exponent=65_537, key_size=2048))
    asked: dict[str, str] = field(default_factory=dict)
    is_code_used: bool = False

    def authorize(self, query: str) -> str:
        """Return where the browser goes, with a code."""
        self.asked, self.is_code_used = dict(parse_qsl(query)), False
        return f"{self.asked['redirect_uri']}?{urlencode({'code': 'c-1', 'state': self.asked['state']})}"

    def exchange(self, form: dict[str, list[str]]) -> dict[str, Any]:
        """Give the tokens for a code, once, to who proves that they asked for it."""
        verifier = sha256(form["code_verifier"][0].encode()).digest()
        challenge = urlsafe_b64encode(verifier).decode().rstrip("=")
        good = (form["code"], form["client_secret"], challenge) == (
            ["c-1"],
            [SECRET],
            self.asked["code_challenge"],
        )
        if not good or self.is_code_used:
            return {"error": "invalid_grant"}
        self.is_code_used = True
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": self.subject,
            "iat": now,
            "exp": now + 60,
            "nonce": self.asked.get("nonce", ""),
        }
        key = self.signs_with or self.key
        token = jwt.encode({**claims, **self.claims}, key, algorithm="RS256", headers={"kid": KEY_ID})
        return {"access_token": "a-1", "token_type": "Bearer", "id_token": token}

    def userinfo(self) -> dict[str, Any]:
        said = {"sub": self.subject, "email": self.email, "email_verified": self.is_verified}
        return {**said, **self.about}

    def keys(self) -> dict[str, Any]:
        public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": KEY_ID, "alg": "RS256", "use": "sig"}]}

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }


@contextmanager
def running(provider: OidcProvider) -> Iterator[OidcProvider]:
    """Serve a provider on a free port while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(parts.query))
                self.end_headers()
                return
            answers = {
                "/.well-known/openid-configuration": provider.configuration,
                "/userinfo": provider.userinfo,
                "/keys": provider.keys,
            }
            self._write(answers[parts.path]())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._write(provider.exchange(parse_qs(body)))

        def _write(self, content: dict[str, Any]) -> None:
            text = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_line: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
