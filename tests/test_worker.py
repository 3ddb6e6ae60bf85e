"""What never reaches the portal is answered by a page of the portal's look."""

from __future__ import annotations

import socket

import pytest
from gunicorn.http.errors import InvalidRequestLine, LimitRequestHeaders, LimitRequestLine

from kpi_portal.worker import Worker


@pytest.mark.parametrize(
    ("error", "status", "heading", "advice"),
    [
        (
            LimitRequestLine(5000, 4094),
            "414 URI Too Long",
            "網址太長",
            "試算的數值很多時，請分幾次",
        ),
        (InvalidRequestLine("GET"), "400 Bad Request", "無法處理這個請求", "請回上一頁重新操作"),
        (
            LimitRequestHeaders("limit"),
            "431 Request Header Fields Too Large",
            "無法處理這個請求",
            "請回上一頁重新操作",
        ),
    ],
)
def test_refused_request_gets_a_page_that_says_what_to_do(error, status, heading, advice):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"a" * 10_000)  # what is left of a long line
        Worker.handle_error(object.__new__(Worker), None, ours, ("", 0), error)
        ours.close()
        answer = b"".join(iter(lambda: theirs.recv(65_536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.decode().splitlines()[0] == f"HTTP/1.1 {status}"
    assert f"Content-Length: {len(body)}" in head.decode()
    page = body.decode()
    assert f"<h1>{heading}</h1>" in page
    assert advice in page
    assert 'class="kp-brand"' in page
