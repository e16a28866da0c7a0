"""Decides what is said to a text that is no request to a shop: orders to a machine, another language.

Such texts get words of their own. What stands in another language is still given to the
bot, which may understand it; the shopper is told once which languages there are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from api.bot.payloads import BotMessage, Press, Say, SayButton
from api.understood import TurnMessage, Understood
from knowledge_base.folding import fold

_COMMANDS = re.compile(
    r"(?:ignore|disregard|forget|override|bypass)\b.{0,30}\b"
    r"(?:instruction|prompt|rule|guideline|direction|system message)s?\b|"
    r"\b(?:system|developer|hidden|initial) (?:prompt|message|instructions?)\b|"
    r"\b(?:reveal|print|show|repeat|output) (?:me )?(?:your|the) (?:\w+ )?(?:prompt|instructions|rules)\b|"
    r"\byou are now (?:dan\b|an? |in |my )|\bjailbreak|\b(?:developer|debug|god|admin) mode\b|"
    r"\bpretend (?:to be|you are|that you)|\bact as (?:an? )?(?:admin|developer|root|hacker|unrestricted)|"
    r"^\s*(?:system|assistant|developer)\s*:|<\|?(?:im_start|system|endoftext)|\[/?inst\]|"
    r"(?:忽略|无视|忘记|忘掉|跳过|绕过).{0,12}(?:指令|提示词|规则|设定|限制|命令)|"
    r"系统提示词|系统提示语|提示词(?:是|发|给|输出|告诉)|越狱模式|(?:开发者|调试|管理员)模式|"
    r"(?:你现在是|从现在起你是|假装你是|扮演).{0,8}(?:管理员|开发者|黑客|dan|没有限制|不受限制)",
    re.IGNORECASE,
)
#: what the bot says when it did not understand
_BESIDE_THE_POINT = frozenset({"chitchat", "say_more", "affirm", "deny"})
PERSON = SayButton(
    label="talk_to_person_label", press=Press(intent="ask_human", entities={})
)


def commands_a_machine(text: str) -> bool:
    """Whether the text tells a language model what to do, instead of asking the shop."""
    return bool(_COMMANDS.search(fold(text)))


def other_language() -> TurnMessage:
    return _say("other_language")


def command_refused() -> TurnMessage:
    return _say("command_refused")


def was_said(key: str, said: Sequence[str]) -> bool:
    """Whether one of its wordings was used in this conversation."""
    return any(wording.partition("#")[0].partition("@")[0] == key for wording in said)


def with_apology(understood: Understood, *, said: Sequence[str]) -> Understood:
    """Say which languages there are, before whatever the bot made of the text."""
    if understood.failure or was_said("other_language", said):
        return understood
    kept = tuple(
        each for each in understood.messages if not _misses_the_point(each.message)
    )
    return replace(understood, messages=(other_language(), *kept))


def _misses_the_point(message: BotMessage) -> bool:
    if message.abstain is not None:
        return True
    return message.say is not None and message.say.say in _BESIDE_THE_POINT


def _say(key: str) -> TurnMessage:
    return TurnMessage(message=BotMessage(say=Say(say=key, buttons=[PERSON])))
