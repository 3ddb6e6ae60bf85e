"""gunicorn's threads, with the portal's own page for what never reaches the portal.

An address longer than a line of a request may be is refused before Django is asked.
"""

from __future__ import annotations

import socket
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override
from gunicorn.http.errors import InvalidRequestLine, LimitRequestHeaders, LimitRequestLine
from gunicorn.util import write
from gunicorn.workers.gthread import ThreadWorker

ANSWERS = {
    LimitRequestLine: ("414 URI Too Long", "414.html"),
    LimitRequestHeaders: ("431 Request Header Fields Too Large", "400.html"),
    InvalidRequestLine: ("400 Bad Request", "400.html"),
}
UNREAD = 1 << 16  # bytes of a refused request that are still read, so that it hears the answer


class Worker(ThreadWorker):
    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        answer = next((ANSWERS[kind] for kind in ANSWERS if isinstance(exc, kind)), None)
        if answer is None:
            super().handle_error(req, client, addr, exc)
            return
        try:
            _read_rest(client)
            write(client, _page(*answer))
        except OSError:
            self.log.debug("A refused request did not wait for its answer.")


def _read_rest(client: socket.socket) -> None:
    client.settimeout(0.2)
    try:
        left = UNREAD
        while left > 0 and (part := client.recv(left)):
            left -= len(part)
    except TimeoutError:
        pass
    client.settimeout(5)


def _page(status: str, template: str) -> bytes:
    with override(settings.LANGUAGE_CODE):  # whose cookie was not read
        body = render_to_string(template).encode()
    head = (
        f"HTTP/1.1 {status}\r\nConnection: close\r\nCache-Control: no-store\r\n"
        f"Content-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
