"""What the edge refuses, and which HTTP status each error of every room becomes."""

from __future__ import annotations

from typing import ClassVar

from handoff import errors as handoff_errors
from knowledge_base import errors as knowledge_errors


class ApiError(Exception):
    """The request could not be carried out."""

    code: ClassVar[str] = "api_error"
    status: ClassVar[int] = 500

    def __init__(
        self, message: str | None = None, *, retry_after: int | None = None
    ) -> None:
        super().__init__(message or type(self).__doc__)
        self.retry_after = retry_after


class BadConfiguration(ApiError):
    """The configuration cannot be used."""

    code = "bad_configuration"


class BadRequest(ApiError):
    """The request could not be read."""

    code = "bad_request"
    status = 400


class InvalidFields(ApiError):
    """Some fields are missing or not allowed."""

    code = "invalid_fields"
    status = 422

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__()
        self.errors = errors


class EmptyMessage(ApiError):
    """The message has no text."""

    code = "empty_message"
    status = 422


class MessageTooLong(ApiError):
    """The message is longer than a message may be."""

    code = "message_too_long"
    status = 413


class BodyTooLarge(ApiError):
    """The request is larger than a request may be."""

    code = "body_too_large"
    status = 413


class UnsupportedMediaType(ApiError):
    """The request must be JSON."""

    code = "unsupported_media_type"
    status = 415


class NotFound(ApiError):
    """There is nothing here."""

    code = "not_found"
    status = 404


class NoSuchButton(ApiError):
    """This button does not belong to the conversation."""

    code = "no_such_button"
    status = 422


class ConversationClosed(ApiError):
    """The conversation has ended; a new one can be started."""

    code = "conversation_closed"
    status = 409


class NotSignedIn(ApiError):
    """Please sign in."""

    code = "not_signed_in"
    status = 401


class WrongLogin(ApiError):
    """The login or the password is wrong."""

    code = "wrong_login"
    status = 401


class NotAllowed(ApiError):
    """Your account may not do this."""

    code = "not_allowed"
    status = 403


class CrossSite(ApiError):
    """Requests from other sites are refused."""

    code = "cross_site"
    status = 403


class RateLimited(ApiError):
    """That was too fast; please wait a moment."""

    code = "rate_limited"
    status = 429


class PreconditionRequired(ApiError):
    """The change must say which version it was made on (If-Match)."""

    code = "precondition_required"
    status = 428


class Unavailable(ApiError):
    """The service cannot do this at the moment; please try again."""

    code = "unavailable"
    status = 503


class LoginTaken(ApiError):
    """An account with this login exists already."""

    code = "login_taken"
    status = 409


class WeakPassword(ApiError):
    """The password is too short or too common."""

    code = "weak_password"
    status = 422


class WrongPassword(ApiError):
    """That is not your present password."""

    code = "wrong_password"
    status = 422


class WrongCode(ApiError):
    """The code is wrong or was used already."""

    code = "wrong_code"
    status = 422


class SignInOver(ApiError):
    """This took too long; please sign in again."""

    code = "sign_in_over"
    status = 401


class LinkOver(ApiError):
    """This link was used already or is too old; ask for a new one."""

    code = "link_over"
    status = 410


class LastAdmin(ApiError):
    """Somebody must be left who can manage accounts."""

    code = "last_admin"
    status = 409


class AccountDisabled(ApiError):
    """This account is disabled; enable it first."""

    code = "account_disabled"
    status = 409


class SecondFactorOn(ApiError):
    """The second factor is on already."""

    code = "second_factor_on"
    status = 409


class SecondFactorOff(ApiError):
    """The second factor is not on."""

    code = "second_factor_off"
    status = 409


class SecondFactorRequired(ApiError):
    """Your role needs the second factor."""

    code = "second_factor_required"
    status = 409


class BotFailure(ApiError):
    """The bot gave no usable answer."""

    code = "bot_failure"
    status = 502

    def __init__(self, reason: str) -> None:
        super().__init__(f"The bot gave no usable answer: {reason}.")
        self.reason = reason


#: errors of the other rooms; those of this one carry their own status
STATUS_CODES: dict[type[Exception], int] = {
    handoff_errors.HandoffError: 409,
    handoff_errors.IllegalMove: 409,
    handoff_errors.NoSuchConversation: 404,
    handoff_errors.NoSuchMessage: 404,
    handoff_errors.ConversationEnded: 409,
    handoff_errors.BotIsSilent: 409,
    handoff_errors.IdConflict: 409,
    handoff_errors.AlreadyClaimed: 409,
    handoff_errors.NobodyWaiting: 409,
    handoff_errors.AtCapacity: 409,
    handoff_errors.NotYours: 409,
    handoff_errors.NotAsked: 409,
    handoff_errors.AskedThemselves: 422,
    handoff_errors.NewMessageAbove: 409,
    handoff_errors.UnknownDisposition: 422,
    handoff_errors.AlreadyRated: 409,
    handoff_errors.NoSuchTurn: 404,
    handoff_errors.NoSuchPromise: 404,
    handoff_errors.PromiseEnded: 409,
    handoff_errors.NoSuchAllowance: 404,
    handoff_errors.AllowanceDecided: 409,
    handoff_errors.OwnAllowance: 409,
    handoff_errors.NoSuchRating: 404,
    handoff_errors.AppealClosed: 409,
    handoff_errors.NoSuchFollowUp: 404,
    handoff_errors.UnknownDetail: 422,
    handoff_errors.PolicyChanged: 409,
    handoff_errors.NoSuchPolicy: 404,
    handoff_errors.NothingToMark: 409,
    handoff_errors.PictureKindUnknown: 415,
    handoff_errors.PictureUnreadable: 422,
    handoff_errors.PictureTooManyPixels: 422,
    handoff_errors.NoSuchPicture: 422,
    handoff_errors.PictureSentAlready: 409,
    handoff_errors.NobodyToTell: 409,
    handoff_errors.MovedFarEnough: 409,
    knowledge_errors.KnowledgeError: 409,
    knowledge_errors.NoSuchArticle: 404,
    knowledge_errors.NoSuchRevision: 404,
    knowledge_errors.NoSuchGap: 404,
    knowledge_errors.ArticleExists: 409,
    knowledge_errors.StaleEdit: 412,
    knowledge_errors.InvalidArticle: 422,
    knowledge_errors.BadImport: 422,
    knowledge_errors.IndexMoved: 409,
    knowledge_errors.BadTime: 422,
    knowledge_errors.NoIndex: 503,
    knowledge_errors.UnknownModel: 500,
    knowledge_errors.UnsafeModel: 500,
    knowledge_errors.EmbeddingFailed: 503,
    knowledge_errors.BadCalibration: 500,
    knowledge_errors.OutdatedCalibration: 500,
}


def status_of(error: Exception) -> int | None:
    """The status an error was given on purpose; None for one nobody expected."""
    if isinstance(error, ApiError):
        return error.status
    for kind in type(error).__mro__:
        if kind in STATUS_CODES:
            return STATUS_CODES[kind]
    return None
