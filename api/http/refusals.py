"""Why the API refuses a request before the books are asked."""

from collections.abc import Mapping
from typing import Any, Final

from inventory.errors import QuangError, Stale
from inventory.text import Text


class Refused(QuangError):
    """A request that is not carried out.

    Attributes:
        status: HTTP status of the answer.
        headers: Further headers of the answer.
        more: Further members of the answer.
    """

    status = 400

    def __init__(
        self,
        reason: Text,
        first_step: Text,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(reason, first_step)
        self.headers = dict(headers or {})
        self.more = dict(more or {})


class Malformed(Refused):
    """The request is not what HTTP or JSON allow."""

    code = "malformed"


class NotSignedIn(Refused):
    """Nobody is signed in and there is no valid token."""

    code = "not_signed_in"
    status = 401

    def __init__(self) -> None:
        super().__init__(
            Text(
                vi="Bạn chưa đăng nhập, hoặc phiên đã hết hạn.", en="You are not signed in, or the session has ended."
            ),
            Text(
                vi="Đăng nhập, hoặc gửi mã truy cập còn hạn (Authorization: Bearer …).",
                en="Sign in, or send a token that has not expired (Authorization: Bearer …).",
            ),
            {"WWW-Authenticate": 'Bearer realm="quang"'},
        )


class PasswordChangeNeeded(Refused):
    """The account still has the password that somebody else handed over."""

    code = "password_change_needed"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            Text(vi="Cần đổi mật khẩu trước khi làm việc khác.", en="The password has to be changed first."),
            Text(
                vi="Mở trang đổi mật khẩu và đặt mật khẩu của riêng bạn.", en="Open the password page and set your own."
            ),
        )


class ForeignPage(Refused):
    """An unsafe request of a browser that does not come from one of our own pages."""

    code = "foreign_page"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            Text(
                vi="Yêu cầu không đến từ trang của hệ thống.",
                en="The request does not come from a page of this system.",
            ),
            Text(vi="Tải lại trang rồi làm lại.", en="Reload the page and try again."),
        )


class TooLarge(Refused):
    """The body has more bytes than the route takes."""

    code = "too_large"
    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(
            Text(vi="Nội dung gửi lên lớn hơn {limit} byte.", en="The request has more than {limit} bytes.").fill(
                limit=limit
            ),
            Text(vi="Chia nhỏ nội dung rồi gửi lại.", en="Send it in smaller parts."),
        )


class TooSlow(Refused):
    """The request did not arrive in time."""

    code = "too_slow"
    status = 408

    def __init__(self) -> None:
        super().__init__(
            Text(vi="Yêu cầu gửi quá chậm.", en="The request took too long to arrive."),
            Text(vi="Kiểm tra đường truyền rồi gửi lại.", en="Check the connection and send it again."),
        )


class TooBusy(Refused):
    """The answer was not ready in time."""

    code = "too_busy"
    status = 503

    def __init__(self) -> None:
        super().__init__(
            Text(vi="Hệ thống đang bận, chưa trả lời kịp.", en="The system is busy and could not answer in time."),
            Text(vi="Chờ một phút rồi thử lại.", en="Wait a minute and try again."),
            {"Retry-After": "30"},
        )


class AddressTooLong(Refused):
    """The address is longer than any of ours."""

    code = "address_too_long"
    status = 414

    def __init__(self, limit: int) -> None:
        super().__init__(
            Text(vi="Địa chỉ dài hơn {limit} byte.", en="The address has more than {limit} bytes.").fill(limit=limit),
            Text(vi="Dùng ít điều kiện lọc hơn.", en="Use fewer filters."),
        )


class HeadTooLarge(Refused):
    """The headers are more than a browser or a program of ours sends."""

    code = "head_too_large"
    status = 431

    def __init__(self) -> None:
        super().__init__(
            Text(vi="Phần đầu của yêu cầu quá lớn.", en="The head of the request is too large."),
            Text(vi="Xóa cookie của trang rồi thử lại.", en="Delete the cookies of this site and try again."),
        )


class WrongType(Refused):
    """The body is not of the type that the route takes."""

    code = "wrong_type"
    status = 415

    def __init__(self, wanted: str) -> None:
        super().__init__(
            Text(vi="Nội dung phải là {wanted}.", en="The body has to be {wanted}.").fill(wanted=wanted),
            Text(vi="Đặt Content-Type: {wanted}.", en="Set Content-Type: {wanted}.").fill(wanted=wanted),
        )


class VersionNeeded(Refused):
    """A change did not say which version it changes (RFC 6585)."""

    code = "version_needed"
    status = 428

    def __init__(self) -> None:
        super().__init__(
            Text(
                vi="Cần nêu phiên bản đang sửa trong If-Match.",
                en="The change has to name the version that it changes in If-Match.",
            ),
            Text(vi="Đọc lại mục này và gửi ETag của nó.", en="Read the object again and send its ETag."),
        )


class Outdated(Refused):
    """A change was made from a version that is no longer the current one; both are named."""

    code = "stale"
    status = 412

    def __init__(self, stale: Stale, sent_version: int, current: Mapping[str, Any]) -> None:
        super().__init__(
            stale.reason,
            stale.first_step,
            {"ETag": f'"{stale.current_version}"'},
            {"your_version": sent_version, "current_version": stale.current_version, "current": current},
        )


class NoSuchPage(Refused):
    """Nothing is served at the address, or not by this method."""

    code = "no_such_page"
    status = 404

    def __init__(self, status: int = 404, headers: Mapping[str, str] | None = None) -> None:
        reason, first_step = _METHOD if status == 405 else _NOWHERE
        super().__init__(reason, first_step, headers)
        self.status = status


_NOWHERE: Final = (
    Text(vi="Không có trang này.", en="There is nothing at this address."),
    Text(vi="Kiểm tra lại địa chỉ.", en="Check the address."),
)
_METHOD: Final = (
    Text(vi="Địa chỉ này không nhận phương thức đó.", en="This address does not take that method."),
    Text(vi="Xem /api/v1/openapi.json để biết cách gọi.", en="See /api/v1/openapi.json for what it takes."),
)
