"""What can go wrong between the desk and the shop's order system, and what the shop's token may not be."""

from __future__ import annotations

from typing import ClassVar

from api.errors import ApiError


class ShopError(ApiError):
    """The shop's order system did not do what it was asked."""

    code: ClassVar[str] = "shop_error"
    status: ClassVar[int] = 502


class ShopUnreachable(ShopError):
    """The shop's order system does not answer; nothing was changed there."""

    code = "shop_unreachable"
    status = 503


class ShopAnswerUnreadable(ShopUnreachable):
    """The shop's order system answered something that is not in the agreed form."""

    code = "shop_answer_unreadable"
    status = 502


class ChangeOutcomeUnknown(ShopError):
    """The change was sent, but nobody knows whether it was made."""

    code = "change_outcome_unknown"


class ChangeRefused(ShopError):
    """The shop's order system refused the change."""

    code = "change_refused"
    status = 409


class ChangeUnsupported(ShopError):
    """The shop's order system cannot make this kind of change."""

    code = "change_unsupported"
    status = 501


class BadIdentity(ApiError):
    """The shop's sign-in token is not valid."""

    code = "bad_identity"
    status = 401
