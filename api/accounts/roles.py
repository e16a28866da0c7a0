"""Decides which role may do what. What is not written here is not allowed."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a person at the desk is there for."""

    AGENT = "agent"  #: talks with shoppers
    EDITOR = "editor"  #: writes articles; sees no conversation
    SUPERVISOR = "supervisor"  #: sees every conversation and may move it
    ADMIN = "admin"  #: accounts and operation; no silent reading of conversations
    AUDITOR = "auditor"  #: looks at figures, articles, accounts and the trail; changes nothing


class Permission(StrEnum):
    """One thing that a request may need."""

    SERVE_SHOPPERS = "serve_shoppers"  #: queue, claim, reply, resolve
    SEE_ALL_CONVERSATIONS = "see_all_conversations"
    MOVE_CONVERSATIONS = "move_conversations"  #: another agent's, too
    READ_ARTICLES = "read_articles"
    EDIT_ARTICLES = "edit_articles"
    PUBLISH_ARTICLES = "publish_articles"
    SEE_GAPS = "see_gaps"
    SET_POLICY = "set_policy"  #: try and apply the rules for handing over
    SEE_STAFF = "see_staff"  #: who works here, as what
    SET_SKILLS = "set_skills"  #: skills, languages and capacity of others
    MANAGE_ACCOUNTS = "manage_accounts"
    READ_TRAIL = "read_trail"  #: what was done to accounts
    OPERATE = "operate"  #: metrics and health in detail


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.AGENT: frozenset({Permission.SERVE_SHOPPERS, Permission.READ_ARTICLES}),
    Role.EDITOR: frozenset(
        {
            Permission.READ_ARTICLES,
            Permission.EDIT_ARTICLES,
            Permission.PUBLISH_ARTICLES,
            Permission.SEE_GAPS,
        }
    ),
    Role.SUPERVISOR: frozenset(
        {
            Permission.SERVE_SHOPPERS,
            Permission.SEE_ALL_CONVERSATIONS,
            Permission.MOVE_CONVERSATIONS,
            Permission.SET_POLICY,
            Permission.READ_ARTICLES,
            Permission.SEE_GAPS,
            Permission.SEE_STAFF,
            Permission.SET_SKILLS,
        }
    ),
    Role.ADMIN: frozenset(
        {
            Permission.SET_POLICY,
            Permission.SEE_STAFF,
            Permission.SET_SKILLS,
            Permission.MANAGE_ACCOUNTS,
            Permission.READ_TRAIL,
            Permission.OPERATE,
            Permission.READ_ARTICLES,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Permission.SEE_ALL_CONVERSATIONS,
            Permission.READ_ARTICLES,
            Permission.SEE_STAFF,
            Permission.READ_TRAIL,
        }
    ),
}


def permissions(roles: Iterable[str]) -> frozenset[Permission]:
    """Everything the roles allow together; a role nobody knows allows nothing."""
    known = {role.value: role for role in Role}
    granted: set[Permission] = set()
    for name in roles:
        if name in known:
            granted |= GRANTS[known[name]]
    return frozenset(granted)
