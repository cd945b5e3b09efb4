"""Settings from the environment, and what is said when they are wrong."""

from pathlib import Path

import pytest

from kg import settings, terms
from kg.errors import UsageError
from kg.settings import Settings


def test_defaults():
    given = Settings.from_environment({"PATH": "/bin", "FOEDUS_PORT": ""})
    assert given == Settings()
    assert (given.port, given.deadline, given.data_directory) == (8000, 10.0, Path(".foedus"))
    assert given.base == terms.BASE


def test_every_kind_is_read():
    given = Settings.from_environment(
        {
            "FOEDUS_PORT": "0",
            "FOEDUS_DEADLINE": "2.5",
            "FOEDUS_DATA_DIRECTORY": "here",
            "FOEDUS_BASE": "http://e.org/x/",
        }
    )
    assert given == Settings(port=0, deadline=2.5, data_directory=Path("here"), base="http://e.org/x/")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("FOEDUS_PORT", "tcp://10.0.0.1:80", "a whole number"),
        ("FOEDUS_PORT", "70000", "from 0 to 65535"),
        ("FOEDUS_DEADLINE", "soon", "a number of seconds"),
        ("FOEDUS_DEADLINE", "nan", "a number from"),
        ("FOEDUS_READERS", "0", "from 1"),
        ("FOEDUS_BASE", "https://example.org", "ends in a slash"),
        ("FOEDUS_BASE", "urn:x:", "http or https"),
    ],
)
def test_an_error_names_the_variable_and_what_it_should_be(name, value, expected):
    with pytest.raises(UsageError, match=name) as wrong:
        Settings.from_environment({name: value})
    assert expected in str(wrong.value)
    assert value in str(wrong.value)


def test_the_table_names_every_setting():
    rows = settings.table()
    assert {variable for variable, _, _ in rows} >= {"FOEDUS_BASE", "FOEDUS_DATA_DIRECTORY", "FOEDUS_DEADLINE"}
    assert all(meaning.endswith(".") for _, _, meaning in rows)
