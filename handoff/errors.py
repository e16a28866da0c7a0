"""What can go wrong with a conversation, each error saying the fact in its docstring."""

from __future__ import annotations

from typing import ClassVar


class HandoffError(Exception):
    """The request could not be carried out."""

    code: ClassVar[str] = "handoff_error"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class IllegalMove(HandoffError):
    """A conversation in this status cannot do that."""

    code = "illegal_move"


class NoSuchConversation(HandoffError):
    """There is no such conversation."""

    code = "no_such_conversation"


class ConversationEnded(HandoffError):
    """This conversation has ended; a new one can be opened."""

    code = "conversation_ended"


class BotIsSilent(HandoffError):
    """A person has been asked for or has taken over; the bot says nothing more."""

    code = "bot_is_silent"


class NoSuchTurn(HandoffError):
    """There is no such turn."""

    code = "no_such_turn"


class NoSuchMessage(HandoffError):
    """There is no such message to judge."""

    code = "no_such_message"


class IdConflict(HandoffError):
    """This client_id was already used for another message."""

    code = "id_conflict"


class AlreadyClaimed(HandoffError):
    """Another agent picked up this conversation first."""

    code = "already_claimed"


class NobodyWaiting(HandoffError):
    """Nobody is waiting."""

    code = "nobody_waiting"


class AtCapacity(HandoffError):
    """This agent already has as many conversations as they can hold."""

    code = "at_capacity"


class NotYours(HandoffError):
    """This conversation belongs to someone else now."""

    code = "not_yours"


class NotAsked(HandoffError):
    """This question is not yours to answer, was answered already, or is over."""

    code = "not_asked"


class AskedThemselves(HandoffError):
    """You cannot ask yourself."""

    code = "asked_themselves"


class NewMessageAbove(HandoffError):
    """The shopper wrote something that this reply has not seen."""

    code = "new_message_above"


class UnknownDisposition(HandoffError):
    """There is no such disposition."""

    code = "unknown_disposition"


class AlreadyRated(HandoffError):
    """A rating can be revised once, within 30 days."""

    code = "already_rated"


class NoSuchPromise(HandoffError):
    """There is no such promise."""

    code = "no_such_promise"


class PromiseEnded(HandoffError):
    """This promise was kept, broken or taken back already."""

    code = "promise_ended"


class NoSuchAllowance(HandoffError):
    """There is no such request for an allowance."""

    code = "no_such_allowance"


class AllowanceDecided(HandoffError):
    """A supervisor has decided on this allowance already."""

    code = "allowance_decided"


class OwnAllowance(HandoffError):
    """Nobody decides on what they asked for themselves."""

    code = "own_allowance"


class NoSuchRating(HandoffError):
    """This conversation has no rating."""

    code = "no_such_rating"


class AppealClosed(HandoffError):
    """A rating can be appealed once, by its agent, within 30 days."""

    code = "appeal_closed"


class NoSuchFollowUp(HandoffError):
    """There is no such follow-up, or it has ended."""

    code = "no_such_follow_up"


class UnknownDetail(HandoffError):
    """There is no such detail below this disposition."""

    code = "unknown_detail"


class PolicyChanged(HandoffError):
    """Somebody applied another policy in the meantime."""

    code = "policy_changed"


class NoSuchPolicy(HandoffError):
    """There is no policy revision with this number."""

    code = "no_such_policy"


class NothingToMark(HandoffError):
    """This conversation was never handed to a person."""

    code = "nothing_to_mark"


class PictureKindUnknown(HandoffError):
    """Only JPEG, PNG, WebP and GIF pictures and MP4, MOV and WebM videos can be sent."""

    code = "picture_kind_unknown"


class PictureUnreadable(HandoffError):
    """The picture is damaged and cannot be opened."""

    code = "picture_unreadable"


class PictureTooManyPixels(HandoffError):
    """The picture has more pixels than a picture may have."""

    code = "picture_too_many_pixels"


class NoSuchPicture(HandoffError):
    """There is no such picture to send in this conversation."""

    code = "no_such_picture"


class PictureSentAlready(HandoffError):
    """The picture was sent with another message."""

    code = "picture_sent_already"


class NobodyToTell(HandoffError):
    """No colleague has this conversation now."""

    code = "nobody_to_tell"


class MovedFarEnough(HandoffError):
    """It cannot be moved so far; supervisors may move one by a few minutes only."""

    code = "moved_far_enough"
