"""The report page, its JSON and its CSV."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from api.report_csv import safe
from handoff import assignments, conversations, queue
from tests.api.people import PASSWORD, hire

FORMULA_NAME = "=HYPERLINK(1)"


async def supervisor(desk, http, *, role="supervisor", name="Alice"):
    """Sign Alice in and return her id."""
    await hire(desk, "alice", role, name=name)
    await http.post("/api/v1/login", json={"login": "alice", "password": PASSWORD})
    return UUID((await http.get("/api/v1/me")).json()["id"])


async def served(desk, agent_id, *, ago=timedelta(hours=2)):
    """Asked for, answered after 30 s, resolved after 3 minutes."""
    at = desk.clock() - ago
    async with desk.database.writing() as session:
        row = await conversations.open_conversation(
            session,
            conversation_id=uuid4(),
            token_hash=at.isoformat(),
            language="en",
            now=at,
        )
        await conversations.append(
            session, row.id, actor="shopper", text="Help", now=at
        )
        await queue.join(
            session,
            row.id,
            reasons=[{"code": "angry", "evidence": {}}],
            card={},
            now=at,
        )
        spell = await queue.claim(
            session, row.id, agent_id=agent_id, capacity=5, now=at
        )
        await assignments.reply(
            session,
            row.id,
            agent_id=agent_id,
            text="Your parcel arrives tomorrow.",
            assignment_version=spell.version,
            now=at + timedelta(seconds=30),
        )
        await assignments.resolve(
            session,
            row.id,
            agent_id=agent_id,
            assignment_version=spell.version,
            disposition="solved",
            dispositions=("solved",),
            now=at + timedelta(minutes=3),
        )


async def test_only_who_sees_all_conversations_reads_the_report(desk, http):
    stranger = await http.get("/api/v1/report")
    await supervisor(desk, http, role="agent")

    answers = [
        await http.get(path) for path in ("/api/v1/report", "/api/v1/report.csv")
    ]
    page = await http.get("/console/report")

    assert stranger.status_code == 401
    assert [each.status_code for each in answers] == [403, 403]
    assert page.status_code == 403


async def test_the_json_has_the_figures_by_agent(desk, http):
    alice = await supervisor(desk, http)
    await served(desk, alice)

    found = (await http.get("/api/v1/report", params={"days": 2})).json()

    assert found["now"]["service"]["first_answer"]["median"] == 30
    assert found["now"]["service"]["resolved"] == {"part": 1, "whole": 1, "value": 1.0}
    assert found["before"]["service"]["requests"] == 0
    assert found["reasons"] == [{"code": "angry", "count": 1}]
    assert [each["name"] for each in found["agents"]] == ["Alice"]
    assert sum(map(sum, found["hours"])) == 1


async def test_the_filters_stand_in_the_address_and_in_the_link_to_the_file(desk, http):
    alice = await supervisor(desk, http)
    address = f"/console/report?days=28&language=en&agent={alice}"

    page = (await http.get(address)).text

    assert '<option value="28" selected>' in page
    assert '<option value="en" selected>' in page
    assert f'<option value="{alice}" selected>' in page
    assert f"/api/v1/report.csv?days=28&amp;language=en&amp;agent={alice}" in page


async def test_empty_values_of_the_form_are_no_filter(desk, http):
    alice = await supervisor(desk, http)
    await served(desk, alice)

    page = await http.get("/console/report?days=7&until=&language=&skill=&agent=")

    assert page.status_code == 200
    assert "30 s" in page.text


@pytest.mark.parametrize(
    "query",
    [
        "days=0",
        "days=367",
        "language=xx",
        "skill=A%20b",
        "until=never",
        "until=9999-12-31",
    ],
)
async def test_a_filter_that_means_nothing_is_refused(desk, http, query):
    await supervisor(desk, http)

    assert (await http.get(f"/api/v1/report?{query}")).status_code == 422


async def test_the_file_holds_every_figure_and_no_formula(desk, http):
    alice = await supervisor(desk, http, name=FORMULA_NAME)
    await served(desk, alice)

    answer = await http.get("/api/v1/report.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    found = {(row["table"], row["of"], row["figure"]): row for row in rows}

    assert answer.headers["content-type"].startswith("text/csv")
    assert found["all", "", "first_word_median_seconds"]["value"] == "30.0"
    assert found["all", "", "assumed"]["value"] == ""
    assert found["agents", f"'{FORMULA_NAME}", "requests"]["value"] == "1"
    assert found["reasons", "angry", "requests"]["count"] == "1"
    assert sum(row["table"] == "hours" for row in rows) == 7 * 24


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_a_text_that_a_spreadsheet_would_run_is_quoted(text):
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "First real answer"),
        ("zh-Hans", "首次实质答复"),
        ("zh-Hant", "首次實質回覆"),
    ],
)
async def test_the_page_speaks_every_language(desk, http, lang, words):
    await supervisor(desk, http)

    assert words in (await http.get(f"/console/report?lang={lang}")).text
