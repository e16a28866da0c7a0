"""After the talk: the survey, the objection to it, and what is done about a bad one."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.people import Member
from tests.api.test_agents import claim, waiting
from tests.fakes import FakeBot


@pytest.fixture
async def sam(http: httpx.AsyncClient, bot: FakeBot, alice: Member) -> Any:
    """Sam was served by Alice, and it is over."""
    shopper = await waiting(http, bot, "My parcel is late")
    version = await claim(alice, shopper)
    done = await alice.post(
        f"/conversations/{shopper.id}/resolve",
        {"assignment_version": version, "disposition": "solved"},
    )
    assert done.status_code == 200, done.text
    return shopper


async def rate(shopper: Any, **body: Any) -> httpx.Response:
    return await shopper.http.post(
        f"{shopper.path}/rating", json=body, headers=shopper.headers
    )


async def test_the_survey_takes_three_scores_and_one_change_of_mind(sam: Any):
    first = await rate(sam, stars=5, accuracy=5, communication=4, comment="ok")
    assert first.json()["communication"] == 4
    assert first.json()["delivery"] is None
    assert (await rate(sam, stars=4, delivery=2)).json()["revisions"] == 1
    third = await rate(sam, stars=1)
    assert (third.status_code, third.json()["code"]) == (409, "already_rated")
    assert (await rate(sam, stars=3, accuracy=6)).status_code == 422


async def test_a_bad_rating_opens_the_playbook_of_its_cause(
    sam: Any, alice: Member, bob: Member, sue: Member
):
    await rate(sam, stars=2, comment="the colour is different from the picture")
    [task] = (await alice.get("/follow-ups")).json()
    assert task["cause"] == "picture_differs"
    assert [one["step"] for one in task["steps"]][:2] == [
        "read_thread",
        "ask_for_photo",
    ]
    assert len((await sue.get("/follow-ups")).json()) == 1
    assert (await bob.get("/follow-ups")).json() == []
    path = f"/follow-ups/{sam.id}"
    assert (await bob.post(f"{path}/steps", {"step": "read_thread"})).status_code == 403

    ticked = await alice.post(f"{path}/steps", {"step": "read_thread"})
    assert ticked.json()["steps"][0]["done_at"]
    assert (await alice.post(f"{path}/end", {"outcome": "settled"})).status_code == 204
    assert (await alice.get("/follow-ups")).json() == []
    assert (await alice.post(f"{path}/end", {"outcome": "settled"})).status_code == 404


async def test_without_a_comment_the_talk_names_the_cause(sam: Any, alice: Member):
    await rate(sam, stars=1)
    assert (await alice.get("/follow-ups")).json()[0]["cause"] == "late"


async def test_a_good_rating_opens_nothing(sam: Any, alice: Member):
    await rate(sam, stars=3)
    assert (await alice.get("/follow-ups")).json() == []


async def test_its_agent_objects_and_a_supervisor_decides(
    sam: Any, alice: Member, bob: Member, sue: Member
):
    await rate(sam, stars=1, comment="idiots")
    [mine] = (await alice.get("/ratings")).json()
    assert (mine["may_appeal"], mine["appeal"]) == (True, "none")
    assert (await bob.get("/ratings")).json() == []
    path = f"/conversations/{sam.id}/rating/appeal"

    assert (await bob.post(path, {"reason": "unfair"})).status_code == 409
    assert (await alice.post(path, {"reason": "abuse"})).status_code == 204
    decision = {"is_upheld": True}
    assert (await alice.post(f"{path}/decision", decision)).status_code == 403
    assert (await sue.post(f"{path}/decision", decision)).status_code == 204

    [seen] = (await sue.get("/ratings")).json()
    assert (seen["appeal"], seen["appeal_reason"]) == ("upheld", "abuse")


async def test_after_thirty_days_it_is_too_late(sam: Any, alice: Member, clock: Any):
    await rate(sam, stars=1)
    clock.forward(days=30, minutes=1)
    alice_again = await alice.http.post(
        "/api/v1/login", json={"login": "alice", "password": "correct horse battery"}
    )
    alice.token = alice_again.json()["token"]
    alice.http.cookies.clear()
    answer = await alice.post(
        f"/conversations/{sam.id}/rating/appeal", {"reason": "abuse"}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "appeal_closed")
