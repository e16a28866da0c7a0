"""The handoff policy over HTTP: tried on what happened, applied for everybody, taken back; and agents' marks."""

from __future__ import annotations

import pytest

from api.live_policy import LivePolicy, follow_policy
from api.pages.policy_words import RULES as TOLD
from api.settings import load_settings
from api.trigger_settings import TriggerRules, Triggers
from handoff import marks, policies
from handoff.decisions import FIXED, RULES, TriggerPolicy
from knowledge_base import articles, gaps
from tests.api.people import Shopper, hire, sign_in
from tests.fakes import bot_reply


def angry(intensity):
    return bot_reply(
        {"say": "greet"},
        emotion={"label": "angry", "intensity": intensity, "evidence": ["!"]},
    )


@pytest.fixture
async def article(desk):
    """An article that the bot could have answered with."""
    async with desk.database.writing() as session:
        made = await articles.create(
            session,
            article_id="parcel-late",
            topic="shipping",
            content={"en": {"question": "Where is it?", "answer": "On its way."}},
            author="Eve",
            now=desk.clock(),
        )
    return made.id


async def handed_over(http, bot, *, intensity=0.7):
    """Sam was answered once, then angry this strongly."""
    sam = await Shopper.open(http, language="en")
    await sam.say("where is my parcel")
    bot.reply = angry(intensity)
    await sam.say("still nothing, really")
    return sam


def raised(**numbers):
    return {**Triggers().model_dump(), **numbers}


class TestWhoMay:
    @pytest.mark.parametrize(
        ("role", "status"),
        [("agent", 403), ("editor", 403), ("supervisor", 200), ("admin", 200)],
    )
    async def test_only_supervisors_and_administrators(self, desk, http, role, status):
        member = await sign_in(desk, http, "mo", role)

        assert (await member.get("/policy")).status_code == status
        tried = await member.post("/policy/try", {"triggers": raised()})
        assert tried.status_code == status


class TestTrying:
    async def test_a_slider_moves_a_real_handoff(self, http, bot, sue):
        sam = await handed_over(http, bot)

        rest = (await sue.post("/policy/try", {"triggers": raised()})).json()
        found = (
            await sue.post("/policy/try", {"triggers": raised(anger_intensity=0.8)})
        ).json()

        assert (rest["conversations"], rest["moves"]) == (1, [])
        [move] = found["moves"]
        assert (move["conversation_id"], move["change"]) == (sam.id, "vanishes")
        assert move["before"] == {"turn": 2, "reasons": ["angry"]}
        assert move["after"] is None
        assert found["before"]["agent_minutes"] == 6
        assert found["after"]["agent_minutes"] == 0

    async def test_no_word_of_a_shopper_is_in_it(self, http, bot, sue):
        await handed_over(http, bot)

        found = await sue.post("/policy/try", {"triggers": raised(anger_intensity=1)})

        assert "nothing" not in found.text

    @pytest.mark.parametrize(
        "broken",
        [
            {"anger_intensity": 2},
            {"failed_turns": 0},
            {"rules": {"sensitive": "off"}},
            {"unheard_of": 1},
        ],
    )
    async def test_what_is_not_allowed_is_refused(self, sue, broken):
        answer = await sue.post("/policy/try", {"triggers": broken})

        assert answer.status_code == 422


class TestApplying:
    async def test_it_holds_from_the_next_message_on(self, desk, http, bot, sue):
        body = {"triggers": raised(anger_intensity=0.8), "seen": 0, "note": "too many"}

        shown = (await sue.post("/policy", body)).json()
        sam = await handed_over(http, bot)

        assert (shown["number"], shown["revisions"][0]["author"]) == (1, "Sue")
        assert (await sam.read())["status"] == "bot"

    async def test_other_processes_follow(self, desk, sue):
        body = {"triggers": raised(failed_turns=4), "seen": 0, "note": "patience"}
        await sue.post("/policy", body)

        desk.policy = LivePolicy(desk.settings.triggers)  # as another process has it
        await follow_policy(desk)

        assert (desk.policy.number, desk.policy.current.failed_turns) == (1, 4)

    async def test_whoever_saw_an_older_one_is_told(self, sue):
        body = {"triggers": raised(), "seen": 0, "note": "x"}
        await sue.post("/policy", body)

        again = await sue.post("/policy", body)

        assert again.status_code == 409
        assert "Somebody applied another policy" in again.text

    async def test_an_earlier_one_can_be_taken_back(self, desk, sue):
        one = {"triggers": raised(failed_turns=4), "seen": 0, "note": "x"}
        two = {"triggers": raised(failed_turns=5), "seen": 1, "note": "y"}
        await sue.post("/policy", one)
        await sue.post("/policy", two)

        await sue.post("/policy/take-back", {"number": 1, "seen": 2, "note": "z"})
        assert desk.policy.current.failed_turns == 4
        shown = await sue.post(
            "/policy/take-back", {"number": 0, "seen": 3, "note": "z"}
        )
        assert desk.policy.current == desk.settings.triggers.policy()
        assert [one["restores"] for one in shown.json()["revisions"]] == [
            0,
            1,
            None,
            None,
        ]
        gone = {"number": 9, "seen": 4, "note": "z"}
        assert (await sue.post("/policy/take-back", gone)).status_code == 404

    def test_a_revision_of_another_version_gives_way_to_the_file(self):
        live = LivePolicy(Triggers(failed_turns=3))

        live.take(7, {"anger_intensity": 0.7})
        assert live.current.anger_intensity == 0.7
        assert live.current.failed_turns == 3  # not known to it: as in the file
        live.take(8, {"unheard_of": 1})
        assert live.current == Triggers(failed_turns=3).policy()


class TestOnBothDatabases:
    async def test_two_who_apply_at_once_cannot_both_win(self, session, clock):
        who = {"author_id": marks.new_id(), "author": "Sue", "note": "", "now": clock()}
        await policies.apply(session, {"failed_turns": 3}, seen=0, **who)

        with pytest.raises(policies.PolicyChanged):
            await policies.apply(session, {"failed_turns": 4}, seen=0, **who)
        newest = await policies.newest(session)
        assert (newest.number, newest.triggers) == (1, {"failed_turns": 3})


class TestMarks:
    async def taken(self, http, bot, agent):
        sam = await handed_over(http, bot)
        await agent.post("/queue/claim")
        return sam, f"/api/v1/conversations/{sam.id}/handoff-mark"

    async def test_one_click_is_kept_with_who_and_when(self, desk, http, bot, alice):
        _sam, path = await self.taken(http, bot, alice)

        for verdict in ("too_early", "right"):
            answer = await http.put(
                path, json={"verdict": verdict}, headers=alice.headers
            )
            assert answer.status_code == 200, answer.text

        shown = (await http.get(path, headers=alice.headers)).json()
        assert shown["mark"] == {"verdict": "right", "article_id": None}
        async with desk.database.reading() as session:
            assert list((await marks.verdicts(session)).values()) == ["right"]

    async def test_only_whoever_served_and_supervisors_judge(
        self, desk, http, bot, alice, sue
    ):
        _sam, path = await self.taken(http, bot, alice)
        bob = await sign_in(desk, http, "bob", "agent")
        body = {"verdict": "right"}

        refused = await http.put(path, json=body, headers=bob.headers)
        allowed = await http.put(path, json=body, headers=sue.headers)

        assert (refused.status_code, allowed.status_code) == (403, 200)
        shown = await http.get(path, headers=bob.headers)
        assert shown.json()["may_mark"] is False

    async def test_what_was_never_handed_over_has_no_moment(self, http, sam, sue):
        path = f"/api/v1/conversations/{sam.id}/handoff-mark"

        answer = await http.put(path, json={"verdict": "right"}, headers=sue.headers)

        assert answer.status_code == 409

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"verdict": "right", "article_id": "a"}, 422),
            ({"verdict": "perfect"}, 422),
            ({"verdict": "bot_could", "article_id": "no-such-article"}, 404),
        ],
    )
    async def test_a_mark_that_says_nothing_is_refused(
        self, http, bot, alice, body, status
    ):
        _sam, path = await self.taken(http, bot, alice)

        answer = await http.put(path, json=body, headers=alice.headers)

        assert answer.status_code == status

    async def test_the_question_goes_to_the_editors_with_its_article(
        self, desk, http, bot, alice, article
    ):
        _sam, path = await self.taken(http, bot, alice)

        answer = await http.put(
            path,
            json={"verdict": "bot_could", "article_id": article},
            headers=alice.headers,
        )

        assert answer.json() == {"verdict": "bot_could", "article_id": article}
        async with desk.database.reading() as session:
            found = await gaps.list_gaps(session)
        assert article in {gap.nearest_article_id for gap in found}


class TestThePage:
    async def test_every_rule_stands_there_in_words(self, desk, http):
        await hire(desk, "sue", "supervisor")
        await http.post(
            "/api/v1/login", json={"login": "sue", "password": "correct horse battery"}
        )
        page = (await http.get("/console/policy")).text

        assert all(f'data-rule="{rule}"' in page for rule in RULES)
        assert 'name="anger_intensity"' in page
        assert 'name="sensitive"' not in page  # nobody can switch it off
        for language in ("zh-Hans", "zh-Hant"):
            shown = (await http.get("/console/policy", params={"lang": language})).text
            assert "A message is angry" not in shown


class TestTheConfiguration:
    def test_rules_of_settings_policy_and_page_are_the_same(self):
        assert TriggerRules().model_dump() == dict(RULES)
        assert {rule.code for rule in TOLD} == set(RULES)
        assert {rule.code for rule in TOLD if rule.is_fixed} == FIXED

    def test_every_number_has_its_slider(self):
        numbers = {number.name for rule in TOLD for number in rule.numbers}
        assert numbers == set(TriggerPolicy.__dataclass_fields__) - {"rules"}

    def test_the_file_and_the_defaults_agree(self, tmp_path):
        settings = load_settings({"WARMLINE_VAR": str(tmp_path)})
        assert settings.triggers.policy() == TriggerPolicy()
