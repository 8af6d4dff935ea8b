"""The door to the mail server: what is sent arrives whole, and every refusal says what happened and what to do."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from api.settings import MailSettings
from api.watch.mail import Mail, MailTrouble, send
from tests.support.certificates import server_context
from tests.support.parts import free_port
from tests.support.smtp_sink import Sink, mail_sink, mails_of

AT = datetime(2018, 12, 3, 1, 2, 3, tzinfo=UTC)


def mail(to: str = "truc@bacquang.example.vn", **more: Any) -> Mail:
    values = {
        "message_id": "<incident-1.opened.1@bacquang.example.vn>", "recipient": to, "written_at": AT,
        "subject": "[ĐỨT CÁP] Đường truyền Việt Vinh – trung tâm", "text": "Gọi 18008119, đọc mã kênh HGG-0412.\n",
        "html": "<p>Gọi <b>18008119</b></p>",
    }  # fmt: skip
    return Mail(**(values | more))


def settings(sink: Sink, **more: Any) -> MailSettings:
    values = {"host": "127.0.0.1", "port": sink.port, "security": "none", "sender": "quang@bacquang.example.vn"}
    return MailSettings(**(values | more))


def trouble(outcomes: list[MailTrouble | None]) -> MailTrouble:
    (found,) = outcomes
    assert found is not None
    assert found.reason.vi
    assert found.reason.en
    assert found.first_step.vi
    assert found.first_step.en
    return found


def test_a_mail_arrives_with_both_texts_and_its_own_identity() -> None:
    with mail_sink() as sink:
        assert send(settings(sink), [mail(reference="<incident-1.first@x>")]) == [None]
    (found,) = mails_of(sink, "truc@bacquang.example.vn")
    assert found["Subject"] == "[ĐỨT CÁP] Đường truyền Việt Vinh – trung tâm"
    assert found["From"] == "Quang <quang@bacquang.example.vn>"
    assert found["Message-ID"] == "<incident-1.opened.1@bacquang.example.vn>"
    assert (found["In-Reply-To"], found["References"]) == ("<incident-1.first@x>", "<incident-1.first@x>")
    assert (found["Auto-Submitted"], found["Content-Language"]) == ("auto-generated", "vi")
    assert found["Date"].datetime == AT
    text, html = (found.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == "Gọi 18008119, đọc mã kênh HGG-0412.\n"
    assert "<b>18008119</b>" in html.get_content()


def test_several_mails_share_one_connection_and_each_has_its_own_outcome() -> None:
    with mail_sink() as sink:
        sink.refuse["gone@example.vn"] = "550 no such mailbox"
        outcomes = send(settings(sink), [mail("a@example.vn"), mail("gone@example.vn"), mail("b@example.vn")])
    assert [outcome is None for outcome in outcomes] == [True, False, True]
    refused = trouble(outcomes[1:2])
    assert not refused.is_about_all
    assert "550 no such mailbox" in refused.reason.en
    assert [to for _, to, _ in sink.mails] == ["a@example.vn", "b@example.vn"]


def test_a_full_mailbox_is_about_this_mail_alone() -> None:
    with mail_sink() as sink:
        sink.reply = "452 mailbox full"
        refused = trouble(send(settings(sink), [mail()]))
    assert (refused.is_about_all, "452 mailbox full" in refused.reason.vi) == (False, True)


def test_a_server_that_is_not_there_is_tried_once_for_all() -> None:
    absent = MailSettings(host="127.0.0.1", port=free_port(), security="none", sender="q@x.vn")
    outcomes = send(absent, [mail(), mail()])
    assert [outcome is not None and outcome.is_about_all for outcome in outcomes] == [True, True]
    assert "127.0.0.1" in trouble(outcomes[:1]).reason.vi


def test_a_server_without_starttls_is_refused_rather_than_spoken_to_in_clear() -> None:
    with mail_sink() as sink:
        refused = trouble(send(settings(sink, security="starttls"), [mail()]))
    assert "STARTTLS" in refused.reason.vi
    assert sink.mails == []


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    context, _, _ = server_context(tmp_path)
    with mail_sink(tls_context=context) as sink:
        assert trouble(send(settings(sink, security="starttls"), [mail()])).is_about_all
    with mail_sink(tls=context) as sink:
        assert trouble(send(settings(sink, security="tls"), [mail()])).is_about_all


def test_starttls_and_login_work_with_a_certificate_that_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, _, certificate = server_context(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    secret = tmp_path / "password"
    secret.write_text("dung mat khau\n", encoding="utf-8")
    for mode, options in (("starttls", {"tls_context": context}), ("tls", {"tls": context, "auth_require_tls": False})):
        with mail_sink(**options) as sink:
            sink.password = "dung mat khau"
            chosen = settings(sink, security=mode, username="quang", password_file=str(secret))
            assert send(chosen, [mail()]) == [None]
            assert sink.logins == [("quang", "dung mat khau")]
            sink.password = "another"
            refused = trouble(send(chosen, [mail()]))
            assert refused.is_about_all
            assert "dung mat khau" not in f"{refused.reason}{refused.first_step}{refused!r}"


def test_a_password_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with mail_sink(auth_require_tls=False) as sink:
        chosen = settings(sink, username="quang", password_file=str(tmp_path / "none"))
        assert str(tmp_path / "none") in trouble(send(chosen, [mail()])).reason.vi


@pytest.mark.parametrize("address", ["", "nobody", "a b@x.vn", "a@x.vn\r\nBcc: b@x.vn", "đứt@x.vn", "<a@x.vn>"])
def test_an_address_that_is_none_harms_no_other_mail(address: str) -> None:
    with mail_sink() as sink:
        outcomes = send(settings(sink), [mail(address), mail("b@example.vn")])
    assert [outcome is None for outcome in outcomes] == [False, True]
    assert [to for _, to, _ in sink.mails] == ["b@example.vn"]


def test_a_subject_cannot_add_a_header() -> None:
    with mail_sink() as sink:
        assert send(settings(sink), [mail(subject="Đứt cáp\r\nBcc: b@example.vn")]) == [None]
    (found,) = mails_of(sink, "truc@bacquang.example.vn")
    assert (found["Subject"], found["Bcc"]) == ("Đứt cáp Bcc: b@example.vn", None)
