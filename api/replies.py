"""Decides how what the bot answered becomes messages: words, article text, sources and buttons."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from api.bot.payloads import AnswerFound, BotMessage, Choice, Say
from api.buttons import (
    ChosenArticle,
    NoneOfThese,
    OfferReply,
    Pressed,
    Verdict,
    button,
)
from api.markdown import to_text
from api.settings import Language
from api.words import Tone, Words
from handoff.lifecycle import Actor
from knowledge_base.search import Searcher

#: what is shown of an article's title on a button
LONGEST_LABEL = 80
#: near topics shown with an honest "I do not know"
NEAREST = 2


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message that is ready to be appended."""

    text: str
    language: Language
    actor: Actor = Actor.BOT
    kind: str = "text"
    buttons: list[dict[str, Any]] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    meta: dict[str, Any] = field(default_factory=dict)


@dataclass(kw_only=True)
class Writer:
    """Writes one turn's messages: one language, one tone, no wording twice."""

    words: Words
    searcher: Searcher
    language: Language
    tone: Tone
    #: what the shopper asked in this turn; buttons remember it
    question: str
    #: wordings used so far in the conversation, oldest first
    said: list[str]

    def write(self, message: BotMessage) -> Draft | None:
        """The message in words; None for a request, which is carried out, not said."""
        if message.say is not None:
            return self.say_from_bot(message.say)
        if message.answer is not None:
            return self.answer(message.answer)
        if message.clarify is not None:
            return self.clarify(message.clarify)
        if message.abstain is not None:
            return self.abstain(message.abstain.nearest)
        return None

    def say(
        self,
        key: str,
        args: dict[str, Any] | None = None,
        *,
        buttons: list[dict[str, Any]] | None = None,
    ) -> Draft:
        """Words from the catalogue, by key."""
        worded = self.words.render(
            key, self.language, args, tone=self.tone, said=self.said
        )
        self.said.append(worded.wording)
        return Draft(
            text=worded.text,
            language=self.language,
            buttons=buttons or [],
            meta={"say": worded.wording},
        )

    def say_from_bot(self, say: Say) -> Draft:
        pressable = [
            button(self.words.say(each.label, self.language), Pressed(press=each.press))
            for each in say.buttons
        ]
        return self.say(say.say, say.args, buttons=pressable)

    def answer(self, found: AnswerFound) -> Draft:
        """The article's own words, its source, and the question whether it helped."""
        text = self.searcher.answer(found.article_id, language=self.language)
        if text is None:
            # It was retired between the search and now.
            return self.say("article_gone")
        markdown = text.answer_markdown
        if not _is_same_language(text.language, self.language):
            note = self.words.say("answer_in_other_language", self.language)
            markdown = f"{note}\n\n{markdown}"
        address = f"/help/articles/{quote(text.article_id)}?lang={text.language}"
        source = {
            "article_id": text.article_id,
            "revision_id": str(text.revision_id),
            "title": text.title,
            "url": address,
        }
        return Draft(
            text=to_text(markdown),
            language=text.language,
            buttons=self._verdict_buttons(text.article_id),
            sources=[source],
            meta={
                "markdown": markdown,
                "article_id": text.article_id,
                "probability": found.probability,
                "outcome": "answer",
            },
        )

    def clarify(self, choices: list[Choice]) -> Draft:
        """Ask back: which of these was meant?"""
        buttons = [self._choice(each) for each in choices]
        none = self.words.say("none_of_these_label", self.language)
        buttons.append(button(none, NoneOfThese(question=self.question)))
        key = "clarify_one" if len(choices) == 1 else "clarify"
        said = self.say(key, buttons=buttons)
        said.meta["outcome"] = "clarify"
        return said

    def abstain(self, nearest: list[Choice]) -> Draft:
        """Say honestly that there is no sure answer, and what can be done now."""
        buttons = [self._choice(each) for each in nearest[:NEAREST]]
        person = self.words.say("talk_to_person_label", self.language)
        buttons.append(button(person, OfferReply(accepted=True)))
        key = "abstain_with_topics" if nearest else "abstain"
        said = self.say(key, buttons=buttons)
        said.meta["outcome"] = "abstain"
        return said

    def offer_person(self) -> Draft:
        """Ask whether a person should take over."""
        yes = self.words.say("offer_yes_label", self.language)
        no = self.words.say("offer_no_label", self.language)
        return self.say(
            "offer_person",
            buttons=[
                button(yes, OfferReply(accepted=True)),
                button(no, OfferReply(accepted=False)),
            ],
        )

    def _choice(self, choice: Choice) -> dict[str, Any]:
        text = self.searcher.answer(choice.article_id, language=self.language)
        title = (text.title if text is not None else choice.title)[:LONGEST_LABEL]
        meaning = ChosenArticle(article_id=choice.article_id, question=self.question)
        return button(title, meaning)

    def _verdict_buttons(self, article_id: str) -> list[dict[str, Any]]:
        return [
            button(
                self.words.say(label, self.language),
                Verdict(helpful=helpful, article_id=article_id, question=self.question),
            )
            for label, helpful in (
                ("helpful_yes_label", True),
                ("helpful_no_label", False),
            )
        ]


def _is_same_language(written: str, wanted: str) -> bool:
    """Both Chinese scripts are one language to a reader who gets the derived one."""
    return written.partition("-")[0] == wanted.partition("-")[0]
