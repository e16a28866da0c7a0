// Decides what the agent should know before the first word, in the order it is needed.

import { t } from "./words.js";
import { make, icon } from "./desk_dom.js";
import { moodChart } from "./console_chart.js";
import { reasonElement } from "./console_evidence.js";
import { orderSection } from "./console_order.js";
import { entityWord, nextStepWords } from "./console_steps.js";
import { dateAndTime, dispositionWord, intentWord, languageWord, percent } from "./console_words.js";

// Fills `place` with the card, which may be null for a conversation nobody handed over;
// `before` is the ended conversation that this one goes on from.
export function showCard(place, card, before = null) {
  const parts = card
    ? [nextStep(card), why(card), moved(card), settled(card.settled), settled(before), wants(card), orderSection(card), photos(card), moods(card), tried(card), facts(card), hidden(card)]
    : [make("p", { class: "card-empty quiet", text: t("There is no card: the bot did not hand this conversation over.") })];
  place.replaceChildren(...parts.filter(Boolean));
  place.scrollTop = 0;
}

export function section(title, name, ...content) {
  return make("section", { class: "fact" },
    make("h3", {}, icon(name), title), ...content);
}

function nextStep({ next_step: step, open_question: question }) {
  if (!step && !question) return null;
  const { sentence, about } = step ? nextStepWords(step) : { sentence: "", about: [] };
  return make("section", { class: "fact fact-next" },
    make("h3", {}, icon("lightbulb"), t("Suggested next step")),
    sentence ? make("p", { class: "next-step", text: sentence }) : null,
    about.length ? make("p", { class: "next-about" }, about.map((text) => make("span", { class: "tag", text }))) : null,
    question ? make("div", { class: "open-question" },
      make("span", { class: "label", text: t("Still unanswered") }),
      make("blockquote", { text: question, dir: "auto" })) : null);
}

function why({ reasons = [] }) {
  if (!reasons.length) return null;
  return section(t("Why a person is needed"), "flag",
    make("ul", { class: "reasons" }, reasons.map(reasonElement)));
}

// Where a supervisor put it in the line, and why.
function moved({ moved: moves = [] }) {
  if (!moves.length) return null;
  return section(t("Moved in the line"), "arrow-left-right",
    make("ul", { class: "reasons" }, moves.map(({ by, minutes, reason }) => make("li", {
      dir: "auto",
      text: minutes > 0
        ? t("%(name)s, %(n)s min forward: %(reason)s", { name: by, n: minutes, reason })
        : t("%(name)s, %(n)s min back: %(reason)s", { name: by, n: -minutes, reason }),
    }))));
}

// How the same matter ended before: its code, the agent's own summary, and when.
function settled(before) {
  if (!before) return null;
  const end = before.detail ? `${dispositionWord(before.disposition)} · ${before.detail.replaceAll("_", " ")}` : dispositionWord(before.disposition);
  return section(t("Settled before as"), "check-circle",
    make("p", { class: "wish" }, make("strong", { text: end }),
      make("span", { class: "quiet", text: dateAndTime(new Date(before.at)) })),
    before.summary ? make("div", { class: "own-words" },
      make("span", { class: "label", text: t("The agent's summary") }),
      make("blockquote", { text: before.summary, dir: "auto" })) : null);
}

function wants({ wants: wish }) {
  if (!wish) return null;
  const quotes = (wish.own_words ?? []).map((one) =>
    make("blockquote", { text: one.text ?? one, dir: "auto" }));
  const known = (wish.entities ?? []).map((one) =>
    make("li", {}, make("span", { class: "label", text: entityWord(one.entity) }),
      make("span", { class: "mono", text: one.value, dir: "auto" })));
  return section(t("What the shopper wants"), "chat-quote",
    wish.intent ? make("p", { class: "wish" },
      make("strong", { text: intentWord(wish.intent) }),
      wish.confidence ? make("span", { class: "quiet", text: t("understood with %(share)s", { share: percent(wish.confidence) }) }) : null)
      : make("p", { class: "quiet", text: t("The bot did not find out.") }),
    quotes.length ? make("div", { class: "own-words" },
      make("span", { class: "label", text: t("In their own words") }), quotes) : null,
    known.length ? make("ul", { class: "pairs" }, known) : null);
}

function photos({ pictures = 0 }) {
  if (!pictures) return null;
  const look = make("button", {
    type: "button", class: "button quiet", text: t("Look at the photos"),
    on: { click: () => document.querySelector("#thread .msg-photo:not(.gone)")?.click() },
  });
  return section(t("Photos"), "eye",
    make("p", { text: t("The shopper sent %(n)s photos. The bot could not see them.", { n: pictures }) }), look);
}

function moods({ emotion_trace: trace = [] }) {
  if (!trace.length) return null;
  return section(t("Mood over time"), "graph-up", moodChart(trace));
}

const VERDICTS = {
  helpful: () => [t("Helped"), "good", "hand-thumbs-up"],
  not_helpful: () => [t("Did not help"), "bad", "hand-thumbs-down"],
};

function tried({ tried: articles }) {
  if (!articles) return null;
  const list = articles.map((one) => {
    const [word, tone, picture] = VERDICTS[one.verdict]?.() ?? [t("No verdict"), "", "dash-lg"];
    return make("li", { class: "tried" },
      make("a", { href: `/help/articles/${encodeURIComponent(one.article_id)}`, target: "_blank", rel: "noopener", text: one.title, dir: "auto" }),
      make("span", { class: "tried-facts" },
        make("span", { class: "quiet", text: t("Fits with %(share)s", { share: percent(one.probability) }) }),
        make("span", { class: `tag ${tone}` }, icon(picture), word)));
  });
  return section(t("What the bot already tried"), "journal-text", list.length
    ? make("ul", { class: "tried-list" }, list)
    : make("p", { class: "quiet", text: t("No article. Nothing has to be avoided.") }));
}

function facts({ language, verified }) {
  const how = {
    phone: t("Order number and phone"),
    email: t("Order number and e-mail"),
    token: t("Signed in at the shop"),
    signed_token: t("Signed in at the shop"),
  };
  const proof = verified?.how;
  const pair = (label, value, kind = "") => make("li", { class: kind }, make("span", { class: "label", text: label }), value);
  return section(t("Also good to know"), "info-circle", make("ul", { class: "pairs" },
    pair(t("Language"), make("span", { text: languageWord(language) })),
    verified && pair(t("Identity"), proof
      ? make("span", { class: "tag good" }, icon("shield-check"), how[proof] ?? String(proof).replaceAll("_", " "))
      : make("span", { class: "tag warn" }, icon("exclamation-triangle"), t("Not verified: tell nothing of an order yet")), "pair-wide")));
}

// What a shopper said is for whoever serves them; the rest of the line shows the reason alone.
function hidden({ wants: wish }) {
  if (wish) return null;
  return make("p", { class: "card-empty quiet", text: t("Take the conversation to see the shopper's words, the order and what was tried.") });
}
