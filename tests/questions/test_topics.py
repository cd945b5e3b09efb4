"""The questions in groups: each is in one, and none is empty or holds nearly all."""

from kg import assets, queries
from server.questions.topics import REST, TOPICS, by_topic


def test_every_question_is_in_one_group():
    questions = queries.read_folder(assets.find().queries_in("questions"))
    groups = by_topic(questions)
    assert [title for title, _ in groups] == [*(title for title, _ in TOPICS), REST]
    assert sorted(each.slug for _, group in groups for each in group) == sorted(each.slug for each in questions)
    assert all(3 <= len(group) <= 35 for _, group in groups)


def test_groups_without_questions_are_left_out():
    assert by_topic([]) == []
