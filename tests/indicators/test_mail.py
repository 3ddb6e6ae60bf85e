"""Letters: to whom, as what, and that a server which takes none is told of."""

from __future__ import annotations

import pytest
from django.core import mail

from indicators import models
from indicators.mail import NotDelivered, deliver, link


@pytest.fixture
def person(db):
    return models.User.objects.create(username="lin", email="lin@example.gov.tw")


def test_a_letter_is_plain_text_with_a_subject_of_one_line(person):
    deliver(to=person, subject="期限\n將到", body="請填報。\n")
    (letter,) = mail.outbox
    assert letter.to == ["lin@example.gov.tw"]
    assert letter.subject == "期限 將到"
    assert letter.body == "請填報。\n"
    assert letter.content_subtype == "plain"


def test_a_server_that_takes_no_mail_is_told_of(person, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(NotDelivered):
        deliver(to=person, subject="期限", body="請填報。")


def test_a_link_begins_with_the_portals_address(settings):
    settings.PORTAL_URL = "https://kpi.example.gov.tw"
    assert link("/my-work/") == "https://kpi.example.gov.tw/my-work/"
