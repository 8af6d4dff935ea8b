"""What can go wrong with the books, as exceptions that say why and what to do first, in both languages."""

from collections.abc import Sequence
from dataclasses import dataclass

from inventory.text import Text


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One wrong field of one row.

    Attributes:
        field: Path of the field, dotted (`ends.0.interface`), as the client sent it.
        code: Stable machine name of the problem (`required`, `too_long`, `unknown`, `taken`, ...).
        message: What is wrong and what would be right.
        value: What was sent, shortened to 200 characters; never a secret.
    """

    field: str
    code: str
    message: Text
    value: str | None = None


class QuangError(Exception):
    """Any failure that a person may read.

    Attributes:
        code: Stable machine name; the last part of the problem's type address.
        reason: What happened.
        first_step: What to do first.
    """

    code = "error"

    def __init__(self, reason: Text, first_step: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.first_step = first_step


class Invalid(QuangError):
    """One or more fields are wrong; all of them are named at once."""

    code = "invalid"

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(
            Text(vi="Có trường chưa đúng.", en="Some fields are not right."),
            Text(vi="Sửa các trường được nêu rồi gửi lại.", en="Correct the fields named and send again."),
        )
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "; ".join(f"{p.field}: {p.message.en}" for p in self.problems)


class NotFound(QuangError):
    """There is no such object, or the reader may not know of it (the two look alike on purpose)."""

    code = "not_found"

    def __init__(self, noun: Text, key: str) -> None:
        super().__init__(
            Text(vi="Không tìm thấy {noun} “{key}”.", en="There is no {noun} “{key}”.").fill(noun=noun, key=key),
            Text(
                vi="Kiểm tra lại tên, hoặc tìm trong danh sách.",
                en="Check the name, or look for it in the list.",
            ),
        )
        self.key = key


class Forbidden(QuangError):
    """The reader's role or token does not allow the act."""

    code = "forbidden"

    def __init__(self, reason: Text | None = None) -> None:
        super().__init__(
            reason
            or Text(
                vi="Tài khoản của bạn không có quyền làm việc này.",
                en="Your account may not do this.",
            ),
            Text(
                vi="Nhờ người quản trị cấp quyền, hoặc đăng nhập bằng tài khoản khác.",
                en="Ask an administrator for the right, or sign in with another account.",
            ),
        )


class Stale(QuangError):
    """Somebody else changed the object since it was read; nothing was written.

    Attributes:
        current_version: The version that is stored now.
    """

    code = "stale"

    def __init__(self, current_version: int) -> None:
        super().__init__(
            Text(
                vi="Người khác vừa sửa mục này; thay đổi của bạn chưa được ghi.",
                en="Somebody else has just changed this; your change was not saved.",
            ),
            Text(
                vi="Tải lại trang, so sánh hai bản rồi sửa lại.",
                en="Reload, compare both versions and change it again.",
            ),
        )
        self.current_version = current_version


class Conflict(QuangError):
    """The act does not fit the state of the books (a name taken, an asset still held, a loop)."""

    code = "conflict"


class Unavailable(QuangError):
    """A part that is needed does not answer (the database, Prometheus)."""

    code = "unavailable"
