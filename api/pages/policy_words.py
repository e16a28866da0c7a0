"""Decides in which words every rule for handing over is explained, and which numbers belong to it."""

from __future__ import annotations

from dataclasses import dataclass

from handoff.decisions import FIXED

#: what a rule may do; sentences of the catalogue
DOES = {
    "handoff": "A person takes over",
    "offer": "A person is offered",
    "off": "Nothing",
}


@dataclass(frozen=True, kw_only=True)
class Number:
    """A threshold and its slider."""

    name: str
    label: str
    least: float
    most: float
    step: float
    #: share | count | amount
    unit: str


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule; title and sentence are of the catalogue."""

    code: str
    title: str
    sentence: str
    numbers: tuple[Number, ...] = ()

    @property
    def is_fixed(self) -> bool:
        return self.code in FIXED


def _share(name: str, label: str) -> Number:
    return Number(name=name, label=label, least=0.05, most=1, step=0.01, unit="share")


def _count(name: str, label: str, *, most: int, least: int = 1) -> Number:
    return Number(name=name, label=label, least=least, most=most, step=1, unit="count")


RULES = (
    Rule(
        code="asked_for_human",
        title="Asked for a person",
        sentence="The shopper asks for a person in plain words, or the bot is this sure that a person is wanted. Words that only look like it (artificial leather, cleaning agent) do not count.",
        numbers=(_share("ask_confidence", "Sure without plain words from"),),
    ),
    Rule(
        code="shopper_accepted_offer",
        title="Accepted the offer of a person",
        sentence="The shopper says yes to the offer of a person.",
    ),
    Rule(
        code="sensitive",
        title="Sensitive matter",
        sentence="The words touch danger, injury, a crisis, the law, fraud or personal data.",
    ),
    Rule(
        code="bot_failure",
        title="The bot failed",
        sentence="The bot gave no usable reply: it was down, too slow, or stopped in the middle.",
    ),
    Rule(
        code="angry",
        title="Angry",
        sentence="A message is angry at least this strongly.",
        numbers=(_share("anger_intensity", "Anger from"),),
    ),
    Rule(
        code="rising_emotion",
        title="Getting more upset",
        sentence="So many messages in a row are each more upset than the one before.",
        numbers=(_count("rising_steps", "Steps up in a row", most=6),),
    ),
    Rule(
        code="order_at_risk",
        title="A valuable order in trouble",
        sentence="An order of at least this total, proved to be the shopper's, is late, lost or complained about. The bot first tells what it knows. Each order once.",
        numbers=(
            Number(
                name="valuable_order",
                label="Order total from",
                least=0,
                most=10_000,
                step=100,
                unit="amount",
            ),
        ),
    ),
    Rule(
        code="not_understood",
        title="The bot could not help",
        sentence="So many times the bot found nothing or the shopper said “not helpful”, with no help in between; the last time it found nothing.",
        numbers=(_count("failed_turns", "Failures before it counts", most=6),),
    ),
    Rule(
        code="not_helpful",
        title="The answers did not help",
        sentence="The same count of failures, and the last one was a “not helpful”.",
    ),
    Rule(
        code="form_given_up",
        title="Gave up on the form",
        sentence="The proof of identity failed too often or was given up.",
    ),
    Rule(
        code="change_needs_person",
        title="The change needs a person",
        sentence="The shop's system cannot make the change by itself.",
    ),
    Rule(
        code="mild_emotion",
        title="Mildly upset",
        sentence="A message is dissatisfied, sad or angry at least this strongly. Offered once, then not again for the pause.",
        numbers=(
            _share("dissatisfied_offer", "Displeasure from"),
            _count(
                "offer_pause_turns", "Turns without another offer", least=0, most=12
            ),
        ),
    ),
    Rule(
        code="picture_sent",
        title="Sent photos",
        sentence="Photos came without words, or in a complaint or a return, or where the bot is not sure. The bot cannot see them.",
    ),
    Rule(
        code="unclear_request",
        title="A person is only mentioned",
        sentence="“Agent” or “客服” is mentioned and it is unclear whether one is wanted.",
    ),
    Rule(
        code="repeated_question",
        title="Asked the same again",
        sentence="The same question comes back this often, in whatever words.",
        numbers=(
            _count("repeated_questions", "Times it came back", most=5),
            _share("repeated_similarity", "Alike from"),
        ),
    ),
    Rule(
        code="repeated_after_offer",
        title="Still the same question after the offer",
        sentence="The offer was passed over and the question comes back once more.",
    ),
)
