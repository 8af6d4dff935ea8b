"""Door to the mail server (SMTP, RFC 5321). It waits for the network, so call it from a worker thread."""

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Final

from api.settings import MailSettings
from api.watch.mail_policy import POLICY
from inventory.errors import QuangError
from inventory.text import Text

TIMEOUT_S: Final = 10.0
"""Seconds for connecting and for each answer of the server."""

_MOST_PASSWORD_BYTES: Final = 1024


class MailTrouble(QuangError):
    """A mail did not get through.

    Attributes:
        is_about_all: Whether the server takes no mail at all, not only this one.
    """

    code = "mail"

    def __init__(self, reason: Text, first_step: Text, *, is_about_all: bool = True) -> None:
        super().__init__(reason, first_step)
        self.is_about_all = is_about_all


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one reader.

    Attributes:
        message_id: With angle brackets; the same each time that the same mail is sent.
        reference: `message_id` of the mail that this one answers; empty if none.
        written_at: Aware; the date of the mail, also when it is sent later.
    """

    message_id: str
    recipient: str
    subject: str
    text: str
    html: str
    written_at: datetime
    language: str = "vi"
    reference: str = ""


def send(settings: MailSettings, mails: Sequence[Mail]) -> list[MailTrouble | None]:
    """Send mails over one connection.

    Args:
        settings: Of the mail server.
        mails: Each is taken or not by itself; once the server takes none at all the rest is not tried.

    Returns:
        For each mail `None` if the server took it, else why not.
    """
    outcomes: list[MailTrouble | None] = []
    try:
        with _connected(settings) as server:
            for mail in mails:
                # One by one: those sent before the connection breaks are sent.
                outcomes.append(_send_one(server, settings, mail))  # noqa: PERF401
    except MailTrouble as trouble:
        outcomes += [trouble] * (len(mails) - len(outcomes))
    return outcomes


def sender_of(settings: MailSettings) -> str:
    """Return the address that mails come from."""
    return settings.sender or f"quang@{socket.getfqdn()}"


def _send_one(server: smtplib.SMTP, settings: MailSettings, mail: Mail) -> MailTrouble | None:
    """Send one mail; return why it alone was not taken.

    Raises:
        MailTrouble: The connection is of no more use.
    """
    try:
        with _explained(settings):
            server.send_message(_written(settings, mail), sender_of(settings), [mail.recipient])
    except MailTrouble as trouble:
        if trouble.is_about_all:
            raise
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.rset()
        return trouble
    return None


def _written(settings: MailSettings, mail: Mail) -> EmailMessage:
    message = EmailMessage(policy=POLICY)
    try:
        message["From"] = Address(display_name="Quang", addr_spec=sender_of(settings))
        message["To"] = Address(addr_spec=mail.recipient)
        message["Subject"] = " ".join(mail.subject.split())
        message["Date"] = format_datetime(mail.written_at)
        message["Message-ID"] = mail.message_id
        if mail.reference:
            message["In-Reply-To"] = mail.reference
            message["References"] = mail.reference
        # RFC 3834: no holiday notes in return.
        message["Auto-Submitted"] = "auto-generated"
    except (MessageError, ValueError, IndexError):
        raise MailTrouble(_NO_ADDRESS.fill(address=mail.recipient), _CHECK_ADDRESS, is_about_all=False) from None
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    message["Content-Language"] = mail.language
    return message


@contextlib.contextmanager
def _connected(settings: MailSettings) -> Iterator[smtplib.SMTP]:
    with _explained(settings):
        server = _open(settings)
    try:
        yield server
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()


def _open(settings: MailSettings) -> smtplib.SMTP:
    # The name that is said to the server: the sender's domain, not the machine's.
    name = sender_of(settings).rpartition("@")[2]
    if settings.security == "tls":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, name, timeout=TIMEOUT_S, context=context)
    else:
        server = smtplib.SMTP(settings.host, settings.port, name, timeout=TIMEOUT_S)
    try:
        if settings.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.username:
            server.login(settings.username, _password(settings))
    except BaseException:
        server.close()
        raise
    return server


def _password(settings: MailSettings) -> str:
    try:
        with Path(settings.password_file).open("rb") as file:
            return file.read(_MOST_PASSWORD_BYTES).decode("utf-8").split("\n", 1)[0].strip()
    except (OSError, UnicodeDecodeError):
        raise MailTrouble(_NO_PASSWORD.fill(path=settings.password_file), _CHECK_PASSWORD_FILE) from None


@contextlib.contextmanager
def _explained(settings: MailSettings) -> Iterator[None]:
    """Turn what smtplib raises into what happened and what to do first."""
    server = f"{settings.host}:{settings.port}"
    try:
        yield
    except smtplib.SMTPAuthenticationError:
        raise MailTrouble(_LOGIN.fill(server=server), _CHECK_LOGIN) from None
    except smtplib.SMTPNotSupportedError:
        raise MailTrouble(_NOT_OFFERED.fill(server=server), _CHECK_SECURITY) from None
    except smtplib.SMTPRecipientsRefused as error:
        address, (code, said) = next(iter(error.recipients.items()))
        raise MailTrouble(
            _RECIPIENT.fill(address=address, code=code, said=_said(said)), _CHECK_ADDRESS, is_about_all=False
        ) from None
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError) as error:
        raise MailTrouble(_GONE.fill(server=server, why=_said(error)), _CHECK_SERVER) from None
    except smtplib.SMTPResponseException as error:
        raise MailTrouble(
            _REFUSED.fill(server=server, code=error.smtp_code, said=_said(error.smtp_error)), _CHECK_SENDER,
            is_about_all=isinstance(error, smtplib.SMTPHeloError),
        ) from None  # fmt: skip
    except smtplib.SMTPException as error:
        raise MailTrouble(_GONE.fill(server=server, why=_said(error)), _CHECK_SERVER) from None
    except ssl.SSLError as error:
        raise MailTrouble(_TLS.fill(server=server, why=error.reason or "TLS"), _CHECK_SECURITY) from None
    except OSError as error:
        raise MailTrouble(
            _GONE.fill(server=server, why=error.strerror or type(error).__name__), _CHECK_SERVER
        ) from None


def _said(words: object) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    return " ".join(text.split())[:200]


_GONE: Final = Text(
    vi="Không nối được máy chủ thư {server}: {why}.", en="No connection to the mail server {server}: {why}."
)
_LOGIN: Final = Text(
    vi="Máy chủ thư {server} không nhận tên hoặc mật khẩu.",
    en="The mail server {server} refuses the user name or the password.",
)
_NOT_OFFERED: Final = Text(
    vi="Máy chủ thư {server} không có STARTTLS hoặc không cho đăng nhập.",
    en="The mail server {server} offers no STARTTLS or no login.",
)
_TLS: Final = Text(
    vi="Không lập được kết nối mã hóa với {server}: {why}.", en="No encrypted connection to {server}: {why}."
)
_RECIPIENT: Final = Text(
    vi="Máy chủ thư không nhận địa chỉ {address}: {code} {said}.",
    en="The mail server refuses the address {address}: {code} {said}.",
)
_REFUSED: Final = Text(
    vi="Máy chủ thư {server} từ chối: {code} {said}.", en="The mail server {server} refuses: {code} {said}."
)
_NO_ADDRESS: Final = Text(vi="“{address}” không phải địa chỉ thư.", en="“{address}” is no mail address.")
_NO_PASSWORD: Final = Text(
    vi="Không đọc được tệp mật khẩu thư {path}.", en="The file with the mail password cannot be read: {path}."
)
_CHECK_SERVER: Final = Text(
    vi="Xem tên máy chủ và cổng trong mục [mail] của quang.toml, và máy này có ra được mạng không.",
    en="Check host and port under [mail] in quang.toml, and that this machine reaches the network.",
)
_CHECK_LOGIN: Final = Text(
    vi="Xem tên và tệp mật khẩu trong mục [mail]; mật khẩu có thể đã đổi hoặc hết hạn.",
    en="Check user name and password file under [mail]; the password may have changed or expired.",
)
_CHECK_SECURITY: Final = Text(
    vi="Xem mục [mail] security: starttls thường đi với cổng 587, tls với cổng 465.",
    en="Check security under [mail]: starttls usually goes with port 587, tls with port 465.",
)
_CHECK_SENDER: Final = Text(
    vi="Xem địa chỉ gửi (sender) trong mục [mail] có đúng hộp thư được phép gửi không.",
    en="Check that the sender under [mail] is a mailbox that may send.",
)
_CHECK_ADDRESS: Final = Text(
    vi="Sửa địa chỉ thư trong tài khoản của người nhận.", en="Correct the address in the recipient's account."
)
_CHECK_PASSWORD_FILE: Final = Text(
    vi="Xem đường dẫn password_file trong mục [mail] và quyền đọc tệp.",
    en="Check password_file under [mail] and that the service may read the file.",
)
