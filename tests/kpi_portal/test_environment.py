"""Settings from the environment: what they become, and the sentence for what they can't."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ImproperlyConfigured

from kpi_portal import environment as env

POSTGRES = ("NAME", "USER", "PASSWORD", "HOST", "PORT")


@pytest.mark.parametrize(
    ("value", "found"),
    [("1", True), ("TRUE", True), (" yes ", True), ("0", False), ("no", False), ("", False)],
)
def test_a_flag_is_yes_or_no(monkeypatch, value, found):
    monkeypatch.setenv("FLAG", value)
    assert env.flag("FLAG") is found


def test_another_word_is_no_flag(monkeypatch):
    monkeypatch.setenv("FLAG", "on\n!")
    with pytest.raises(ImproperlyConfigured, match=r"^FLAG 只能是 0 或 1，不能是 .on.n!.。$"):
        env.flag("FLAG")


@pytest.mark.parametrize(
    ("value", "found"),
    [("", ["x"]), (" a , b,,c ", ["a", "b", "c"]), (",", []), ("a", ["a"])],
)
def test_items_are_separated_by_commas(monkeypatch, value, found):
    monkeypatch.setenv("ITEMS", value)
    assert env.items("ITEMS", "x") == found


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:////tmp/portal.sqlite3", "/tmp/portal.sqlite3"),
        ("sqlite:////tmp/a%20b%3F.sqlite3", "/tmp/a b?.sqlite3"),
        ("sqlite:////tmp/資料.sqlite3", "/tmp/資料.sqlite3"),
    ],
)
def test_a_sqlite_url_names_a_file(monkeypatch, tmp_path, url, name):
    monkeypatch.setenv("DATABASE_URL", url)
    found = env.database("DATABASE_URL", tmp_path / "unused")
    assert (found["ENGINE"], found["NAME"]) == ("django.db.backends.sqlite3", name)


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("postgres://me:word@db.example:5433/kpi", ("kpi", "me", "word", "db.example", "5433")),
        ("postgresql://me@localhost/kpi", ("kpi", "me", "", "localhost", "")),
        ("postgres:///kpi", ("kpi", "", "", "", "")),
        ("postgres://me:p%40%2F%3A%23@h/k%20i", ("k i", "me", "p@/:#", "h", "")),
        ("postgres://me@%2Frun%2Fpostgresql/kpi", ("kpi", "me", "", "/run/postgresql", "")),
        ("postgres://me@[::1]:5432/kpi", ("kpi", "me", "", "::1", "5432")),
    ],
)
def test_a_postgresql_url_names_a_server(monkeypatch, tmp_path, url, parts):
    monkeypatch.setenv("DATABASE_URL", url)
    found = env.database("DATABASE_URL", tmp_path / "unused")
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert tuple(found[key] for key in POSTGRES) == parts


def test_a_query_adds_options(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://h/kpi?sslmode=verify-full&connect_timeout=9")
    options = env.database("DATABASE_URL", tmp_path / "unused")["OPTIONS"]
    assert options == env.POSTGRES_OPTIONS | {"sslmode": "verify-full", "connect_timeout": "9"}


@pytest.mark.parametrize(
    "url",
    ["x", "sqlite:", "sqlite://", "sqlite:///", "mysql://h/kpi", "postgres://h", "postgres://h/",
     "postgres://h:port/kpi", "postgres://h:99999/kpi", "postgres://[::1/kpi", "://",
     "file.sqlite3"],
)  # fmt: skip
def test_another_url_is_refused_in_one_line(monkeypatch, tmp_path, url):
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match=r"\ADATABASE_URL [^\n]+\Z"):
        env.database("DATABASE_URL", tmp_path / "unused")


def test_without_a_url_the_data_is_in_its_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    found = env.database("DATABASE_URL", tmp_path / "var" / "portal.sqlite3")
    assert found["NAME"] == str(tmp_path / "var" / "portal.sqlite3")
    assert (tmp_path / "var").is_dir()


def test_a_folder_that_can_not_be_made_is_told(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "file").touch()
    with pytest.raises(ImproperlyConfigured, match=r"^無法建立資料夾「.*file/var」（.+）。$"):
        env.database("DATABASE_URL", tmp_path / "file" / "var" / "portal.sqlite3")


# The secret


def test_the_secret_of_the_environment_comes_first(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "given")
    assert env.secret("SECRET_KEY", tmp_path / "var") == "given"
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def no_secret(monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)


@pytest.mark.usefixtures("no_secret")
def test_a_secret_is_made_once_for_its_owner_alone(tmp_path):
    made = env.secret("SECRET_KEY", tmp_path / "var")
    path = tmp_path / "var" / "secret_key"
    assert (len(made), stat.S_IMODE(path.stat().st_mode)) == (86, 0o600)
    assert env.secret("SECRET_KEY", tmp_path / "var") == made
    assert [one.name for one in path.parent.iterdir()] == ["secret_key"]


@pytest.mark.usefixtures("no_secret")
def test_an_empty_secret_is_made_anew(tmp_path):
    (tmp_path / "secret_key").write_text("\n")
    made = env.secret("SECRET_KEY", tmp_path)
    assert (len(made), (tmp_path / "secret_key").read_text()) == (86, made)
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


@pytest.mark.usefixtures("no_secret")
def test_all_who_start_at_once_have_the_same_secret(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: env.secret("SECRET_KEY", tmp_path / "var"), range(32)))
    assert made == {(tmp_path / "var" / "secret_key").read_text()}


@pytest.mark.usefixtures("no_secret")
def test_a_secret_that_can_not_be_kept_is_told(tmp_path):
    (tmp_path / "secret_key").mkdir()
    with pytest.raises(
        ImproperlyConfigured, match=r"^沒有設定 SECRET_KEY，也無法使用「.*」（.+）。$"
    ):
        env.secret("SECRET_KEY", tmp_path)


def test_a_number_is_a_whole_one_and_large_enough(monkeypatch):
    assert env.number("N", 7) == 7
    monkeypatch.setenv("N", " 12 ")
    assert env.number("N", 7) == 12


@pytest.mark.parametrize("value", ["-1", "1.5", "x", "1", "二"])
def test_another_number_is_refused(monkeypatch, value):
    monkeypatch.setenv("N", value)
    with pytest.raises(ImproperlyConfigured, match=r"^N 應為不小於 2 的整數"):
        env.number("N", 7, least=2)


@pytest.mark.parametrize("value", ["", "https://id.example/realms/city", "http://localhost:8080"])
def test_a_web_address_is_secure_or_local(monkeypatch, value):
    monkeypatch.setenv("U", value)
    assert env.web_address("U") == value


@pytest.mark.parametrize("value", ["http://id.example", "id.example", "https://", "ftp://x"])
def test_another_web_address_is_refused(monkeypatch, value):
    monkeypatch.setenv("U", value)
    with pytest.raises(ImproperlyConfigured, match=r"^U 應以 https:// 開頭"):
        env.web_address("U")


def test_sign_on_without_its_secret_stops_the_start(monkeypatch):
    assert env.oidc("", "x") == {}
    monkeypatch.setenv("OIDC_CLIENT_ID", "portal")
    with pytest.raises(ImproperlyConfigured, match="OIDC_CLIENT_SECRET"):
        env.oidc("https://id.example", "x")
