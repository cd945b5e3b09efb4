"""Who may write: keys in headers, roles, and nothing of them anywhere else."""

import json

import pytest

from kg import keys
from kg.errors import UsageError
from tests.writing.conftest import TRIG, writing
from tests.writing.documents import membership


def test_only_the_hash_of_a_key_is_kept(tmp_path):
    key = keys.add(tmp_path, "alice", "contribute", "2026-11-25")
    text = (tmp_path / keys.FILE).read_text(encoding="utf-8")
    assert key.rpartition("_")[2] not in text
    assert (tmp_path / keys.FILE).stat().st_mode & 0o777 == 0o600
    known = keys.Keys(tmp_path)
    found = known.find(key)
    assert found is not None
    assert (found.name, found.role) == ("alice", "contribute")
    for wrong in ("", "alice", key[:-1], key + "x", key.replace("foedus_", "foedus-"), key[:-2] + "zz"):
        assert known.find(wrong) is None
    keys.revoke(tmp_path, "alice")
    assert known.find(key) is None


def test_names_and_roles_are_checked(tmp_path):
    keys.add(tmp_path, "alice", "read", "2026-11-25")
    for name, role, said in (("alice", "read", "already"), ("a b", "read", "cannot name"), ("bob", "root", "role")):
        with pytest.raises(UsageError, match=said):
            keys.add(tmp_path, name, role, "2026-11-25")
    with pytest.raises(UsageError, match="known: alice"):
        keys.revoke(tmp_path, "bob")


def test_the_command_shows_a_key_once(foedus, tmp_path):
    made = foedus("key", "--from", tmp_path, "add", "alice", "--role", "admin")
    assert made.returncode == 0
    key = made.stdout.strip()
    assert keys.Keys(tmp_path).find(key)
    listed = foedus("key", "--from", tmp_path, "list").stdout
    assert listed.startswith("alice  admin  ")
    assert key not in listed
    assert foedus("key", "--from", tmp_path, "revoke", "alice").returncode == 0
    assert foedus("key", "--from", tmp_path, "revoke", "alice").returncode == 2


def test_roles_over_http(root, small):
    shown = {role: keys.add(root, role, role, "2026-11-25") for role in keys.ROLES}
    with writing(root, small, FOEDUS_PRIVATE="true") as server:
        content = membership("key-test").encode()

        def post(**headers):
            return server.client.post(
                "/claims", content=content, headers={**TRIG, **headers}, params={"dry-run": "true"}
            )

        nobody = post()
        assert nobody.status_code == 401
        assert nobody.headers["www-authenticate"].startswith("Bearer realm=")
        assert "Basic" in nobody.headers["www-authenticate"]
        assert post(Authorization="Bearer foedus_0_0").status_code == 401
        assert post(Authorization="Basic !!!").status_code == 401
        reading = post(Authorization=f"Bearer {shown['read']}")
        assert (reading.status_code, reading.json()["type"].rpartition("/")[2]) == (403, "role")
        assert post(Authorization=f"bearer {shown['contribute']}").status_code == 200
        for user in ("", "whoever"):
            basic = server.client.post(
                "/claims", content=content, headers=TRIG, auth=(user, shown["admin"]), params={"dry-run": "true"}
            )
            assert basic.status_code == 200
        in_the_address = server.client.get("/sparql", params={"query": "ASK {}", "key": shown["admin"]})
        assert in_the_address.status_code == 401
        asked = server.client.get("/sparql", params={"query": "ASK {}"}, auth=("", shown["read"]))
        assert asked.status_code == 200
        assert server.client.get("/health").status_code == 200
        assert server.client.get("/journal", auth=("", shown["contribute"])).status_code == 403
        assert server.client.get("/journal", auth=("", shown["admin"])).json() == {"records": []}
        keys.revoke(root, "contribute")
        assert post(Authorization=f"Bearer {shown['contribute']}").status_code == 401
    everything = b"".join(path.read_bytes() for path in root.iterdir() if path.is_file())
    assert not any(key.encode() in everything for key in shown.values())
    assert json.loads((root / keys.FILE).read_text(encoding="utf-8"))["keys"]
