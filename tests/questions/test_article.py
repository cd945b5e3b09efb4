"""Every statement of the article that the project began from is in the graph, and a question returns it."""

import csv
import io
import re

from kg import assets
from kg.settings import Settings
from kg.store.local import query_generation

STATEMENTS = 43


def test_each_statement_of_the_article_is_returned(root):
    text = (assets.find().queries / "questions" / "statements-of-the-article.rq").read_text(encoding="utf-8")
    answer = query_generation(Settings(data_directory=root), text)
    rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
    found = {number for row in rows for number in re.findall(r"SC(\d\d)", row["place"])}
    assert found == {f"{number:02}" for number in range(1, STATEMENTS + 1)}
    verdicts = {number for row in rows if row["verdict"] for number in re.findall(r"SC(\d\d)", row["place"])}
    assert verdicts == found
