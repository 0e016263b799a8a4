"""What mail says, however it is written and whatever is wrong with it."""

import time
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from hearth.lib.mail import MailKind, MailNotRead, read_mail
from hearth.lib.mail.markup import text_of_page
from hearth.lib.mail.quotes import split_quotes
from tests.mailroom.letters import bounce_of, with_files, write_mail

HEAD = b"From: wang@example.com\r\nMessage-ID: <x@example.com>\r\n"


def page_mail(page: str) -> bytes:
    return b"%sContent-Type: text/html; charset=utf-8\r\n\r\n%s" % (HEAD, page.encode())


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (HEAD + b"Content-Type: text/plain; charset=gb2312\r\n\r\n" + "漏水㙍".encode("gb18030"), "漏水㙍"),
        (HEAD + b"Content-Type: text/plain; charset=gb18030\r\n\r\n" + "漏水".encode("gb18030"), "漏水"),
        (HEAD + b"\r\n" + "没有声明字符集".encode("gb18030"), "没有声明字符集"),
        (HEAD + b"\r\n" + "没有声明字符集".encode(), "没有声明字符集"),
        (HEAD + b"Content-Type: text/plain; charset=us-ascii\r\n\r\n" + "漏水".encode(), "漏水"),
        (HEAD + b"Content-Type: text/plain; charset=no-such-set\r\n\r\n" + "漏水".encode(), "漏水"),
        (HEAD + b"Content-Type: text/plain; charset=punycode\r\n\r\n" + "漏水".encode(), "漏水"),
        (
            HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\nthe last character is a half \xe6\xbc",
            "the last character is a half \ufffd",
        ),
        (HEAD + b"Content-Type: text/plain; charset=big5\r\n\r\n" + "漏水".encode("big5"), "漏水"),
        (HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n5ryP5rC0", "漏水"),
        (HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n5ryP5rC0!!!=", "漏水"),
        (HEAD + b"Content-Transfer-Encoding: no-such-way\r\n\r\nleak", "leak"),
        (HEAD + b"\r\nnul \x00 and bell \x07 and back\xe2\x80\xae.", "nul  and bell  and back."),
        (HEAD + b"Content-Type: multipart/mixed\r\n\r\nno boundary", ""),
        (HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nnever ends", "never ends"),
        (HEAD + b"Content-Type: nonsense\r\n\r\nleak", "leak"),
        (HEAD, ""),
        (b"", ""),
        (b"\xff\xfe\x00\x01" * 50, None),
        (b"\r\n\r\n\r\nonly a body", "only a body"),
        (b"no header at all, only a line\r\n", None),
    ],
)
def test_text_is_read_in_whatever_character_set_it_came(raw: bytes, text: str | None) -> None:
    mail = read_mail(raw)

    if text is not None:
        assert mail.text == text
    assert "\x00" not in mail.text


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        (b"Subject: =?gb2312?B?wqnLrg==?=", "漏水"),
        (b"Subject: =?UTF-8?Q?=E6=BC=8F?= =?UTF-8?Q?=E6=B0=B4?=", "漏水"),
        # A character that is cut between two words of the same set.
        (b"Subject: =?UTF-8?B?5ryP5w==?= =?UTF-8?B?sLQ=?=", "漏簴"),
        (b"Subject: " + "漏水".encode(), "漏水"),
        (b"Subject: " + "阳台渗水".encode("gb18030"), "阳台渗水"),
        (b"Subject: =?utf-8?B?not base64", "=?utf-8?B?not base64"),
        (b"Subject: =?no-such?B?5ryP5rC0?=", "漏水"),
        (b"Subject: one\r\n  two\r\n\tthree", "one two three"),
        (b"Subject: " + b"x" * 5_000, "x" * 200),
        (b"Subject:", ""),
        (b"X-Other: y", ""),
    ],
)
def test_the_subject_is_one_line_of_readable_words(header: bytes, subject: str) -> None:
    assert read_mail(header + b"\r\n" + HEAD + b"\r\nx").subject == subject


@pytest.mark.parametrize(
    ("written", "address", "name"),
    [
        (b"=?gb2312?B?zfU=?= <WANG@Example.com>", "wang@example.com", "王"),
        ("王 <wang@example.com>".encode(), "wang@example.com", "王"),
        (b'"Wang, J" <wang@example.com>', "wang@example.com", "Wang, J"),
        (b"wang@example.com", "wang@example.com", ""),
        (b"<>", "", ""),
        (b"nobody", "", ""),
        (b"<script>alert(1)</script>", "", ""),
        (b"a@b@c", "", ""),
    ],
)
def test_the_sender_is_an_address_and_a_name_or_nobody(written: bytes, address: str, name: str) -> None:
    mail = read_mail(b"From: " + written + b"\r\n\r\nx")

    assert mail.sender == address
    assert not address or mail.sender_name == name


def test_a_page_becomes_text_and_hides_what_it_hid() -> None:
    page = (
        "<html><head><style>p{}</style></head><body><p>卫生间&nbsp;漏水</p><script>x()</script>"
        '<ul><li>一<li>二</ul><a href="https://bad.example/x">https://good.example</a>'
        "<blockquote>旧的<br>两行</blockquote></body></html>"
    )

    mail = read_mail(page_mail(page))

    assert mail.text == "卫生间 漏水\n- 一\n- 二\nhttps://good.example <https://bad.example/x>"
    assert mail.quoted == "> 旧的\n> 两行"


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>价格 < 5 万 <b>好</b> 第二段</p><p>完</p>", "价格 < 5 万 好 第二段\n完"),
        ("<p>面积<90㎡，<br>层高<3米", "面积<90㎡，\n层高<3米"),
        ("<p>前</p><script>if(a<b)x('>')</script><p>后</p>", "前\n后"),
        ("<html><head><title>x</title><body>没有头的结尾", "没有头的结尾"),
    ],
)
def test_words_of_a_page_are_not_lost_where_its_signs_are_no_markup(page: str, words: str) -> None:
    assert read_mail(page_mail(page)).text == words


def test_of_two_forms_of_the_same_words_the_plain_one_is_taken() -> None:
    mail = MIMEMultipart("mixed")
    both = MIMEMultipart("alternative")
    both.attach(MIMEText("plain words", "plain", "utf-8"))
    both.attach(MIMEText("<p>page words</p>", "html", "utf-8"))
    mail.attach(both)
    mail.attach(MIMEText("second part", "plain", "utf-8"))

    assert read_mail(mail.as_bytes()).text == "plain words\n\nsecond part"


@pytest.mark.parametrize(
    "quoted",
    [
        "On Wed, 18 Mar 2026 at 14:00, Service <s@example.org> wrote:\n> old words",
        "On Wed, 18 Mar 2026 at 14:00, Service Desk of the Company\n<s@example.org> wrote:\n\n> old words",
        '------------------ 原始邮件 ------------------\n发件人: "客服"\n旧的内容',
        '在 2026-03-18 14:00:00，"客服" <s@example.org> 写道：\n> 旧的内容',
        "在2026年3月18日 14:00，客服 写道:\n旧的内容",
        "客服 <s@example.org> 于2026年3月18日周三 14:00写道：\n旧的内容",
        "---- 回复的原邮件 ----\n| 发件人 | 客服 |\n旧的内容",
        "-----Original Message-----\nFrom: Service\nold words",
        "From: Service <s@example.org>\nSent: Wednesday, March 18, 2026 2:00 PM\nTo: Wang\nSubject: x\n\nold words",
        "发件人: 客服 <s@example.org>\n发送时间: 2026年3月18日 14:00\n收件人: 王\n主题: x\n\n旧的内容",
        "> old words\n> more",
    ],
)
def test_what_the_program_quotes_is_parted_from_what_the_person_wrote(quoted: str) -> None:
    text, old = split_quotes(f"昨天还是漏。\n请再来。\n\n{quoted}")

    assert text == "昨天还是漏。\n请再来。"
    assert old.replace("\n\n", "\n") == quoted.replace("\n\n", "\n")


def test_words_below_and_between_quotes_stay_the_person_s_own() -> None:
    below = "On Wed, 18 Mar 2026 at 14:00, S wrote:\n> When?\n\nAt nine.\n\n> Who?\n\nMyself."

    text, quoted = split_quotes(below)

    assert [line for line in text.split("\n") if line] == ["At nine.", "Myself."]
    assert "> When?" in quoted


@pytest.mark.parametrize(
    "text", ["写道：我不满意", "From: the balcony it drips", "On time, he wrote", "-- \nWang"]
)
def test_words_that_only_look_like_a_quote_are_the_person_s_own(text: str) -> None:
    assert split_quotes(text) == (text.strip(), "")


def test_a_mail_that_is_quoted_whole_is_kept_whole() -> None:
    assert split_quotes("> all of it\n> is quoted") == ("> all of it\n> is quoted", "")


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, MailKind.PERSON),
        ({"Auto_Submitted": "no"}, MailKind.PERSON),
        ({"Auto_Submitted": "auto-replied; owner=x"}, MailKind.AUTOMATIC),
        ({"Precedence": "auto_reply"}, MailKind.AUTOMATIC),
        ({"X_Autoreply": "yes"}, MailKind.AUTOMATIC),
        ({"subject": "自动回复：我在休假"}, MailKind.AUTOMATIC),
        ({"subject": "Out of office: back on Monday"}, MailKind.AUTOMATIC),
        ({"subject": "休假期间家里漏水"}, MailKind.PERSON),
        ({"sender": "no-reply@example.com"}, MailKind.AUTOMATIC),
        ({"Precedence": "bulk"}, MailKind.LIST),
        ({"List_Id": "<news.example.com>"}, MailKind.LIST),
        ({"List_Unsubscribe": "<https://example.com/u>"}, MailKind.LIST),
        ({"sender": "MAILER-DAEMON@example.com"}, MailKind.BOUNCE),
        ({"Return_Path": "<>"}, MailKind.BOUNCE),
        ({"sender": "service@example.org"}, MailKind.LOOP),
        ({"X_Loop": "Service@example.org"}, MailKind.LOOP),
    ],
)
def test_what_machines_write_is_told_from_what_people_write(headers: dict[str, str], kind: MailKind) -> None:
    assert read_mail(write_mail(**headers), own={"service@example.org"}).kind == kind


def test_a_delivery_report_says_which_mail_did_not_arrive() -> None:
    mail = read_mail(bounce_of("abc@hearth.example"))

    assert mail.kind == MailKind.BOUNCE
    assert mail.report is not None
    assert (mail.report.action, mail.report.status) == ("failed", "5.1.1")
    assert (mail.report.recipient, mail.report.about) == ("wang@example.com", "abc@hearth.example")


def test_threads_are_named_nearest_first() -> None:
    raw = write_mail(In_Reply_To="<c@x>", References="<a@x> <b@x> <c@x>")

    assert read_mail(raw).replies_to == ("c@x", "b@x", "a@x")


@pytest.mark.parametrize("bad", [b"\xe6\xbc\x8f", b"a\x00b", b"\xff"])
def test_names_of_mails_that_no_mail_may_have_are_passed_over(bad: bytes) -> None:
    raw = b"Message-ID: <%s@x>\r\nReferences: <a@x> <%s@x>\r\n\r\nx" % (bad, bad)

    mail = read_mail(raw)

    assert (mail.message_id, mail.replies_to, mail.text) == ("", ("a@x",), "x")


def test_what_a_server_says_of_a_mail_is_plain_words() -> None:
    mail = read_mail(bounce_of("abc@hearth.example").replace(b"5.1.1\r\nDiag", b"5.\x001.1\r\nDiag"))

    assert mail.report is not None
    assert mail.report.status == "5.1.1"


def test_files_are_counted_and_named_and_too_many_are_left_out() -> None:
    mail = read_mail(with_files(*[(f"照片{number}.jpg", b"x") for number in range(35)]))

    assert [file.name for file in mail.files][:2] == ["照片0.jpg", "照片1.jpg"]
    assert (len(mail.files), mail.files_left_out) == (30, 5)


def test_an_attached_mail_is_a_file_and_not_the_words() -> None:
    mail = MIMEMultipart("mixed")
    mail.attach(MIMEText("see below", "plain", "utf-8"))
    inner = b"--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@b.example\r\nSubject: in\r\n\r\ninner words\r\n--b--"

    read = read_mail(
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee below\r\n" + inner
    )

    assert read.text == "see below"
    assert b"inner words" in read.files[0].content


def test_a_text_of_a_megabyte_is_cut_and_says_so() -> None:
    mail = read_mail(write_mail("漏" * 400_000))

    assert mail.is_cut
    assert len(mail.text) == 100_000


@pytest.mark.parametrize(
    "raw",
    [
        b"From: " + b"<" * 100_000 + b"\r\n\r\nx",
        b"Subject: " + b"=?utf-8?q?" * 20_000 + b"\r\n\r\nx",
        b"References: " + b"<a@b> " * 50_000 + b"\r\n\r\nx",
        page_mail("<" * 300_000),
        page_mail("<!--" * 80_000),
        page_mail("<a href='" * 40_000),
        page_mail("<div>" * 60_000 + "x"),
        page_mail("&#" * 100_000),
        page_mail("<![CDATA[" * 40_000),
        page_mail("<script>" * 40_000),
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 50_000,
        HEAD + b"\r\n" + b"> " * 500_000,
        HEAD + b"\r\n" + b"On 2026 wrote\n" * 60_000,
    ],
    ids=range(13),
)
def test_mail_built_to_keep_us_busy_is_read_in_a_second(raw: bytes) -> None:
    begun = time.process_time()

    read_mail(raw)

    assert time.process_time() - begun < 5


def test_mail_nested_beyond_reason_is_refused_in_one_way() -> None:
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(2_000))

    with pytest.raises(MailNotRead):
        read_mail(HEAD + nested.encode())


def test_words_of_a_broken_page_are_still_read() -> None:
    assert text_of_page("<p>one<p>two</div></b><td>three") == "one\ntwo\nthree"
