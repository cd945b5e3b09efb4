"""A query file is a header and a query; a header that cannot be read says where."""

import pytest

from kg.errors import UnreadableInput, UsageError
from kg.queries import find, read_query

GOOD = """\
#+ summary: Who is it?
#+ description: >
#+   One row
#+   a person.
#+ tags: [people]
#+ parameters:
#+   - {name: who, type: iri, example: person/x, description: The person.}

SELECT ?who { ?who a ?person } ORDER BY ?who
"""


def test_a_query_is_read(tmp_path):
    path = tmp_path / "who.rq"
    path.write_text(GOOD)
    query = read_query(path)
    assert (query.slug, query.summary, query.description) == ("who", "Who is it?", "One row a person.")
    assert query.tags == ("people",)
    assert query.parameters[0].name == "who"
    assert query.body == "SELECT ?who { ?who a ?person } ORDER BY ?who\n"
    assert query.text == GOOD


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Who is it?", "Who: is it?", r"who\.rq:1:\d+: the header is not YAML.*quote"),
        ("#+ summary: Who is it?\n", "", r"who\.rq:1:1: there is no '#\+ summary:' line"),
        ("type: iri, ", "", r"a parameter needs name, type, example and description; 'type' is missing"),
    ],
)
def test_a_header_that_is_wrong_says_where(tmp_path, old, new, says):
    path = tmp_path / "who.rq"
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(UnreadableInput, match=says):
        read_query(path)


def test_an_unknown_question_names_those_that_there_are(tmp_path):
    path = tmp_path / "who.rq"
    path.write_text(GOOD)
    with pytest.raises(UsageError, match="there are: who"):
        find("whom", [read_query(path)])
