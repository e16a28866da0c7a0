"""The bodies of everything about accounts: strict, so that nobody gives themself a role."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from api.accounts.roles import Role
from api.bodies import Body
from api.desk_settings import Skill
from api.setting_types import Day, Language, Span

Password = Annotated[str, Field(min_length=1, max_length=256, repr=False)]
Token = Annotated[str, Field(min_length=20, max_length=100, repr=False)]
Code = Annotated[str, Field(min_length=6, max_length=40, repr=False)]
Roles = Annotated[list[Role], Field(min_length=1, max_length=len(Role))]
Capacity = Annotated[int, Field(ge=1, le=100, strict=True)] | None


def plain_name(name: str) -> str:
    """One line that shows what it says: nothing invisible, nothing that turns the text."""
    stripped = name.strip()
    if not stripped or not stripped.isprintable():
        raise ValueError("a name of visible characters on one line")
    return stripped


Name = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(plain_name)]


class Ticket(Body):
    """What the right password was worth."""

    ticket: Token


class TicketCode(Ticket):
    #: six digits of the phone, or a recovery code
    code: Code


class LinkToken(Body):
    token: Token


class UseLink(LinkToken):
    password: Password


class Skills(Body):
    skills: Annotated[tuple[Skill, ...], Field(max_length=30)] = ()
    languages: Annotated[tuple[Language, ...], Field(max_length=3)] = ()
    capacity: Capacity = None
    #: by the shop's clock; none: whenever they like
    shifts: dict[Day, Annotated[tuple[Span, ...], Field(max_length=4)]] = Field(
        default={}
    )


class Invite(Skills):
    login: Annotated[
        str,
        Field(min_length=2, max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+-]*$"),
    ]
    name: Name
    roles: Roles


class RolesBody(Body):
    roles: Roles


class NewPassword(Body):
    present: Password
    password: Password


class Present(Body):
    """One's password once more: an open browser alone may not change this."""

    password: Password


class CodeBody(Body):
    code: Code


class PresentAndCode(Present):
    code: Code
