"""Photos in a conversation: who may send and see them, how often, and when they go again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import func, select

from api import chores, pictures
from api.desk import Desk
from api.settings import Settings
from handoff.attachment_models import Attachment
from handoff.models import Conversation
from tests import films
from tests.api.conftest import settings_for
from tests.api.people import Member, Shopper
from tests.pictures import SCRIPT, photo, with_gps


@pytest.fixture
def settings(tmp_path: Path, database_url: str, sessions) -> Settings:
    """Everything below holds on both databases."""
    return settings_for(tmp_path, database_url.replace("sqlite+inloop", "sqlite"))


async def upload(
    who: Shopper | Member,
    path: str,
    data: bytes,
    *,
    client_id: str | None = None,
    **headers: str,
) -> httpx.Response:
    return await who.http.post(
        f"{path}/pictures",
        params={"client_id": client_id or uuid4().hex},
        content=data,
        headers={**who.headers, "Content-Type": "image/jpeg", **headers},
    )


async def uploaded(who: Shopper | Member, path: str, data: bytes | None = None) -> str:
    answer = await upload(who, path, photo() if data is None else data)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def show(
    sam: Shopper, *ids: str, text: str | None = None, alt: str = ""
) -> httpx.Response:
    body = {
        "client_id": uuid4().hex,
        "pictures": [{"id": each, "alt": alt} for each in ids],
    }
    return await sam.post(body if text is None else {**body, "text": text})


async def rows(desk: Desk) -> list[Attachment]:
    async with desk.database.reading() as session:
        return list(await session.scalars(select(Attachment)))


def files(desk: Desk) -> list[Path]:
    return [
        path
        for path in (desk.settings.var / "attachments").rglob("*")
        if path.is_file()
    ]


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


class TestSending:
    async def test_a_message_may_be_only_a_picture(self, sam: Shopper, bot):
        turn = (await show(sam, await uploaded(sam, sam.path), alt="The box")).json()
        [shown] = turn["message"]["pictures"]
        assert turn["message"]["text"] == ""
        assert shown["alt"] == "The box"
        assert (shown["width"], shown["height"]) == (320, 240)
        assert bot.asked == []  # nothing was written that it could read

    async def test_the_bot_says_that_it_cannot_see_and_offers_a_person(
        self, sam: Shopper
    ):
        turn = (await show(sam, await uploaded(sam, sam.path))).json()
        said = " ".join(each["text"] for each in turn["replies"])
        assert "can't see" in said
        labels = [b["label"] for each in turn["replies"] for b in each["buttons"]]
        assert "Yes, a person please" in labels

    @pytest.mark.parametrize("film", [films.mp4(), films.webm()], ids=["mp4", "webm"])
    async def test_a_video_is_sent_as_it_was_filmed_without_its_place(
        self, sam: Shopper, desk, film: bytes
    ):
        turn = (await show(sam, await uploaded(sam, sam.path, film))).json()
        [shown] = turn["message"]["pictures"]
        assert shown["mime"].startswith("video/")
        whole = await sam.http.get(shown["url"], headers=sam.headers)
        assert whole.headers["Content-Type"] == shown["mime"]
        assert whole.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in whole.headers["Content-Security-Policy"]
        assert len(whole.content) == len(film)
        small = await sam.http.get(shown["preview_url"], headers=sam.headers)
        assert small.headers["Content-Type"] == "image/jpeg"
        for path in files(desk):
            assert films.PLACE not in path.read_bytes()

    async def test_a_player_asks_for_a_part_of_a_video(self, sam: Shopper):
        film = films.mp4()
        turn = (await show(sam, await uploaded(sam, sam.path, film))).json()
        [shown] = turn["message"]["pictures"]
        part = {**sam.headers, "Range": "bytes=8-19"}
        answer = await sam.http.get(shown["url"], headers=part)
        assert answer.status_code == 206
        assert answer.headers["Content-Range"] == f"bytes 8-19/{len(film)}"
        assert answer.content == film[8:20]
        beyond = {**sam.headers, "Range": f"bytes={len(film)}-"}
        assert (await sam.http.get(shown["url"], headers=beyond)).status_code == 416

    async def test_a_broken_video_is_refused_in_words(self, sam: Shopper):
        answer = await upload(sam, sam.path, films.mp4()[:-9])
        assert code_of(answer) == (422, "picture_unreadable")
        assert "damaged" in answer.json()["title"]

    async def test_it_says_so_in_the_shoppers_language(self, http):
        for language, words in (("zh-Hans", "照片"), ("zh-Hant", "照片")):
            li = await Shopper.open(http, language=language)
            turn = (await show(li, await uploaded(li, li.path))).json()
            assert words in turn["replies"][0]["text"]

    async def test_words_beside_a_picture_are_answered(self, sam: Shopper, bot):
        turn = (
            await show(sam, await uploaded(sam, sam.path), text="where is it")
        ).json()
        assert turn["message"]["text"] == "where is it"
        assert [each["text"] for each in bot.asked] == ["where is it"]
        assert (
            "can't see" in turn["replies"][0]["text"]
            or "only read" in turn["replies"][0]["text"]
        )

    async def test_a_message_sent_again_is_the_same_one(self, sam: Shopper):
        one, other = [await uploaded(sam, sam.path) for _ in range(2)]
        body = {"client_id": uuid4().hex, "pictures": [{"id": one}]}
        first, again = await sam.post(body), await sam.post(body)
        assert first.json()["message"] == again.json()["message"]
        clash = await sam.post({**body, "pictures": [{"id": other}]})
        assert code_of(clash) == (409, "id_conflict")

    async def test_a_picture_is_sent_once(self, sam: Shopper):
        picture = await uploaded(sam, sam.path)
        await show(sam, picture)
        assert code_of(await show(sam, picture)) == (409, "picture_sent_already")
        assert len((await sam.read())["messages"]) == 3  # nothing of the refused one

    async def test_another_conversations_picture_is_none(self, sam: Shopper, http):
        eve = await Shopper.open(http)
        theirs = await uploaded(eve, eve.path)
        assert code_of(await show(sam, theirs)) == (422, "no_such_picture")
        assert code_of(await show(sam, str(uuid4()))) == (422, "no_such_picture")

    async def test_more_than_a_message_may_carry_is_refused(self, sam: Shopper, desk):
        most = desk.settings.limits.pictures_per_message
        ids = [await uploaded(sam, sam.path) for _ in range(most)]
        one_more = str(uuid4())
        assert code_of(await show(sam, *ids, one_more)) == (422, "too_many_pictures")
        assert (await show(sam, *ids)).status_code == 200

    @pytest.mark.parametrize(
        "body", [{}, {"pictures": []}, {"text": " "}, {"pictures": [{"id": "../x"}]}]
    )
    async def test_neither_words_nor_pictures_is_no_message(self, sam: Shopper, body):
        answer = await sam.post({"client_id": uuid4().hex, **body})
        assert answer.status_code == 422


class TestUploading:
    async def test_the_same_upload_again_is_the_same_picture(self, sam: Shopper, desk):
        key, data = uuid4().hex, photo()
        answers = await asyncio.gather(
            *(upload(sam, sam.path, data, client_id=key) for _ in range(3))
        )
        assert len({each.json()["id"] for each in answers}) == 1
        assert len(await rows(desk)) == 1
        clash = await upload(sam, sam.path, photo(hue="green"), client_id=key)
        assert code_of(clash) == (409, "id_conflict")

    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            (b"", (415, "picture_kind_unknown")),
            (
                b"<svg xmlns='http://www.w3.org/2000/svg'/>",
                (415, "picture_kind_unknown"),
            ),
            (SCRIPT, (415, "picture_kind_unknown")),
            (photo()[:100], (422, "picture_unreadable")),
        ],
    )
    async def test_its_content_decides_whatever_it_is_called(
        self, sam: Shopper, desk, data, expected
    ):
        assert code_of(await upload(sam, sam.path, data)) == expected
        assert files(desk) == []

    async def test_a_picture_that_is_also_a_page_is_only_a_picture(
        self, sam: Shopper, desk
    ):
        picture = await uploaded(sam, sam.path, with_gps() + SCRIPT)
        got = await sam.http.get(f"{sam.path}/pictures/{picture}", headers=sam.headers)
        assert got.content.startswith(b"\xff\xd8\xff")
        for path in files(desk):
            content = path.read_bytes()
            assert b"script" not in content
            assert b"Exif" not in content

    async def test_a_file_that_is_too_large_is_refused_in_words(
        self, sam: Shopper, desk
    ):
        most = desk.settings.limits.picture_megabytes * 1_000_000
        answer = await upload(sam, sam.path, photo() + b"\0" * most)
        assert code_of(answer) == (413, "picture_too_large")

    async def test_a_video_is_larger_and_has_a_limit_of_its_own(
        self, sam: Shopper, desk
    ):
        limits = desk.settings.limits
        film = films.mp4()
        some = films.box(b"mdat", bytes(limits.picture_megabytes * 1_000_000))
        assert (await upload(sam, sam.path, film + some)).status_code == 201
        most = films.box(b"mdat", bytes(limits.video_megabytes * 1_000_000))
        answer = await upload(sam, sam.path, film + most)
        assert code_of(answer) == (413, "video_too_large")

    async def test_the_words_come_in_three_languages(self, sam: Shopper):
        titles = {
            language: (
                await upload(sam, sam.path, b"GIF", **{"Accept-Language": language})
            ).json()["title"]
            for language in ("en", "zh-CN", "zh-TW")
        }
        assert "Only JPEG" in titles["en"]
        assert "发送" in titles["zh-CN"]
        assert "傳送" in titles["zh-TW"]

    async def test_too_many_within_an_hour_are_refused(self, sam: Shopper, desk):
        key = uuid4().hex
        most = desk.settings.limits.pictures_per_hour
        first = await upload(sam, sam.path, photo(), client_id=key)
        for _ in range(most - 1):
            await upload(sam, sam.path, b"nothing")
        answer = await upload(sam, sam.path, photo())
        assert code_of(answer) == (429, "pictures_too_often")
        assert int(answer.headers["Retry-After"]) > 0
        # What has come already may be asked for again.
        again = await upload(sam, sam.path, photo(), client_id=key)
        assert again.json() == first.json()

    async def test_new_conversations_do_not_get_around_the_limit(self, http, desk):
        codes = set()
        limits = desk.settings.limits
        for _ in range(
            limits.pictures_per_hour_address // limits.pictures_per_hour + 1
        ):
            eve = await Shopper.open(http)
            for _ in range(limits.pictures_per_hour):
                codes.add((await upload(eve, eve.path, b"x")).status_code)
        assert codes == {415, 429}

    async def test_no_token_no_upload(self, sam: Shopper, http, desk):
        eve = await Shopper.open(http)
        for headers in ({}, eve.headers, {"Authorization": "Bearer x"}):
            answer = await http.post(
                f"{sam.path}/pictures?client_id={uuid4().hex}", content=photo(),
                headers={**headers, "Content-Type": "image/jpeg"},
            )  # fmt: skip
            assert answer.status_code == 404
        assert files(desk) == []

    async def test_json_rules_hold_everywhere_else(self, sam: Shopper):
        answer = await sam.http.post(
            f"{sam.path}/messages", content=photo(),
            headers={**sam.headers, "Content-Type": "image/jpeg"},
        )  # fmt: skip
        assert answer.status_code == 415


class TestSeeing:
    async def test_it_cannot_run_as_a_page(self, sam: Shopper):
        picture = await uploaded(sam, sam.path)
        for end in ("", "/preview"):
            got = await sam.http.get(
                f"{sam.path}/pictures/{picture}{end}", headers=sam.headers
            )
            assert got.status_code == 200
            assert got.headers["content-type"] == "image/jpeg"
            assert got.headers["content-disposition"].startswith("attachment;")
            assert got.headers["x-content-type-options"] == "nosniff"
            assert (
                got.headers["content-security-policy"] == "sandbox; default-src 'none'"
            )
            assert "public" not in got.headers["cache-control"]

    async def test_nobody_else_sees_it(self, sam: Shopper, alice: Member, http):
        picture = await uploaded(sam, sam.path)
        await show(sam, picture)
        eve = await Shopper.open(http)
        path = f"{sam.path}/pictures/{picture}"
        missing = await http.get(f"{sam.path}/pictures/{uuid4()}", headers=sam.headers)
        for headers in ({}, eve.headers, alice.headers):
            got = await http.get(path, headers=headers)
            assert got.status_code == 404
            assert got.json() == missing.json()
        under_own = await http.get(
            f"{eve.path}/pictures/{picture}", headers=eve.headers
        )
        assert under_own.status_code == 404

    @pytest.mark.parametrize(
        "name",
        [
            "..%2f..%2fsecrets.json",
            "%2e%2e/%2e%2e/warmline.db",
            "..",
            "preview",
            "1",
            "a.jpg.html",
            "CON",
        ],
    )
    async def test_a_path_leads_nowhere(self, sam: Shopper, name):
        await uploaded(sam, sam.path)
        got = await sam.http.get(f"{sam.path}/pictures/{name}", headers=sam.headers)
        assert got.status_code == 404

    async def test_whose_conversation_it_is_sees_it_and_answers_with_one(
        self, sam, alice, bob
    ):
        turn = await sam.say("I want to talk to a real person")
        assert turn["status"] == "queued"
        picture = await uploaded(sam, sam.path)
        await show(sam, picture)
        claim = (await alice.post(f"/conversations/{sam.id}/claim")).json()
        got = await alice.get(f"/conversations/{sam.id}/pictures/{picture}")
        assert got.status_code == 200
        assert (
            await bob.get(f"/conversations/{sam.id}/pictures/{picture}")
        ).status_code == 404
        mine = await uploaded(alice, sam.path, photo(hue="green"))
        # Not sent yet: the shopper does not see it.
        path = f"{sam.path}/pictures/{mine}"
        assert (await sam.http.get(path, headers=sam.headers)).status_code == 404
        body = {
            "client_id": uuid4().hex, "text": "", "pictures": [{"id": mine}],
            "assignment_version": claim["assignment_version"],
        }  # fmt: skip
        said = await alice.post(f"/conversations/{sam.id}/agent-messages", body)
        assert said.status_code == 200, said.text
        assert (await sam.http.get(path, headers=sam.headers)).status_code == 200
        again = await alice.post(f"/conversations/{sam.id}/agent-messages", body)
        assert again.json()["seq"] == said.json()["seq"]
        assert code_of(await upload(bob, sam.path, photo())) == (409, "not_yours")

    async def test_the_card_says_that_photos_were_sent(
        self, sam: Shopper, alice: Member
    ):
        turn = (await show(sam, await uploaded(sam, sam.path))).json()
        await sam.press(turn, "Yes, a person please")
        await alice.post(f"/conversations/{sam.id}/claim")
        view = (await alice.get(f"/conversations/{sam.id}/desk")).json()
        assert view["card"]["pictures"] == 1
        assert len([m for m in view["messages"] if m["pictures"]]) == 1


class TestForgetting:
    async def test_a_file_whose_row_never_came_is_swept(
        self, sam: Shopper, desk: Desk, clock
    ):
        """The process died between the two; the widget uploads again under the same id."""
        died = RuntimeError("power")

        def cut(name: str) -> None:
            if name == "after_picture_file_before_row":
                raise died

        whole, desk.failpoints.reach = desk.failpoints.reach, cut  # type: ignore[method-assign]
        key = uuid4().hex
        with pytest.raises(RuntimeError):
            await upload(sam, sam.path, photo(), client_id=key)
        assert (len(files(desk)), await rows(desk)) == (2, [])
        desk.failpoints.reach = whole  # type: ignore[method-assign]
        clock.now = await _file_time(desk)
        assert await pictures.sweep(desk) == 0  # its row might be on the way
        kept = await upload(sam, sam.path, photo(), client_id=key)
        assert kept.status_code == 201
        await upload_without_row(desk, UUID(sam.id))
        clock.now += timedelta(hours=2)
        assert await pictures.sweep(desk) == 1
        assert len(files(desk)) == 2
        got = await sam.http.get(
            f"{sam.path}/pictures/{kept.json()['id']}", headers=sam.headers
        )
        assert got.status_code == 200

    async def test_what_nobody_sent_goes_after_a_day(
        self, sam: Shopper, desk: Desk, clock
    ):
        sent, unsent = [
            await uploaded(sam, sam.path, photo(hue=hue)) for hue in ("red", "green")
        ]
        same = await uploaded(sam, sam.path, photo(hue="red"))
        await show(sam, sent)
        clock.now += timedelta(
            hours=desk.settings.privacy.unsent_picture_hours, seconds=1
        )
        await pictures.forget_pictures(desk)
        assert [str(row.id) for row in await rows(desk)] == [sent]
        assert len(files(desk)) == 2  # the same photo was sent once: its files stay
        assert code_of(await show(sam, unsent)) == (422, "no_such_picture")
        assert code_of(await show(sam, same)) == (422, "no_such_picture")

    async def test_pictures_go_earlier_than_the_words(
        self, sam: Shopper, desk: Desk, clock
    ):
        picture = await uploaded(sam, sam.path)
        await show(sam, picture, text="look at this")
        clock.now += timedelta(days=desk.settings.privacy.picture_days, minutes=5)
        await pictures.forget_pictures(desk)
        assert (await rows(desk), files(desk)) == ([], [])
        messages = (await sam.read())["messages"]
        assert messages[0]["text"] == "look at this"
        gone = await sam.http.get(
            messages[0]["pictures"][0]["url"], headers=sam.headers
        )
        assert gone.status_code == 404

    async def test_a_forgotten_conversation_takes_its_files_along(
        self, sam: Shopper, desk: Desk, clock, http
    ):
        await show(sam, await uploaded(sam, sam.path))
        await uploaded(sam, sam.path, photo(hue="green"))
        clock.now += timedelta(days=desk.settings.privacy.retention_days + 1)
        eve = await Shopper.open(http)
        await uploaded(eve, eve.path)
        await chores.forget_old(desk)
        async with desk.database.reading() as session:
            left = await session.scalar(select(func.count()).select_from(Conversation))
        assert left == 1
        assert [str(row.conversation_id) for row in await rows(desk)] == [eve.id]
        assert len(files(desk)) == 2

    async def test_what_a_deletion_left_behind_is_swept(
        self, sam: Shopper, desk: Desk, clock
    ):
        """The process died after the rows had gone and before the files had."""
        stranger = uuid4()
        await upload_without_row(desk, stranger)
        clock.now = await _file_time(desk) + timedelta(hours=2)
        assert await pictures.sweep(desk) == 1
        assert files(desk) == []


async def upload_without_row(desk: Desk, conversation_id: UUID) -> None:
    await asyncio.to_thread(desk.pictures.keep, conversation_id, b"left behind")


async def _file_time(desk: Desk):
    newest = max(path.stat().st_mtime for path in files(desk))
    return datetime.fromtimestamp(newest, UTC)
