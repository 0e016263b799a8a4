"""Small 企业微信, 钉钉 and 飞书 that speak their documented protocols over a real socket, and fail on demand.

`page` is what a browser asks, `answer` what Hearth asks. A code is good once, for the app it was given to.
"""

import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

SECRET = "a-secret-between-us"
Answer = tuple[int, dict[str, Any]]


@dataclass
class Asked:
    """One question, as it came over the socket."""

    path: str
    query: dict[str, str]
    content: dict[str, Any]
    headers: dict[str, str]


@dataclass
class WorkApp:
    """Who is signed in there, of which company, and how it fails. `instead` answers a path in place of what is true."""

    name: str
    company: str
    person: str = "linmei"
    of_company: str = ""
    email: str = ""
    is_guest: bool = False
    address: str = ""
    asked: dict[str, str] = field(default_factory=dict)
    is_code_used: bool = True
    paths: list[str] = field(default_factory=list)
    instead: dict[str, Answer | bytes] = field(default_factory=dict)

    def page(self, path: str, query: dict[str, str]) -> str:
        """Return where the browser goes, with a code."""
        self.asked, self.is_code_used = {**query, "_path": path}, False
        code = "authCode" if self.name == "dingtalk" else "code"
        return f"{query['redirect_uri']}?{urlencode({code: 'c-1', 'state': query['state']})}"

    def takes(self, code: object) -> bool:
        """Tell whether a code is good, which it is no more afterwards."""
        is_good = code == "c-1" and not self.is_code_used
        self.is_code_used = True
        return is_good

    def answer(self, asked: Asked) -> Answer:
        raise NotImplementedError

    def settings(self) -> dict[str, Any]:
        """Return what the installation knows of this provider."""
        more = {
            "company": self.company,
            "agent": "1000002",
            "matches_email": False,
            "page": self.address,
            "page_inside": self.address,
            "api": self.address,
            "directory": self.address,
        }
        client = self.company if self.name == "wecom" else "app-1"
        app = {"provider_id": self.name, "name": self.name, "client_id": client, "secret": SECRET}
        return {"APPS": [{**app, "settings": more}]}


class Wecom(WorkApp):
    """企业微信: a token of the app, then who is behind a code; every refusal has the status 200."""

    tokens = 0
    ended: frozenset[str] = frozenset()

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/cgi-bin/gettoken":
            if asked.query != {"corpid": self.company, "corpsecret": SECRET}:
                return 200, {"errcode": 40001, "errmsg": "invalid credential"}
            self.tokens += 1
            said = {"errcode": 0, "errmsg": "ok", "access_token": f"t-{self.tokens}", "expires_in": 7200}
            return 200, said
        if asked.query.get("access_token") in self.ended:
            return 200, {"errcode": 42001, "errmsg": "access_token expired"}
        if asked.path == "/cgi-bin/auth/getuserinfo":
            return 200, self._who(asked.query.get("code"))
        assert asked.path == "/cgi-bin/auth/getuserdetail"
        if asked.content != {"user_ticket": "ticket-1"}:
            return 200, {"errcode": 40029, "errmsg": "invalid user_ticket"}
        about = {"userid": self.person, "biz_mail": self.email, "email": "own@elsewhere.example"}
        return 200, {"errcode": 0, "errmsg": "ok", **about}

    def _who(self, code: str | None) -> dict[str, Any]:
        if not self.takes(code):
            return {"errcode": 40029, "errmsg": "invalid code"}
        if self.is_guest:
            return {"errcode": 0, "errmsg": "ok", "openid": "o-1", "external_userid": "e-1"}
        key = f"{self.of_company}/{self.person}" if self.of_company else self.person
        has_ticket = self.asked.get("scope") == "snsapi_privateinfo"
        return {
            "errcode": 0,
            "errmsg": "ok",
            "userid": key,
            **({"user_ticket": "ticket-1"} if has_ticket else {}),
        }


class Dingtalk(WorkApp):
    """钉钉: a token of the person, which names the company; the newer interface refuses by its status."""

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/v1.0/oauth2/userAccessToken":
            is_ours = (asked.content["clientId"], asked.content["clientSecret"]) == ("app-1", SECRET)
            if not is_ours or not self.takes(asked.content["code"]):
                return 400, {"code": "invalidParameter.authCode.notFound", "message": "不存在的authCode"}
            return 200, {
                "accessToken": "p-1",
                "refreshToken": "r-1",
                "expireIn": 7200,
                "corpId": self.of_company or self.company,
            }
        if asked.path == "/v1.0/contact/users/me":
            assert asked.headers["x-acs-dingtalk-access-token"] == "p-1"
            return 200, {
                "nick": "林",
                "unionId": self.person,
                "openId": "o-1",
                "email": "own@elsewhere.example",
            }
        if asked.path == "/v1.0/oauth2/accessToken":
            assert asked.content == {"appKey": "app-1", "appSecret": SECRET}
            return 200, {"accessToken": "t-1", "expireIn": 7200}
        assert asked.query == {"access_token": "t-1"}
        if asked.path == "/topapi/user/getbyunionid":
            return 200, {"errcode": 0, "result": {"userid": "u-9", "contact_type": int(self.is_guest)}}
        assert (asked.path, asked.content) == ("/topapi/v2/user/get", {"userid": "u-9"})
        return 200, {"errcode": 0, "errmsg": "ok", "result": {"userid": "u-9", "org_email": self.email}}


class Feishu(WorkApp):
    """飞书: OAuth 2.0 with a challenge, its answers with a `code` of their own."""

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/open-apis/authen/v2/oauth/token":
            verifier = sha256(asked.content["code_verifier"].encode()).digest()
            challenge = urlsafe_b64encode(verifier).decode().rstrip("=")
            good = (
                asked.content["client_secret"],
                asked.content["redirect_uri"],
                self.asked.get("code_challenge"),
            )
            if good != (SECRET, self.asked["redirect_uri"], challenge) or not self.takes(
                asked.content["code"]
            ):
                said = {
                    "code": 20003,
                    "error": "invalid_grant",
                    "error_description": "The code is not found.",
                }
                return 400, said
            return 200, {"code": 0, "access_token": "p-1", "expires_in": 7200, "token_type": "Bearer"}
        assert asked.path == "/open-apis/authen/v1/user_info"
        assert asked.headers["authorization"] == "Bearer p-1"
        about = {
            "name": "林",
            "open_id": "o-1",
            "union_id": self.person,
            "tenant_key": self.of_company or self.company,
            "email": "own@elsewhere.example",
            "enterprise_email": self.email,
        }
        return 200, {"code": 0, "msg": "success", "data": about}


KINDS: dict[str, type[WorkApp]] = {"wecom": Wecom, "dingtalk": Dingtalk, "feishu": Feishu}


@contextmanager
def serving(app: WorkApp) -> Iterator[WorkApp]:
    """Serve a work app on a free port while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query))
            if "redirect_uri" in query:
                self.send_response(302)
                self.send_header("Location", app.page(parts.path, query))
                self.end_headers()
                return
            self._reply(parts.path, query, {})

        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._reply(parts.path, dict(parse_qsl(parts.query)), json.loads(body))

        def _reply(self, path: str, query: dict[str, str], content: dict[str, Any]) -> None:
            app.paths.append(path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            said = app.instead.get(path) or app.answer(Asked(path, query, content, headers))
            status, text = (200, said) if isinstance(said, bytes) else (said[0], json.dumps(said[1]).encode())
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_line: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    app.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield app
    finally:
        server.shutdown()
        server.server_close()
