"""Addresses that nobody's browser would make: each is answered by a page that says so."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest

from indicators.queries import load_plan
from indicators.scorecards.scored import score_plan
from indicators.scorecards.what_if import movables_of
from indicators.views.what_if import LONGEST_ADDRESS
from tests.indicators.test_pages import text

PATH = "/tc-secretariat/107/what-if/"


@pytest.fixture
def keys(secretariat) -> list[str]:
    """Of numbers, the first 60."""
    found = movables_of(score_plan(load_plan(secretariat)))
    return [key for key, field in found.items() if not isinstance(field.stored, bool)][:60]


@pytest.fixture
def client(users, sign_in):
    return sign_in(users["supervisor"])


@pytest.mark.parametrize("char", ["!", "測", "%", "&", "😀"])
def test_many_long_faults_are_answered_where_they_are(char, keys, client):
    """60 × 60 marks of one byte each would come to three times as much in an address."""
    page = client.get(PATH, {"go": "1"} | dict.fromkeys(keys, char * 60))
    assert page.status_code == 200
    assert f"有 {len(keys)} 個數值看不懂，試算時沒有採用：" in text(page)
    assert "請填數字，例如 1586 或 18.7。" in text(page)


def test_no_answer_leads_to_an_address_that_no_server_takes(keys, client):
    for length in range(1, 61, 6):
        page = client.get(PATH, {"go": "1"} | dict.fromkeys(keys, "!" * length))
        assert page.status_code == 200 or len(page["Location"]) <= LONGEST_ADDRESS
    assert client.get(PATH, {"go": "1", keys[0]: "!" * 60}).status_code == 302


def test_same_key_with_two_values_says_which_counts(keys, client):
    (first, *_) = keys
    page = client.get(f"{PATH}?{first}=12&{first}=13")
    assert page.context["asked"].address() == f"{first}=13"
    assert "重複出現而且數值不同，採用最後一個" in text(page)
    assert "重複出現" not in text(client.get(f"{PATH}?{first}=12&{first}=12"))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("9" * 31, "最多 30 位數字，請縮短。"),
        ("9" * 5000, "這個數值太長，請縮短。"),
        ("1e999999999", "不是數字"),
        ("NaN", "不是數字"),
        ("-Infinity", "不是數字"),
        ("0x10", "不是數字"),
        ("\x00", "不是數字"),
        ("\ud800".encode("utf-8", "surrogatepass").decode("latin1"), "不是數字"),
        ("<script>alert(1)</script>", "不是數字"),
        ("1,00", "千分位位置不對"),
        ("12%", "請只填數字"),
        ("٣", "不是數字"),
    ],
)
def test_what_is_no_number_gets_its_sentence_at_the_field(value, said, keys, client):
    page = client.get(f"{PATH}?{keys[0]}={quote(value)}")
    assert page.status_code == 200
    (error,) = page.context["fields"].errors
    assert said in error[1]
    assert f'<a href="#{keys[0]}">' in page.content.decode()
    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "open=x&open=" + "9" * 400,
        "open=-1&close=&drop=%00&reset=i",
        "i999999999999999999999=1",
        "i1.t.t.t=1&i1..=2&.=3&=4",
        "%FF%FE=%80",
        "&&&==&",
        "go=1&go=2&open=1&open=1",
        urlencode({f"x{n}": n for n in range(500)}),
    ],
)
def test_odd_names_are_left_out_with_a_page(query, client):
    assert client.get(f"{PATH}?{query}", follow=True).status_code == 200


def test_more_fields_than_a_request_may_have_are_a_page_of_the_site(client):
    page = client.get(f"{PATH}?{'a=1&' * 10_001}")
    assert page.status_code == 400
    assert "<h1>無法處理這個請求</h1>" in page.content.decode()


@pytest.mark.parametrize("query", ["x" * 3000 + "=1", "i1=" + "!" * 3000, "i1=1&i1=2"])
def test_table_of_an_odd_address_is_a_table(query, client):
    assert client.get(f"/tc-secretariat/107/export/what-if.csv?{query}").status_code == 200
