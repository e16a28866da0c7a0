// Decides how open promises, wishes, follow-ups and ratings are listed and dealt with.

import { t } from "./words.js";
import { make, icon, announce, facts, tryTo } from "./desk_dom.js";
import { get, post } from "./desk_api.js";
import { ask } from "./console_dialogs.js";
import { allowanceItem, promiseItem, when } from "./console_care.js";
import "./desk.js";

const LOOK_EVERY = 30000;
// Whoever decides sees what anybody owes.
const PROMISES = facts.decides ? "promises?whose=all" : "promises";
const byId = (id) => document.getElementById(id);

const CAUSES = {
  duty_on_free_shipping: () => t("Duty in spite of free shipping"), card_fee: () => t("A fee for the card"),
  picture_differs: () => t("It differs from the picture"), late: () => t("It came late"), faulty: () => t("Faulty or wrong"),
  attitude: () => t("How they were spoken to"), not_solved: () => t("It was not solved"), other: () => t("Another cause"),
};
const STEPS = {
  read_thread: () => t("Read the whole conversation"),
  check_duty_shown: () => t("Check whether the page said who pays duty"),
  explain_duty: () => t("Explain who asks for the duty, and why"),
  offer_part_of_duty: () => t("Offer to bear a part of it"),
  correct_page: () => t("Have the page corrected"),
  check_who_charged: () => t("Find out who took the fee"),
  explain_card_fee: () => t("Explain the fee of the bank or the card"),
  offer_coupon: () => t("Offer a coupon"),
  ask_for_photo: () => t("Ask for a photo"),
  compare_with_page: () => t("Compare it with the page"),
  offer_return_or_part_refund: () => t("Offer a return, or a part of the price"),
  check_parcel: () => t("Look where the parcel is and name the next date."),
  apologise_name_date: () => t("Apologise and name a date"),
  offer_compensation: () => t("Offer compensation within the limits"),
  offer_replacement_or_refund: () => t("Offer a replacement or the money back"),
  tell_warehouse: () => t("Tell the warehouse"),
  apologise_as_supervisor: () => t("Apologise as a supervisor"),
  talk_with_agent: () => t("Talk with the agent"),
  solve_now: () => t("Solve it now"), tell_result: () => t("Tell the shopper the result"),
  note_gap: () => t("Note what was missing, so that it does not happen again"),
  ask_what_went_wrong: () => t("Ask what went wrong"), offer_solution: () => t("Offer a solution"),
};
const APPEALS = { open: () => t("Objected to"), upheld: () => t("Counts no more"), rejected: () => t("Objection refused") };

const threadLink = (id, text) => make("a", { href: `/console#${id}`, text });
const nothing = (text) => make("p", { class: "quiet", text });

const owner = (promise) => (promise.agent_id === facts.me.id ? null : promise.agent_name);

const act = (step, words) => tryTo(step, words).then(show);

function followUp(one) {
  const path = `follow-ups/${one.conversation_id}`;
  const steps = one.steps.map(({ step, done_at: at }) => {
    const box = make("input", {
      type: "checkbox", checked: Boolean(at), "data-step": `${one.conversation_id}:${step}`,
      on: { change: () => act(() => post(`${path}/steps`, { step, is_done: box.checked }), t("Kept.")) },
    });
    return make("li", {}, make("label", {}, box, STEPS[step]?.() ?? step));
  });
  const end = (outcome, text, kind = "quiet") => make("button", {
    type: "button", class: `button ${kind}`, text, on: { click: () => act(() => post(`${path}/end`, { outcome }), t("Put on record.")) },
  });
  return make("li", { class: "task-card" },
    make("p", {}, make("strong", { text: CAUSES[one.cause]?.() ?? one.cause }), " ",
      make("span", { class: `tag ${one.is_late ? "bad" : ""}`, text: one.is_late ? t("Overdue since %(time)s", { time: when(one.due_at) }) : t("Until %(time)s", { time: when(one.due_at) }) }), " ",
      threadLink(one.conversation_id, t("The conversation"))),
    make("ol", { class: "task-steps" }, steps),
    make("div", { class: "actions" }, end("not_justified", t("Not justified")), end("not_reached", t("Not reached")), end("settled", t("Settled"), "")));
}

function rating(one) {
  const path = `conversations/${one.conversation_id}/rating/appeal`;
  const scores = [[t("As described"), one.accuracy], [t("Communication"), one.communication], [t("Delivery"), one.delivery]]
    .filter(([, score]) => score).map(([name, score]) => `${name} ${score}`).join(" · ");
  const decide = (isUpheld, text) => make("button", {
    type: "button", class: "button quiet", text, on: { click: () => act(() => post(`${path}/decision`, { is_upheld: isUpheld }), t("Put on record.")) },
  });
  const object = async () => {
    byId("appeal-reason").value = "";
    const given = await ask("appeal-dialog");
    if (given) act(() => post(path, { reason: given.reason }), t("A supervisor will decide."));
  };
  return make("li", { class: "task-card" },
    make("p", {}, make("strong", { text: t("%(stars)s of 5 stars", { stars: one.stars }) }), " ",
      make("span", { class: "quiet", text: [one.agent_name, when(one.rated_at), scores].filter(Boolean).join(" · ") }), " ",
      APPEALS[one.appeal] ? make("span", { class: "tag", text: APPEALS[one.appeal]() }) : null),
    one.comment ? make("p", { text: one.comment, dir: "auto" }) : null,
    one.appeal_reason ? make("p", { class: "quiet", text: t("Objection: %(reason)s", { reason: one.appeal_reason }), dir: "auto" }) : null,
    make("div", { class: "actions" },
      one.may_appeal ? make("button", { type: "button", class: "button quiet", on: { click: object } }, icon("flag"), t("Object")) : null,
      one.appeal === "open" && facts.decides && one.agent_id !== facts.me.id ? [decide(false, t("It counts")), decide(true, t("It counts no more"))] : null));
}

function fill(id, items, empty) {
  const place = byId(id);
  const step = place.contains(document.activeElement) ? document.activeElement.dataset.step : null;
  place.replaceChildren(items.length ? make("ul", { class: "care-list" }, items) : nothing(empty));
  if (step) [...place.querySelectorAll("[data-step]")].find((one) => one.dataset.step === step)?.focus();
}

async function show() {
  try {
    const [promises, allowances, followUps, ratings] = await Promise.all([PROMISES, "allowances", "follow-ups", "ratings"].map(get));
    fill("promises", promises.map((one) => promiseItem(one, { onChange: show, link: true, owner: owner(one) })), t("Nothing is owed to anybody."));
    fill("allowances", allowances.map((one) => allowanceItem(one, { onChange: show, link: true })), t("Nothing waits for a supervisor."));
    fill("follow-ups", followUps.map(followUp), t("No bad rating waits for anything."));
    fill("ratings", ratings.map(rating), t("No ratings yet."));
  } catch (error) {
    announce(error.message, { kind: "error" });
  }
}

await show();
setInterval(() => {
  const isWriting = document.activeElement?.matches("input, textarea") || document.querySelector("dialog[open]");
  if (!document.hidden && !isWriting) show();
}, LOOK_EVERY);
