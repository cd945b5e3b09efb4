"""A store behind https: its certificate is checked, against an authority of our own where the environment names one."""

import shutil
import ssl
import subprocess
import threading
from http.server import ThreadingHTTPServer

import pytest

from .conftest import in_front
from .stores import Elsewhere
from .test_failures import Store

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate; it is not here")


@pytest.fixture(scope="module")
def secure(tmp_path_factory):
    """The address of a store with a certificate that nobody knows, and the file of that certificate."""
    folder = tmp_path_factory.mktemp("https")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}/fine", certificate
    server.shutdown()
    server.server_close()


def test_a_certificate_must_be_known(secure, tmp_path):
    address, certificate = secure
    store = Elsewhere("secure", {"FOEDUS_STORE": address})
    with in_front(tmp_path / "1", store) as server:
        refused = server.get("SELECT ?s { ?s ?p ?o }")
        assert refused.status_code == 502
        assert "CERTIFICATE_VERIFY_FAILED" in refused.json()["detail"]
    with in_front(tmp_path / "2", store, SSL_CERT_FILE=str(certificate)) as server:
        assert server.get("SELECT ?s { ?s ?p ?o }", "text/csv").text == "s\r\n1\r\n"
