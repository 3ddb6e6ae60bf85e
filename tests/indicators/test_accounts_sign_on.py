"""The city's sign-on against a small provider on this machine."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.utils import timezone

from indicators import accounts, models
from kpi_portal import environment, middleware
from tests.indicators.accounts import add_app, events, is_in, last_event
from tests.indicators.test_pages import text

pytestmark = pytest.mark.django_db
CALLBACK = "/login/city/callback/"


class Provider(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/.well-known/openid-configuration":
            ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            config = {f"{name}_endpoint": f"{self.base}/{path}" for name, path in ends.items()}
            self.answer(config | {"issuer": self.base, "jwks_uri": f"{self.base}/jwks"})
        elif self.path == "/userinfo":
            self.answer(self.server.claims)

    def do_POST(self):
        body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.asked.append({name: values[0] for name, values in body.items()})
        now = int(time.time())
        token = {"iss": self.base, "aud": "portal", "iat": now, "exp": now + 60}
        signed = jwt.encode(token | self.server.claims, "k" * 32, algorithm="HS256")
        self.answer({"access_token": "secret-token", "token_type": "Bearer", "id_token": signed})

    @property
    def base(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, content):
        data = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


@pytest.fixture
def provider(settings, monkeypatch):
    """The provider; `claims` is what it says of who signs on there."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server:
        server.claims, server.asked = {"sub": "42", "preferred_username": "test-clerk"}, []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("OIDC_CLIENT_ID", "portal")
        monkeypatch.setenv("OIDC_CLIENT_SECRET", "s3cret")
        settings.OIDC_NAME = "市府單一簽入"
        settings.SOCIALACCOUNT_PROVIDERS = environment.oidc(url, settings.OIDC_NAME)
        yield server
        server.shutdown()


@pytest.fixture
def clerk(secretariat, make_user):
    return make_user("clerk", secretariat.agency)


def sign_on(client, **query):
    """To the provider and back, as a browser goes."""
    there = client.post("/login/city/?next=/plans/")
    asked = parse_qs(urlsplit(there.headers["Location"]).query)
    return client.get(CALLBACK, {"code": "abc", "state": asked["state"][0]} | query), asked


def test_sign_on_opens_the_account_of_that_name(client, clerk, provider):
    response, asked = sign_on(client)
    assert response.headers["Location"] == "/plans/"
    assert is_in(client)
    assert asked["code_challenge_method"] == ["S256"]
    assert provider.asked[0]["code_verifier"]
    assert last_event().content()["after"]["methods"] == ["socialaccount"]


def test_neither_tokens_nor_claims_are_stored(client, clerk, provider):
    sign_on(client)
    assert not SocialToken.objects.exists()
    account = SocialAccount.objects.get()
    assert (account.user, account.uid, account.extra_data) == (clerk, "42", {})


def test_second_sign_on_goes_by_the_link_whatever_the_name_is_now(client, clerk, provider):
    sign_on(client)
    client.post("/logout/")
    provider.claims = {"sub": "42", "preferred_username": "renamed"}
    sign_on(client)
    assert is_in(client)


def test_someone_else_who_gets_the_name_gets_no_account(client, clerk, provider, make_user):
    sign_on(client)
    client.post("/logout/")
    provider.claims = {"sub": "43", "preferred_username": "test-clerk"}
    sign_on(client)
    assert not is_in(client)
    accounts.remove_sign_on(clerk, make_user("administrator"), timezone.now())
    sign_on(client)
    assert is_in(client)


@pytest.mark.parametrize(("verified", "opens"), [(True, True), (False, False), ("false", False)])
def test_sign_on_goes_by_a_verified_address(verified, opens, client, clerk, provider):
    models.User.objects.filter(pk=clerk.pk).update(email="A@City.example")
    provider.claims = {"sub": "1", "email": "A@city.example", "email_verified": verified}
    sign_on(client)
    assert is_in(client) is opens


def test_an_address_that_two_share_opens_neither(client, clerk, provider, make_user):
    make_user("auditor")
    models.User.objects.update(email="a@city.example")
    provider.claims = {"sub": "1", "email": "a@city.example", "email_verified": True}
    sign_on(client)
    assert not is_in(client)


def test_sign_on_makes_no_account(client, provider, secretariat):
    response, _ = sign_on(client)
    assert response.headers["Location"] == "/login/"
    assert "這裡沒有對應的帳號" in text(client.get("/login/"))
    assert not models.User.objects.exists()
    assert events() == [("sign-in-failed", "tes***")]


def test_disabled_account_stays_shut(client, clerk, provider):
    sign_on(client)
    client.post("/logout/")
    models.User.objects.filter(pk=clerk.pk).update(is_active=False)
    response, _ = sign_on(client)
    assert response.headers["Location"] == "/login/"
    assert "這個帳號已停用" in text(client.get("/login/"))


def test_second_factor_is_asked_for_all_the_same(client, clerk, provider):
    add_app(clerk)
    response, _ = sign_on(client)
    assert response.headers["Location"] == "/login/code/"
    assert not is_in(client)


def test_lockout_holds_for_sign_on(client, clerk, provider):
    for _ in range(5):
        client.post("/login/", {"username": "test-clerk", "password": "x"})
    response, _ = sign_on(client)
    assert response.status_code == 429
    assert not is_in(client)


def test_first_log_in_by_sign_on_needs_no_password(client, clerk, provider):
    models.User.objects.filter(pk=clerk.pk).update(must_change_password=True)
    sign_on(client)
    assert is_in(client)


@pytest.mark.parametrize("error", ["access_denied", "server_error"])
def test_sign_on_that_was_broken_off(error, client, clerk, provider):
    client.post("/login/city/")
    response = client.get(CALLBACK, {"error": error, "state": "unknown"})
    assert response.headers["Location"] == "/login/"
    assert "單一簽入沒有完成" in text(client.get("/login/"))


def test_sign_on_cannot_be_linked_from_inside(client, clerk, provider, make_user):
    client.force_login(make_user("auditor"))
    there = client.post("/login/city/?process=connect")
    state = parse_qs(urlsplit(there.headers["Location"]).query)["state"][0]
    client.get(CALLBACK, {"code": "abc", "state": state})
    assert not SocialAccount.objects.exists()


def test_provider_that_does_not_answer_is_said_so(client, clerk, provider, settings):
    settings.SOCIALACCOUNT_PROVIDERS = environment.oidc("http://127.0.0.1:9", "x")
    assert client.post("/login/city/").headers["Location"] == "/login/"
    assert "單一簽入目前沒有回應" in text(client.get("/login/"))


def test_log_in_page_offers_it_where_it_is_set_up(client, provider):
    assert "改用市府單一簽入" in text(client.get("/login/"))
    assert "市府單一簽入" in text(client.get("/login/city/"))


def test_log_in_page_is_silent_where_it_is_not(client):
    assert "單一簽入" not in text(client.get("/login/"))
    assert client.get("/login/city/").status_code == 404
    assert client.post("/login/city/").status_code == 404
    assert client.get(CALLBACK).status_code == 404


def test_policy_lets_forms_go_to_the_provider(settings):
    assert "form-action 'self' https://id.example;" in middleware.policy("https://id.example")
    assert "form-action 'self';" in middleware.policy("")
