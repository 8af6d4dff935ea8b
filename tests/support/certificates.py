"""TLS certificates for servers of tests, signed by an authority that nobody trusts."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def server_context(folder: Path, *, ends: datetime | None = None) -> tuple[ssl.SSLContext, datetime, Path]:
    """Return the TLS settings of a server on 127.0.0.1, when its certificate ends, and the certificate's file."""
    ends = (ends or datetime.now(UTC) + timedelta(days=30)).replace(microsecond=0)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - timedelta(days=60))
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret = folder / "key.pem"
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    return context, ends, file


def chain_context(folder: Path, *ends: datetime, stale: bool = False) -> tuple[ssl.SSLContext, Path]:
    """Return the TLS settings of a server on 127.0.0.1 with a chain, and the file of the authority at its head.

    Args:
        folder: Where the files are written.
        ends: When each certificate ends: the authority's, one a link, the server's own last.
        stale: Whether the server sends the authority's forerunner too, which has expired.
    """
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in ends]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"link {at}")]) for at in range(len(ends))]
    made = [_signed(at, end, keys, names, last=at == len(ends) - 1) for at, end in enumerate(ends)]
    sent = made[:0:-1]
    if stale:
        sent.append(_signed(0, datetime.now(UTC) - timedelta(days=1), keys, names, last=False))
    root, chain, secret = folder / "root.pem", folder / "chain.pem", folder / "key.pem"
    root.write_bytes(made[0].public_bytes(serialization.Encoding.PEM))
    chain.write_bytes(b"".join(one.public_bytes(serialization.Encoding.PEM) for one in sent))
    secret.write_bytes(
        keys[-1].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, secret)
    return context, root


def _signed(
    at: int, ends: datetime, keys: list[ec.EllipticCurvePrivateKey], names: list[x509.Name], *, last: bool
) -> x509.Certificate:
    above = max(0, at - 1)
    return (
        x509.CertificateBuilder()
        .subject_name(names[at])
        .issuer_name(names[above])
        .public_key(keys[at].public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - timedelta(days=60))
        .not_valid_after(ends.replace(microsecond=0))
        .add_extension(x509.BasicConstraints(ca=not last, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(keys[above], hashes.SHA256())
    )
