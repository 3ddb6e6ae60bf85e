"""The portal's own server in front of a live database, and people with browsers before it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import lxml.html

from tests.indicators.live import ROOT, LiveDatabase

PASSWORD = "only-for-tests"
LOST = (OSError, http.client.HTTPException)  # what a client sees of a server that was killed
PATIENCE = 60  # seconds for a server to start on a busy machine
Form = dict[str, str]


class Server:
    """gunicorn as docs/deployment.md has it, in a process group that is killed as one."""

    def __init__(self, database: LiveDatabase) -> None:
        self.database = database
        self.port = _free_port()

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "kpi_portal.wsgi"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread"]
        command += ["--threads", "6", "--no-control-socket", "--log-level", "error"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.database.environment(), start_new_session=True
        )
        give_up = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None and time.monotonic() < give_up
            time.sleep(0.1)

    def kill(self) -> None:
        """All of it at once, as when the power goes."""
        os.killpg(self.process.pid, signal.SIGKILL)
        assert self.process.wait(20) == -signal.SIGKILL

    def _answers(self) -> bool:
        try:
            return Browser(self.port).get("/healthz")[0] == 200
        except LOST:
            return False


class Browser:
    """Follows no redirect: what a save is answered is what counts."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: SimpleCookie = SimpleCookie()

    def sign_in(self, username: str) -> None:
        form = self.form("/login/")
        (name,) = {"username", "login"} & form.keys()
        status, _, _ = self.post("/login/", form | {name: username, "password": PASSWORD})
        assert status == 302

    def form(self, path: str) -> Form:
        """The fields of a page's form, as HTML has it: a textarea's first line break is none."""
        status, _, body = self.get(path)
        assert status == 200
        forms = lxml.html.fromstring(body).xpath("//main//form[@method='post']")
        fields = {name: value.removeprefix("\n") for name, value in forms[0].form_values()}
        return fields | _empty(forms[0])

    def get(self, path: str) -> tuple[int, str, str]:
        return self._ask("GET", path, None)

    def post(self, path: str, form: Form) -> tuple[int, str, str]:
        return self._ask("POST", path, urlencode(form))

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str, str]:
        """The status, where it sends to, and the page, once the whole answer is here."""
        headers = {"Cookie": "; ".join(f"{m.key}={m.value}" for m in self.cookies.values())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as line:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.load(cookie)
        return answer.status, answer.headers.get("Location", ""), text


def _empty(form: lxml.html.FormElement) -> Form:
    """Fields that hold nothing yet: form_values leaves a password out."""
    return {name: "" for name in form.fields if form.fields[name] is None}


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
