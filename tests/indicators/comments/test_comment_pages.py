"""The page of an indicator's comments, the lines that lead there, and My work."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from indicators import models
from indicators.comment_queries import Party
from indicators.forms.mentions import named_in
from tests.conftest import NOW
from tests.indicators.comments.scenes import PATH, resolve, say
from tests.indicators.test_pages import text
from tests.indicators.work_scenes import counted, person, submit


@pytest.fixture
def path(row):
    return PATH.format(row.pk)


@pytest.fixture
def of(sign_in):
    """of(user): their browser."""
    return sign_in


def comments() -> list[str]:
    return list(models.Comment.objects.order_by("pk").values_list("text", flat=True))


def told() -> set[str]:
    return {str(mention.user) for mention in models.Mention.objects.all()}


# Who is named in a text ---------------------------------------------------------------------------

PARTIES = [
    Party(1, "王承辦", "clerk", "clerk", "", True),
    Party(2, "王承", "clerk2", "clerk", "", True),
    Party(3, "李主管", "boss.li", "supervisor", "", True),
    Party(4, "李主管", "li-2", "supervisor", "", True),
    Party(5, "Amy Lin", "amy", "reviewer", "", True),
]


@pytest.mark.parametrize(
    ("typed", "users", "unclear"),
    [
        ("請@王承辦核對", {1}, ()),
        ("請＠王承核對", {2}, ()),
        ("@clerk，@CLERK2：看", {1, 2}, ()),
        ("@clerk2", {2}, ()),
        ("@clerk.", {1}, ()),
        ("@amy lin 與 @Amy Lin", {5}, ()),
        ("@李主管", set(), ("李主管",)),  # two of that name
        ("@boss.li", {3}, ()),
        ("@林外人，請看", set(), ("林外人",)),
        ("@clerk22", set(), ("clerk22",)),
        ("寄到 clerk@example.tw", set(), ()),
        ("3 件 @ 500 元、4 件@300元", set(), ()),
        ("@", set(), ()),
        ("@@王承辦", {1}, ()),
        ("@王承辦@林外人@林外人", {1}, ("林外人",)),
    ],
)
def test_longest_name_behind_an_at_is_meant(typed, users, unclear):
    found = named_in(typed, PARTIES)
    assert (found.users, found.unclear) == (users, unclear)


# Writing ------------------------------------------------------------------------------------------


def test_comment_is_shown_at_once_at_its_place(of, path, clerk, boss):
    client = of(clerk)
    answer = client.post(path, {"text": "請說明分母。", "told": [boss.pk]})
    pk = models.Comment.objects.get().pk
    assert (answer.status_code, answer["Location"]) == (302, f"{path}?at={pk}#comment-{pk}")
    page = client.get(answer["Location"])
    assert f'id="comment-{pk}" tabindex="-1"' in page.content.decode()
    assert "王承辦 承辦人" in text(page)
    assert "已通知李主管" in text(page)
    assert "未解決 1 則" in text(page)


def test_name_in_the_text_is_a_mention(of, path, clerk, boss, elsewhere):
    of(clerk).post(path, {"text": "請@李主管與@陳人事核對，@王承辦自己不算"})
    assert told() == {"李主管", "陳人事"}


def test_name_that_fits_nobody_is_said_and_nothing_is_saved(of, path, clerk, other_agency):
    person("林外人", "clerk", other_agency)
    page = of(clerk).post(path, {"text": "請@林外人核對"})
    assert page.status_code == 422
    assert "「@林外人核對」對不到一位可以通知的人；請改在「通知」勾選，或去掉 @。" in text(page)
    assert "請@林外人核對</textarea>" in page.content.decode()
    assert (comments(), told()) == ([], set())


@pytest.mark.parametrize("typed", ["", "   ", "\u3000\r\n"])
def test_empty_text_is_refused_at_the_field(of, path, clerk, typed):
    page = of(clerk).post(path, {"text": typed})
    body = page.content.decode()
    assert page.status_code == 422
    assert '<a href="#new-text">請寫下意見。</a>' in body
    assert 'id="new-text_error" class="invalid-feedback">請寫下意見。' in body
    assert "還沒有送出，請先修正" in body
    assert comments() == []


def test_text_has_a_limit_and_line_ends_count_once(of, path, clerk):
    fits = "字\r\n" * 2000  # its last line end is cut off
    page = of(clerk).post(path, {"text": "字" * 4001})
    assert "最多 4000 字，目前 4001 字，請縮短。" in text(page)
    assert of(clerk).post(path, {"text": fits}).status_code == 302
    assert len(comments()[0]) == 3999


@pytest.mark.parametrize("bad", ["a\x01", "a\x00b", "a\x7f"])
def test_control_characters_get_a_sentence(of, path, clerk, bad):
    page = of(clerk).post(path, {"text": bad})
    assert page.status_code == 422
    assert comments() == []


@pytest.mark.parametrize("key", ["0", "x", "999999999999999999999999", "1"])
def test_who_is_not_in_the_list_is_not_told(of, path, clerk, key):
    page = of(clerk).post(path, {"text": "請說明", "told": [key]})
    assert page.status_code == 422
    assert "要通知的人裡，有人看不到這份計畫，請重新勾選。" in text(page)
    assert comments() == []


def test_answer_stands_in_its_thread_and_tells_who_asked(of, row, path, clerk, boss):
    thread = say(row, boss, "請補佐證", clerk)
    client = of(clerk)
    page = client.get(path).content.decode()
    box = re.search(rf'value="{boss.pk}" id="answer-{thread.pk}-told_\d" checked', page)
    assert box
    client.post(path, {"text": "已補", "thread": thread.pk, "told": [boss.pk]})
    answer = models.Comment.objects.get(text="已補")
    assert (answer.parent, [m.user for m in answer.mentions.all()]) == (thread, [boss])


def test_who_asked_answers_to_who_answered(of, row, path, clerk, boss):
    thread = say(row, boss, "請補佐證", clerk)
    say(row, clerk, "已補", thread=thread)
    page = of(boss).get(path).content.decode()
    assert re.search(rf'value="{clerk.pk}" id="answer-{thread.pk}-told_\d" checked', page)


def test_fault_in_an_answer_is_shown_in_its_own_form(of, row, path, clerk, boss):
    thread = say(row, boss, "請補佐證", clerk)
    page = of(clerk).post(path, {"text": " ", "thread": thread.pk}).content.decode()
    assert f'<a href="#answer-{thread.pk}-text">請寫下意見。</a>' in page
    assert page.count("is-invalid") == 1
    assert '<details class="kp-more" open>' in page


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": "x", "thread": "x"}, 400),
        ({"text": "x", "thread": "-1"}, 400),
        ({"text": "x", "thread": "999999"}, 404),
        ({"text": "", "thread": "999999"}, 404),
        ({"thread": "9" * 40}, 400),
    ],
)
def test_bad_threads_are_no_errors(of, path, clerk, body, code):
    assert of(clerk).post(path, body).status_code == code
    assert comments() == []


def test_reader_reads_and_writes_nothing(of, row, path, clerk, elsewhere):
    say(row, clerk, "請說明分母。")
    client = of(elsewhere)
    page = client.get(path)
    assert "請說明分母。" in text(page)
    assert "<textarea" not in page.content.decode()
    assert "您可以閱讀" in text(page)
    assert client.post(path, {"text": "插話"}).status_code == 403
    assert comments() == ["請說明分母。"]


def test_who_is_mentioned_finds_an_answer_s_form_in_that_thread_alone(
    of, row, path, clerk, boss, elsewhere
):
    thread = say(row, clerk, "請人事室確認員額。", elsewhere)
    other = say(row, boss, "請補佐證")
    client = of(elsewhere)
    page = client.get(path).content.decode()
    assert page.count("<textarea") == 1
    assert f'id="answer-{thread.pk}-text"' in page
    assert "標為已解決" not in page
    assert client.post(path, {"text": "插話", "thread": other.pk}).status_code == 403
    assert client.post(path, {"text": "員額無誤。", "thread": thread.pk}).status_code == 302
    assert comments() == ["請人事室確認員額。", "請補佐證", "員額無誤。"]
    page = of(clerk).get(path).content.decode()  # who answers tells them, though of another unit
    form = page.split(f'id="answer-{thread.pk}-told"')[1].split("</fieldset>")[0]
    assert f'value="{elsewhere.pk}"' in form
    data = {"text": "謝謝", "thread": thread.pk, "told": [elsewhere.pk]}
    assert of(clerk).post(path, data).status_code == 302


# Pages --------------------------------------------------------------------------------------------


@pytest.fixture
def many(row, boss):
    """many(threads, answers): so many threads, and so many answers in the first."""

    def make(threads: int, answers: int) -> list[models.Comment]:
        common = {"indicator": row, "by": boss, "role": "supervisor", "at": NOW}
        heads = [models.Comment(text=f"問題{n}。", **common) for n in range(threads)]
        made = models.Comment.objects.bulk_create(heads)
        replies = [
            models.Comment(text=f"答{n}。", parent=made[0], **common) for n in range(answers)
        ]
        return [*made, *models.Comment.objects.bulk_create(replies)]

    return make


def test_twenty_threads_stand_on_a_page_the_resolved_last(of, row, path, clerk, boss, many):
    made = many(45, 0)
    resolve(row, made[0], boss)
    first, last = (of(clerk).get(f"{path}?page={n}") for n in (1, 3))
    assert re.findall(r"問題(\d+)。</p>", first.content.decode()) == [str(n) for n in range(1, 21)]
    assert re.findall(r"問題(\d+)。</p>", last.content.decode()) == ["41", "42", "43", "44", "0"]
    assert "第 3 頁，共 3 頁" in text(last)
    assert "未解決 44 則" in text(first)
    assert "已解決 1 則" in text(last)


def test_a_comment_s_address_opens_the_page_that_it_is_on(of, path, clerk, many):
    made = many(45, 70)
    page = of(clerk).get(f"{path}?at={made[30].pk}").content.decode()
    assert f'id="comment-{made[30].pk}"' in page
    assert f'id="comment-{made[0].pk}"' not in page
    for answer in (made[45], made[45 + 59], made[-1]):
        page = of(clerk).get(f"{path}?at={answer.pk}").content.decode()
        assert f'id="comment-{answer.pk}"' in page


def test_a_long_thread_shows_its_last_answers_and_all_on_pages_of_its_own(of, path, clerk, many):
    thread = many(2, 70)[0]
    page = of(clerk).get(path)
    assert re.findall(r"答(\d+)。</p>", page.content.decode()) == [str(n) for n in range(60, 70)]
    assert f'<a href="?thread={thread.pk}">看全部 70 則回覆</a>' in page.content.decode()
    alone = [
        of(clerk).get(f"{path}?thread={thread.pk}{more}").content.decode()
        for more in ("", "&page=1")
    ]
    assert [len(re.findall(r"答(\d+)。</p>", one)) for one in alone] == [20, 50]
    assert "問題1。" not in alone[0]
    assert f"?thread={thread.pk}&amp;page=1" in alone[0]


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=99", "at=x", "at=999999"])
def test_a_page_that_is_not_there_is_no_error(of, path, clerk, many, query):
    many(1, 0)
    assert "問題0。" in text(of(clerk).get(f"{path}?{query}"))


def test_a_thread_that_is_not_there_is_a_404(of, path, clerk):
    assert of(clerk).get(f"{path}?thread=999999").status_code == 404


def test_five_thousand_comments_take_the_queries_of_one(of, path, clerk, many):
    many(1, 0)
    few = counted(of(clerk), path)
    many(2500, 2500)
    assert counted(of(clerk), path) == few
    assert len(of(clerk).get(path).content) < 400_000


def test_indicator_of_another_plan_or_agency_is_a_404(
    of, row, path, clerk, make_user, other_agency
):
    assert of(clerk).get(PATH.format(999_999)).status_code == 404
    assert of(clerk).post(PATH.format(999_999), {"text": "x"}).status_code == 404
    stranger = of(make_user("clerk", other_agency, name="stranger"))
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, {"text": "x"}).status_code == 404


def test_published_plan_takes_comments(of, path, clerk):
    models.Plan.objects.update(status="published")
    assert of(clerk).post(path, {"text": "公告後的疑問"}).status_code == 302
    assert comments() == ["公告後的疑問"]


def test_hostile_text_is_text(of, row, path, clerk):
    hostile = '<script>alert(1)</script>\n{{ x }} https://evil.example "onload=\n\n第二段'
    say(row, clerk, hostile)
    body = of(clerk).get(path).content.decode()
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt;<br>{{ x }} https://evil.example" in body
    assert "<p>第二段</p>" in body
    assert 'href="https://evil.example' not in body


def test_empty_page_says_why_and_what_comes_next(of, path, clerk, elsewhere):
    page = of(clerk).get(path)
    assert "還沒有意見" in text(page)
    assert page.content.decode().count("btn-primary") == 1
    page = of(elsewhere).get(path)
    assert "還沒有意見" in text(page)
    assert "btn-primary" not in page.content.decode()


# Resolved or open ---------------------------------------------------------------------------------


def thread_path(row: models.Indicator, thread: models.Comment) -> str:
    return f"{PATH.format(row.pk)}{thread.pk}/"


def test_thread_is_resolved_folded_and_reopened(of, row, clerk, boss, path):
    thread = say(row, clerk, "請說明分母。")
    client = of(boss)
    page = client.post(thread_path(row, thread), {"op": "resolve"}, follow=True)
    assert "已標為已解決；需要時可以重新開啟。" in text(page)
    assert '<details class="kp-thread-folded" open>' in page.content.decode()  # this one
    assert '<details class="kp-thread-folded">' in client.get(path).content.decode()
    assert re.search(r"李主管於 \d+年\d+月\d+日 \d\d:\d\d 標為已解決", text(client.get(path)))
    page = client.post(thread_path(row, thread), {"op": "reopen"}, follow=True)
    assert "已重新開啟。" in text(page)
    assert "未解決 1 則" in text(page)


def test_second_to_resolve_is_told_who_was_first(of, row, clerk, boss):
    thread = say(row, clerk)
    resolve(row, thread, boss)
    page = of(clerk).post(thread_path(row, thread), {"op": "resolve"}, follow=True)
    assert re.search(r"李主管已於 \d+年\d+月\d+日 \d\d:\d\d 標為已解決。", text(page))
    of(clerk).post(thread_path(row, thread), {"op": "reopen"})
    page = of(clerk).post(thread_path(row, thread), {"op": "reopen"}, follow=True)
    assert "不必重新開啟" in text(page)


def test_thread_that_is_not_the_indicators_is_a_404(of, secretariat, row, clerk):
    other = secretariat.indicators.get(title="電子領標達成率")
    thread = say(row, clerk)
    client = of(clerk)
    for op in ("resolve", "reopen"):
        assert client.post(thread_path(other, thread), {"op": op}).status_code == 404
    assert client.post(thread_path(row, thread), {"op": "delete"}).status_code == 400
    assert client.get(thread_path(row, thread)).status_code == 405


def test_reader_does_not_resolve(of, row, clerk, elsewhere):
    thread = say(row, clerk)
    assert of(elsewhere).post(thread_path(row, thread), {"op": "resolve"}).status_code == 403
    thread.refresh_from_db()
    assert thread.resolved_at is None


def test_fault_in_an_answer_to_what_was_resolved_meanwhile_keeps_the_text(
    of, row, path, clerk, boss
):
    thread = say(row, clerk)
    resolve(row, thread, boss)
    page = of(clerk).post(path, {"text": "@林外人 還有問題", "thread": thread.pk}).content.decode()
    assert "@林外人 還有問題</textarea>" in page
    assert '<details class="kp-thread-folded" open>' in page


# The lines that lead there ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["indicator", "entry", "review_indicator"])
def test_pages_of_the_indicator_say_how_many_are_open(of, secretariat, row, clerk, boss, name):
    user = boss if name == "review_indicator" else clerk
    if name == "review_indicator":
        submit(row, clerk)
    url = reverse(name, args=["tc-secretariat", 107, row.pk])
    link = f'<a href="{PATH.format(row.pk)}">'
    client = of(user)
    assert f"{link}意見</a>" in client.get(url).content.decode()
    first = say(row, clerk, "一")
    say(row, clerk, "二")
    assert f"{link}意見 2 則未解決</a>" in client.get(url).content.decode()
    for thread in models.Comment.objects.threads():
        resolve(row, thread, boss)
    assert f"{link}意見 2 則，都已解決</a>" in client.get(url).content.decode()
    assert first.pk


# My work ------------------------------------------------------------------------------------------


def test_mentioned_person_finds_it_in_my_work(of, row, path, clerk, boss):
    comment = say(row, boss, "請補佐證\n" + "很長的說明" * 20, clerk)
    page = of(clerk).get("/my-work/")
    assert "提到您的意見 1 則" in text(page)
    assert "李主管（主管）" in text(page)
    assert "請補佐證 很長的說明" in text(page)
    assert f'href="{path}?at={comment.pk}#comment-{comment.pk}">流廢標下降率</a>' in (
        page.content.decode()
    )
    assert "提到您的意見" not in text(of(boss).get("/my-work/"))


def test_looking_at_the_comment_writes_nothing(of, row, path, clerk, boss):
    say(row, boss, "請補佐證", clerk)
    assert "這則提到您。" in text(of(clerk).get(path))
    assert models.Mention.objects.get().seen_at is None


def test_mention_goes_with_its_button(of, row, path, clerk, boss):
    say(row, boss, "請補佐證", clerk)
    url = reverse("mention_seen", args=[models.Mention.objects.get().pk])
    client = of(clerk)
    page = client.post(url, follow=True)
    assert page.redirect_chain[-1][0] == "/my-work/"
    assert '<h2 id="mentions">' not in page.content.decode()
    pk = models.Comment.objects.get().pk
    answer = client.post(url, {"at": "comment"})  # once more, from the comment itself
    assert answer["Location"] == f"{path}?at={pk}#comment-{pk}"
    assert "這則提到您。" not in text(client.get(path))
    assert client.get(url).status_code == 405


def test_mention_of_somebody_else_is_a_404(of, row, clerk, boss):
    say(row, boss, "請補佐證", clerk)
    url = reverse("mention_seen", args=[models.Mention.objects.get().pk])
    assert of(boss).post(url).status_code == 404
    assert models.Mention.objects.get().seen_at is None


def test_page_with_only_a_mention_is_not_empty(of, row, boss, city):
    say(row, boss, "請研考會解釋", city)
    page = text(of(city).get("/my-work/"))
    assert "提到您的意見 1 則" in page
    assert "目前沒有要處理的工作" not in page


def test_twenty_mentions_stand_in_my_work_and_that_there_are_more(of, row, clerk, boss, many):
    made = many(21, 0)
    for comment in made[:20]:
        models.Mention.objects.create(comment=comment, user=clerk)
    assert "還有較早的意見" not in text(of(clerk).get("/my-work/"))
    models.Mention.objects.create(comment=made[20], user=clerk)
    page = text(of(clerk).get("/my-work/"))
    assert "提到您的意見 20 則" in page
    assert "還有較早的意見提到您" in page
    assert "問題0。" not in page


def test_hostile_words_are_text_in_my_work(of, row, clerk, boss):
    say(row, boss, "<b>請</b>補佐證", clerk)
    assert "&lt;b&gt;請&lt;/b&gt;補佐證" in of(clerk).get("/my-work/").content.decode()


# The same queries, whatever there is --------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3, 30])
def test_page_takes_the_same_queries(of, row, path, clerk, boss, number):
    for count in range(number):
        thread = say(row, boss, f"問 {count}", clerk, minute=count)
        say(row, clerk, f"答 {count}", boss, thread=thread, minute=count)
        if count % 2:
            resolve(row, thread, boss)
    assert counted(of(clerk), path) == 15


@pytest.mark.parametrize("number", [1, 3, 30])
def test_my_work_takes_the_same_queries(of, row, clerk, boss, number):
    for count in range(number):
        say(row, boss, f"問 {count}", clerk, minute=count)
    assert counted(of(clerk), "/my-work/") == 26


def test_history_says_what_was_said(of, row, clerk, boss):
    thread = say(row, clerk, "請說明分母。", boss)
    resolve(row, thread, boss)
    page = text(of(clerk).get(f"/tc-secretariat/107/indicators/{row.pk}/history/"))
    assert "提出意見" in page
    assert "請說明分母。" in page
    assert "意見標為已解決" in page
    assert "已解決 否 是" in page
