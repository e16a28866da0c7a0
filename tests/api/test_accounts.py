"""Accounts: the second factor, links for passwords, one's own sessions, and who may change whom."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pyotp
import pytest
from sqlalchemy import select

from api.accounts import links, people, second_factor, staff, tickets
from api.accounts.browsers import device_of
from api.accounts.models import RecoveryCode, Staff, StaffLink
from api.accounts.roles import Role
from api.desk import Desk
from api.errors import LastAdmin, LinkOver, SecondFactorOn, SignInOver, WrongCode
from api.settings import Settings
from tests.api.conftest import client_of
from tests.api.people import PASSWORD, Member, hire, sign_in
from tests.fakes import Clock
from tests.people import NOON, minutes, seconds

OTHER_PASSWORD = "quite another password"


async def person(session: Any, login: str = "mei", *roles: str) -> Staff:
    return await staff.create_account(
        session,
        login=login,
        name=login.capitalize(),
        password=None,
        roles=roles or ("agent",),
        now=NOON,
    )


async def with_factor(session: Any, login: str = "mei") -> tuple[Staff, str, list[str]]:
    """Somebody whose second factor is on, with the secret and the recovery codes."""
    made = await person(session, login)
    secret = (await second_factor.begin(session, made, issuer="Shop")).secret
    code = pyotp.TOTP(secret).at(NOON)
    codes = await second_factor.confirm(session, made.id, code, now=NOON)
    return made, secret, codes


class TestSecondFactor:
    async def test_a_code_opens_once_and_never_again(self, session):
        mei, secret, _codes = await with_factor(session)
        later = NOON + seconds(60)
        code = pyotp.TOTP(secret).at(later)

        assert await second_factor.show(session, mei.id, code, now=later) == "phone"
        with pytest.raises(WrongCode):
            await second_factor.show(session, mei.id, code, now=later + seconds(5))

    async def test_the_code_that_turned_it_on_opens_nothing(self, session):
        mei, secret, _codes = await with_factor(session)
        with pytest.raises(WrongCode):
            await second_factor.show(
                session, mei.id, pyotp.TOTP(secret).at(NOON), now=NOON
            )

    async def test_an_older_code_is_worth_nothing_after_a_newer_one(self, session):
        mei, secret, _codes = await with_factor(session)
        later = NOON + seconds(90)
        totp = pyotp.TOTP(secret)
        await second_factor.show(session, mei.id, totp.at(later), now=later)
        with pytest.raises(WrongCode):
            await second_factor.show(
                session, mei.id, totp.at(later - seconds(30)), now=later
            )

    @pytest.mark.parametrize(
        ("off", "is_taken"), [(-60, False), (-30, True), (30, True), (60, False)]
    )
    async def test_a_clock_may_be_one_step_off_and_no_more(
        self, session, off, is_taken
    ):
        mei, secret, _codes = await with_factor(session)
        later = NOON + minutes(10)
        code = pyotp.TOTP(secret).at(later + seconds(off))
        if is_taken:
            await second_factor.show(session, mei.id, code, now=later)
            return
        with pytest.raises(WrongCode):
            await second_factor.show(session, mei.id, code, now=later)

    async def test_it_counts_only_once_a_code_was_shown(self, session):
        mei = await person(session)
        await second_factor.begin(session, mei, issuer="Shop")
        assert not await second_factor.is_on(session, mei.id)
        with pytest.raises(WrongCode):
            await second_factor.confirm(session, mei.id, "000000", now=NOON)
        assert not await second_factor.is_on(session, mei.id)

    async def test_one_that_counts_is_not_replaced(self, session):
        mei, _secret, _codes = await with_factor(session)
        with pytest.raises(SecondFactorOn):
            await second_factor.begin(session, mei, issuer="Shop")

    async def test_a_recovery_code_opens_once_however_it_is_typed(self, session):
        mei, _secret, codes = await with_factor(session)
        typed = f" {codes[0].upper().replace('-', ' ')} "

        assert await second_factor.show(session, mei.id, typed, now=NOON) == "recovery"
        assert await second_factor.codes_left(session, mei.id) == len(codes) - 1
        with pytest.raises(WrongCode):
            await second_factor.show(session, mei.id, codes[0], now=NOON)

    async def test_a_recovery_code_is_its_owners_alone_and_kept_as_a_digest(
        self, session
    ):
        _mei, _secret, codes = await with_factor(session)
        bob, _secret, _codes = await with_factor(session, "bob")
        with pytest.raises(WrongCode):
            await second_factor.show(session, bob.id, codes[0], now=NOON)
        kept = (await session.scalars(select(RecoveryCode.code_hash))).all()
        assert not {code.replace("-", "") for code in codes} & set(kept)

    async def test_two_requests_never_share_one_code(self, sessions):
        async with sessions() as session, session.begin():
            mei, secret, _codes = await with_factor(session)
        later = NOON + minutes(5)
        code = pyotp.TOTP(secret).at(later)

        async def attempt() -> bool:
            try:
                async with sessions() as session, session.begin():
                    await second_factor.show(session, mei.id, code, now=later)
            except WrongCode:
                return False
            return True

        assert sorted(await asyncio.gather(attempt(), attempt())) == [False, True]


class TestTickets:
    async def test_a_ticket_is_used_once_and_ends_after_ten_minutes(self, session):
        mei = await person(session)
        ticket = await tickets.issue(session, mei, now=NOON)
        found = await tickets.holder(session, ticket, now=NOON + minutes(9), demo=False)
        assert found.id == mei.id
        with pytest.raises(SignInOver):
            await tickets.holder(session, ticket, now=NOON + minutes(10), demo=False)
        await tickets.use(session, ticket)
        with pytest.raises(SignInOver):
            await tickets.use(session, ticket)

    async def test_a_ticket_is_no_session(self, session):
        ticket = await tickets.issue(session, await person(session), now=NOON)
        hashed = staff.hash_token(ticket)
        assert await staff.recognise(session, hashed, now=NOON, demo=True) is None


class TestLinks:
    async def test_a_link_sets_one_password_once(self, session):
        mei = await person(session)
        made = await links.make(session, mei, valid=minutes(60), now=NOON)
        assert made.purpose == "invite"
        await links.use(session, made.token, password=PASSWORD, now=NOON)
        assert await staff.is_password_right(mei, PASSWORD)
        with pytest.raises(LinkOver):
            await links.use(session, made.token, password=OTHER_PASSWORD, now=NOON)

    async def test_a_link_ends(self, session):
        mei = await person(session)
        made = await links.make(session, mei, valid=minutes(60), now=NOON)
        with pytest.raises(LinkOver):
            await links.look(session, made.token, now=NOON + minutes(60))

    async def test_a_newer_link_takes_the_older_ones_place(self, session):
        mei = await person(session)
        first = await links.make(session, mei, valid=minutes(60), now=NOON)
        await links.make(session, mei, valid=minutes(60), now=NOON)
        with pytest.raises(LinkOver):
            await links.look(session, first.token, now=NOON)

    async def test_the_token_itself_is_not_kept(self, session):
        made = await links.make(
            session, await person(session), valid=minutes(60), now=NOON
        )
        assert made.token not in (await session.scalars(select(StaffLink.token_hash)))

    async def test_two_at_once_set_one_password(self, sessions):
        async with sessions() as session, session.begin():
            mei = await person(session)
            made = await links.make(session, mei, valid=minutes(60), now=NOON)

        async def attempt(password: str) -> bool:
            try:
                async with sessions() as session, session.begin():
                    await links.use(session, made.token, password=password, now=NOON)
            except LinkOver:
                return False
            return True

        done = await asyncio.gather(attempt(PASSWORD), attempt(OTHER_PASSWORD))
        assert sorted(done) == [False, True]


class TestTheLastAdmin:
    async def two_admins(self, sessions: Any) -> tuple[UUID, UUID]:
        async with sessions() as session, session.begin():
            made = [await person(session, login, "admin") for login in ("ann", "ben")]
            for one in made:
                await staff.set_password(
                    session, login=one.login, password=PASSWORD, now=NOON
                )
        return made[0].id, made[1].id

    async def test_can_neither_be_disabled_nor_lose_the_role(self, sessions):
        ann, ben = await self.two_admins(sessions)
        async with sessions() as session, session.begin():
            await people.disable(session, ben, now=NOON, demo=True)
        async with sessions() as session:
            with pytest.raises(LastAdmin):
                await people.disable(session, ann, now=NOON, demo=True)
            with pytest.raises(LastAdmin):
                await people.set_roles(session, ann, [Role.EDITOR], now=NOON, demo=True)

    async def test_an_invitation_that_nobody_took_up_does_not_count(self, session):
        ann = await person(session, "ann", "admin")
        await staff.set_password(session, login="ann", password=PASSWORD, now=NOON)
        await person(session, "late", "admin")
        with pytest.raises(LastAdmin):
            await people.disable(session, ann.id, now=NOON, demo=True)

    async def test_two_admins_who_disable_each_other_leave_one(self, sessions):
        ann, ben = await self.two_admins(sessions)

        async def attempt(staff_id: UUID) -> bool:
            try:
                async with sessions() as session, session.begin():
                    await people.disable(session, staff_id, now=NOON, demo=True)
            except LastAdmin:
                return False
            return True

        assert sorted(await asyncio.gather(attempt(ann), attempt(ben))) == [False, True]


async def test_an_account_without_a_password_opens_with_no_password(session):
    mei = await person(session)
    for password in ("", "nobody has this password", PASSWORD):
        assert not await staff.is_password_right(mei, password)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
            ("Chrome", "Linux"),
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0",
            ("Edge", "Windows"),
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            ("Safari", "iPhone"),
        ),
        ("<script>alert(1)</script>", (None, None)),
    ],
)
def test_a_browser_is_named_in_words(header: str, said: tuple[str | None, str | None]):
    found = device_of(address="203.0.113.7", user_agent=header)
    assert (found.browser, found.system) == said


async def code_of(secret: str, clock: Clock) -> str:
    """The phone's next code; time passes, so that it was not used before."""
    clock.forward(seconds=60)
    return pyotp.TOTP(secret).at(clock.now)


async def login(http: httpx.AsyncClient, name: str = "mei") -> httpx.Response:
    answer = await http.post(
        "/api/v1/login", json={"login": name, "password": PASSWORD}
    )
    http.cookies.clear()
    return answer


async def turn_on(member: Member, clock: Clock) -> tuple[str, list[str]]:
    begun = await member.post("/account/second-factor/begin", {"password": PASSWORD})
    assert begun.status_code == 200, begun.text
    secret = begun.json()["secret"]
    done = await member.post(
        "/account/second-factor/confirm", {"code": await code_of(secret, clock)}
    )
    assert done.status_code == 200, done.text
    return secret, done.json()["recovery_codes"]


class TestSigningIn:
    async def test_takes_a_code_once_the_second_factor_is_on(self, desk, http, clock):
        mei = await sign_in(desk, http, "mei", "agent")
        secret, codes = await turn_on(mei, clock)

        first = await login(http)
        assert first.json()["needs"] == "code"
        assert "set-cookie" not in first.headers
        ticket = first.json()["ticket"]
        wrong = await http.post(
            "/api/v1/login/code", json={"ticket": ticket, "code": "000000"}
        )
        assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_code")
        body = {"ticket": ticket, "code": await code_of(secret, clock)}
        right = await http.post("/api/v1/login/code", json=body)
        assert right.status_code == 200
        assert "set-cookie" in right.headers
        http.cookies.clear()
        again = await http.post("/api/v1/login/code", json=body)
        assert again.json()["code"] == "sign_in_over"
        with_recovery = {"ticket": (await login(http)).json()["ticket"]}
        with_recovery["code"] = codes[0]
        assert (
            await http.post("/api/v1/login/code", json=with_recovery)
        ).status_code == 200

    async def test_wrong_codes_are_counted_for_the_account_from_everywhere(
        self, desk, app, http, clock
    ):
        mei = await sign_in(desk, http, "mei", "agent")
        secret, _codes = await turn_on(mei, clock)
        ticket = (await login(http)).json()["ticket"]
        answers = [
            await http.post(
                "/api/v1/login/code", json={"ticket": ticket, "code": "000000"}
            )
            for _ in range(10)
        ]
        assert answers[-1].status_code == 429
        right = {"ticket": ticket, "code": await code_of(secret, clock)}
        transport = httpx.ASGITransport(app=app, client=("198.51.100.9", 1))
        async with httpx.AsyncClient(
            transport=transport, base_url=str(http.base_url)
        ) as elsewhere:
            answer = await elsewhere.post("/api/v1/login/code", json=right)
        assert answer.status_code == 429

    async def test_a_role_that_needs_it_leads_through_setting_it_up(
        self, desk: Desk, http, clock
    ):
        require(desk, "admin")
        await hire(desk, "mei", "admin")
        first = (await login(http)).json()
        assert first["needs"] == "enrolment"
        made = (
            await http.post("/api/v1/login/enrol", json={"ticket": first["ticket"]})
        ).json()
        assert made["qr_svg"].startswith("<svg")
        assert made["secret"] in made["uri"]
        code = await code_of(made["secret"], clock)
        done = await http.post(
            "/api/v1/login/confirm", json={"ticket": first["ticket"], "code": code}
        )
        assert len(done.json()["recovery_codes"]) == second_factor.RECOVERY_CODES
        assert "set-cookie" in done.headers
        http.cookies.clear()
        assert (await login(http)).json()["needs"] == "code"

    async def test_the_password_alone_never_replaces_a_second_factor(
        self, desk, http, clock
    ):
        mei = await sign_in(desk, http, "mei", "agent")
        await turn_on(mei, clock)
        ticket = (await login(http)).json()["ticket"]
        answer = await http.post("/api/v1/login/enrol", json={"ticket": ticket})
        assert answer.json()["code"] == "second_factor_on"

    async def test_problems_are_told_in_three_languages(self, app):
        titles = set()
        for language in ("en", "zh-CN", "zh-TW"):
            async with client_of(app, **{"Accept-Language": language}) as http:
                answer = await http.post(
                    "/api/v1/login/code", json={"ticket": "x" * 30, "code": "123456"}
                )
                assert answer.headers["content-type"] == "application/problem+json"
                titles.add(answer.json()["title"])
        assert len(titles) == 3


def require(desk: Desk, *roles: str) -> None:
    """Settings as if the file named these roles."""
    given = desk.settings.accounts.model_copy(update={"second_factor_for": roles})
    changed: Settings = desk.settings.model_copy(update={"accounts": given})
    object.__setattr__(desk, "settings", changed)
