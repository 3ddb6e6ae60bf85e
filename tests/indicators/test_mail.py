"""Letters: to whom, as what, and only for what is stored."""

from __future__ import annotations

import smtplib

import pytest
from django.core import mail
from django.db import transaction

from indicators import models
from indicators.mail import link, send


@pytest.fixture
def person(db):
    return models.User.objects.create(username="lin", email="lin@example.gov.tw")


@pytest.mark.django_db(transaction=True)
def test_a_letter_leaves_once_the_transaction_is_done(person):
    with transaction.atomic():
        assert send(to=person, subject="期限\n將到", body="請填報。\n")
        assert mail.outbox == []
    (letter,) = mail.outbox
    assert letter.to == ["lin@example.gov.tw"]
    assert letter.subject == "期限 將到"
    assert letter.body == "請填報。\n"
    assert letter.content_subtype == "plain"


@pytest.mark.django_db(transaction=True)
def test_a_letter_stays_where_the_transaction_is_rolled_back(person):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        send(to=person, subject="期限", body="請填報。")
        raise ZeroDivisionError
    assert mail.outbox == []


def test_without_an_address_nothing_is_sent(person, django_capture_on_commit_callbacks):
    person.email = ""
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        assert not send(to=person, subject="期限", body="請填報。")
    assert callbacks == []


@pytest.mark.django_db(transaction=True)
def test_a_server_that_takes_no_mail_undoes_nothing(person, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with transaction.atomic():
        models.User.objects.filter(pk=person.pk).update(first_name="林")
        assert send(to=person, subject="期限", body="請填報。")
    person.refresh_from_db()
    assert person.first_name == "林"
    assert any(isinstance(r.exc_info[1], OSError | smtplib.SMTPException) for r in caplog.records)


def test_a_link_begins_with_the_portals_address(settings):
    settings.PORTAL_URL = "https://kpi.example.gov.tw"
    assert link("/my-work/") == "https://kpi.example.gov.tw/my-work/"
