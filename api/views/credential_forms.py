"""The form of credentials: each kind shows its own fields; a secret is written and never shown again."""

from typing import Final

from api.views.forms import Field
from api.views.noun_form import NounForm, short_name
from inventory.network.credentials import CredentialKind
from inventory.text import Text, same

KINDS: Final = {
    CredentialKind.SNMP_V2C: Text(vi="SNMP v2c (chuỗi community)", en="SNMP v2c (community)"),
    CredentialKind.SNMP_V3: Text(vi="SNMP v3 (tên người dùng, có mã hóa)", en="SNMP v3 (user name, encrypted)"),
    CredentialKind.SSH: Text(vi="SSH (đọc và sao lưu cấu hình)", en="SSH (reads and backs up configurations)"),
    CredentialKind.HTTP: Text(vi="Trang web (tên và mật khẩu, hoặc mã)", en="Website (name and password, or a token)"),
}

_NONE: Final = ("none", Text(vi="không", en="none"))
_AUTH: Final = (_NONE, *((code, same(name)) for code, name in (
    ("sha256", "SHA-256"), ("sha512", "SHA-512"), ("sha384", "SHA-384"), ("sha224", "SHA-224"), ("sha1", "SHA-1"),
    ("md5", "MD5"),
)))  # fmt: skip
_PRIV: Final = (_NONE, ("aes128", same("AES-128")), ("des", same("DES")))

_V2C, _V3, _SSH, _HTTP = (kind.value for kind in CredentialKind)
_KEPT: Final = Text(
    vi="Không hiện lại sau khi lưu. Khi sửa, để trống nghĩa là giữ nguyên.",
    en="Never shown again. When changing, empty means that it stays.",
)
_PASS_PHRASE: Final = Text(vi="Ít nhất 8 ký tự. Khi sửa, để trống nghĩa là giữ nguyên.",
                           en="At least 8 characters. When changing, empty means that it stays.")  # fmt: skip


def _of(*kinds: str) -> tuple[str, tuple[str, ...]]:
    return ("kind", kinds)


CREDENTIALS: Final = NounForm(
    "credentials",
    Text(vi="Thêm thông tin đăng nhập thiết bị", en="Add a credential"),
    Text(vi="Sửa thông tin đăng nhập thiết bị", en="Change the credential"),
    (
        short_name("name", Text(vi="Tên ngắn", en="Short name")),
        Field("title", Text(vi="Tên gọi", en="Title")),
        Field(
            "kind",
            Text(vi="Loại", en="Kind"),
            "select",
            required=True,
            fixed=True,
            options=[(kind.value, text) for kind, text in KINDS.items()],
        ),
        Field("community", same("Community"), "password", secret=True, hint=_KEPT, when=_of(_V2C)),
        Field("user", Text(vi="Tên người dùng", en="User name"), plain=True, longest=64, when=_of(_V3, _SSH, _HTTP)),
        Field("auth", Text(vi="Xác thực", en="Authentication"), "select", required=True, options=_AUTH, when=_of(_V3)),
        Field(
            "auth_pass",
            Text(vi="Mật khẩu xác thực", en="Authentication pass phrase"),
            "password",
            secret=True,
            hint=_PASS_PHRASE,
            when=_of(_V3),
        ),
        Field("priv", Text(vi="Mã hóa", en="Encryption"), "select", required=True, options=_PRIV, when=_of(_V3)),
        Field(
            "priv_pass",
            Text(vi="Mật khẩu mã hóa", en="Encryption pass phrase"),
            "password",
            secret=True,
            hint=_PASS_PHRASE,
            when=_of(_V3),
        ),
        Field(
            "password", Text(vi="Mật khẩu", en="Password"), "password", secret=True, hint=_KEPT, when=_of(_SSH, _HTTP)
        ),
        Field(
            "private_key",
            Text(vi="Hoặc khóa riêng SSH", en="Or a private SSH key"),
            "long",
            secret=True,
            longest=12_000,
            hint=_KEPT,
            when=_of(_SSH),
        ),
        Field(
            "enable_secret",
            Text(vi="Mật khẩu nâng quyền (enable, super)", en="Secret for more rights (enable, super)"),
            "password",
            secret=True,
            hint=Text(
                vi="Chỉ cần khi tài khoản đăng nhập chưa được xem cấu hình. Khi sửa, để trống nghĩa là giữ nguyên.",
                en="Only where the login itself may not read the configuration. When changing, empty means that it"
                " stays.",
            ),
            when=_of(_SSH),
        ),
        Field(
            "bearer",
            Text(vi="Hoặc mã truy cập (bearer)", en="Or a bearer token"),
            "password",
            secret=True,
            longest=4_000,
            hint=_KEPT,
            when=_of(_HTTP),
        ),
        Field(
            "reference",
            Text(vi="Hoặc nơi cất bí mật bên ngoài", en="Or where the secret is kept outside"),
            plain=True,
            longest=300,
            hint=Text(
                vi="env:QUANG_SECRET_TEN hoặc file:/duong/dan; khi đó không nhập bí mật ở trên.",
                en="env:QUANG_SECRET_NAME or file:/path; then no secret is typed above.",
            ),
        ),
        Field("note", Text(vi="Ghi chú", en="Note"), "long", longest=2000),
    ),
    {},
)
