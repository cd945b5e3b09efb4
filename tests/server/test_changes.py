"""What changed: rows that an answer gained and lost between two days, and the claims that caused each."""


def changes(viewed, question, **parameters):
    answer = viewed.client.get(f"/questions/{question}/diff", params={"format": "json", **parameters})
    assert answer.status_code == 200, answer.text
    return answer.json()


BETWEEN = {"known-from": "2023-01-01", "known-to": "2024-12-31"}


def test_rows_are_added_with_the_claim_that_caused_each(viewed):
    found = changes(viewed, "claimants-of-most-places", **BETWEEN)
    assert found["known-from"]["view"] == "known-at=2023-01-01"
    assert len(found["added"]) == 2
    assert found["removed"] == []
    assert found["unchanged"] == 0
    for each in found["added"]:  # a contested place needs both claims
        causes = {cause["claim"].rpartition("/")[2]: cause for cause in each["because"]}
        assert causes.keys() == {"crimea-russia", "crimea-ukraine"}
        assert all(cause["new"] for cause in causes.values())
        assert causes["crimea-ukraine"]["attestations"][0]["publisher"] == "Alpha"


def test_a_row_that_changes_is_removed_and_added_by_a_further_report(viewed):
    found = changes(viewed, "corroboration", **BETWEEN)
    for lost in found["removed"]:
        assert lost["replacedBy"] is None or found["added"][lost["replacedBy"]]
    assert all(each["because"] for each in found["added"])


def test_nothing_changes_between_days_on_which_nothing_was_reported(viewed):
    found = changes(viewed, "claimants-of-most-places", **{"known-from": "2024-06-01", "known-to": "2024-08-01"})
    assert (found["added"], found["removed"], found["unchanged"]) == ([], [], 2)


def test_other_parameters_of_a_view_and_the_etag(viewed):
    found = changes(viewed, "claimants-of-most-places", pov="russia", **BETWEEN)
    assert found["added"] == []
    url, params = "/questions/claimants-of-most-places/diff", {"format": "json", **BETWEEN}
    etag = viewed.client.get(url, params=params).headers["etag"]
    assert viewed.client.get(url, params=params, headers={"If-None-Match": etag}).status_code == 304


def test_what_is_missing_or_turned_round_is_refused_with_a_remedy(viewed):
    for parameters, says in (
        ({"known-from": "2023-01-01"}, "known-to is missing"),
        ({"known-from": "2024-01-01", "known-to": "2023-01-01"}, "exchange them"),
        ({**BETWEEN, "known-at": "2024-01-01"}, "between known-from and known-to"),
        ({"known-from": "2023", "known-to": "2024-01-01"}, "write YYYY-MM-DD"),
    ):
        answer = viewed.client.get("/questions/claimants-of-most-places/diff", params=parameters)
        assert answer.status_code == 400
        assert says in answer.json()["detail"]
    assert viewed.client.get("/questions/nothing/diff", params=BETWEEN).status_code == 404


def test_the_page_of_changes_and_questions_as_of_a_view(viewed):
    page = viewed.client.get(
        "/questions/claimants-of-most-places/diff", params=BETWEEN, headers={"Accept": "text/html"}
    )
    assert page.status_code == 200
    assert 'href="/id/claim/crimea-ukraine"' in page.text
    one = viewed.client.get("/questions/claimants-of-most-places", params={"pov": "ukraine", "format": "json"})
    assert one.headers["foedus-view"] == "pov=ukraine"
    assert one.json()["rows"] == []
    assert len(viewed.client.get("/questions/claimants-of-most-places", params={"format": "json"}).json()["rows"]) == 2
    shown = viewed.client.get(
        "/questions/claimants-of-most-places", params={"pov": "ukraine"}, headers={"Accept": "text/html"}
    )
    assert "<code>pov=ukraine</code>" in shown.text
    assert "pov=ukraine" in one.headers["link"]
    wrong = viewed.client.get("/questions/claimants-of-most-places", params={"pov": "x", "format": "json"})
    assert wrong.status_code == 400
