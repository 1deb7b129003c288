"""HTTPS by one setting: a certificate and its key; phones need it."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.cli.server import Server, tminus

pytestmark = pytest.mark.slow


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of our own for 127.0.0.1, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    where = folder / "server.pem", folder / "server.key"
    where[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    where[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return where


class SecureServer(Server):
    """Asked over HTTPS, trusting only the given certificate."""

    def trusting(self, certificate: Path) -> SecureServer:
        self.context = ssl.create_default_context(cafile=str(certificate))
        return self

    def connection(self) -> HTTPSConnection:
        return HTTPSConnection("127.0.0.1", self.port, timeout=5, context=self.context)

    def get(self, path: str) -> int:
        connection = self.connection()
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()


def test_signing_in_is_encrypted_and_its_cookies_stay_so(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert tminus(home, "init", str(home)).returncode == 0
    pem, key = certificate(tmp_path)
    settings = {"TMINUS_HTTPS_CERTIFICATE": str(pem), "TMINUS_HTTPS_KEY": str(key)}
    with SecureServer(home, **settings).trusting(pem) as server:
        connection = server.connection()
        connection.request("GET", "/setup/")
        answer = connection.getresponse()
        page = answer.read().decode()
        assert answer.status == 200
        assert "csrfmiddlewaretoken" in page
        assert "secure" in answer.headers["Set-Cookie"].lower()
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
        connection.close()
