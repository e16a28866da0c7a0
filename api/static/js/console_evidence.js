// Decides how the evidence of a reason is told: the shopper's words first, then what was measured.

import { t } from "./words.js";
import { make } from "./desk_dom.js";
import { dispositionWord, emotionWord, percent, reasonWord, sensitiveWord } from "./console_words.js";

const TELL = {
  asked_for_human: (e) => [quoted(e.words), sure(e.intent_confidence)],
  shopper_accepted_offer: (e) => [
    quoted(e.words),
    e.offered?.length && t("It was offered because: %(why)s", { why: e.offered.map(reasonWord).join(t(", ")) }),
  ],
  angry: felt,
  dissatisfied: felt,
  sad: felt,
  rising_emotion: (e) => [
    (e.trace ?? []).map((one) => `${emotionWord(one.label)} ${percent(one.intensity)}`).join(" → "),
    quoted((e.trace ?? []).at(-1)?.words),
  ],
  not_understood: failed,
  not_helpful: failed,
  repeated_question: (e) => [
    e.times && t("Asked %(n)s times in other words", { n: e.times }),
    e.similarity?.length && t("Up to %(share)s alike", { share: percent(Math.max(...e.similarity)) }),
  ],
  sensitive: (e) => [e.kind && sensitiveWord(e.kind), quoted(e.words)],
  bot_failure: (e) => [failureWord(e.failure)],
  mild_emotion: felt,
  picture_sent: (e) => [t("%(n)s photos", { n: e.pictures })],
  human_first: (e) => [
    t("Rule %(n)s of the reception in config.yml", { n: e.rule }),
    e.share < 1 && t("%(n)s of 100 such conversations go to a person first", { n: Math.round(e.share * 100) }),
  ],
  form_given_up: () => [t("The proof of identity failed too often or was given up.")],
  change_needs_person: prepared,
  reopened: (e) => [
    e.disposition && t("Settled before as: %(how)s", { how: dispositionWord(e.disposition) }),
    e.times > 1 && t("Came back %(n)s times", { n: e.times }),
  ],
  order_at_risk: (e) => [
    `${troubleWord(e.trouble)} · ${e.total} ${e.currency}`,
    t("Orders from %(amount)s on are looked after by people", { amount: e.threshold }),
  ],
};

// One reason with everything it rests on.
export function reasonElement({ code, evidence = {} }) {
  const told = (TELL[code]?.(evidence) ?? rest(evidence)).filter(Boolean);
  return make("li", { class: `reason reason-${code}` },
    make("strong", { text: reasonWord(code) }),
    told.map((line) => make("span", { class: "reason-line", text: line, dir: "auto" })));
}

// What the shopper has already said yes to: it only has to be carried out.
function prepared(e) {
  return [
    t("The shop's system cannot make the change by itself."),
    e.order_number && t("Order %(number)s", { number: e.order_number }),
    e.item && t("Item: %(item)s", { item: e.item }),
    e.problem && t("What happened: %(words)s", { words: e.problem }),
    e.remedy && wishWord(e.remedy),
    e.new_address && t("New address: %(address)s", { address: e.new_address }),
  ];
}

function wishWord(remedy) {
  const known = { refund: t("Wants a refund"), replacement: t("Wants a replacement") };
  return known[remedy] ?? remedy;
}

function felt(e) {
  return [
    e.intensity !== undefined && t("%(mood)s at %(share)s; handed over from %(threshold)s", {
      mood: emotionWord(e.label), share: percent(e.intensity), threshold: percent(e.threshold),
    }),
    quoted(e.words),
  ];
}

function failed(e) {
  return [
    e.failed_turns && t("%(n)s answers in a row did not help", { n: e.failed_turns }),
    e.abstained && t("The bot found nothing: %(n)s×", { n: e.abstained }),
    e.not_helpful && t("The shopper said “not helpful”: %(n)s×", { n: e.not_helpful }),
  ];
}

function sure(confidence) {
  return confidence ? t("Recognised with %(share)s", { share: percent(confidence) }) : "";
}

function quoted(words) {
  const list = [words ?? []].flat().filter(Boolean);
  return list.map((one) => t("“%(words)s”", { words: one })).join(" ");
}

function troubleWord(trouble) {
  const known = { late: t("The order is late"), lost: t("The parcel is lost"), complaint: t("The shopper complains about the order") };
  return known[trouble] ?? String(trouble ?? "");
}

function failureWord(failure) {
  const known = {
    timeout: t("It did not answer in time"),
    lease_expired: t("It stopped in the middle of its answer"),
    unreachable: t("It could not be reached"),
    not_ready: t("It was still starting"),
    breaker_open: t("It had failed several times just before"),
  };
  return known[failure] ?? String(failure ?? "").replaceAll("_", " ");
}

// Evidence of a kind nobody foresaw is shown as it stands, never hidden.
function rest(evidence) {
  return Object.entries(evidence)
    .filter(([name, value]) => name !== "bot" && value !== null && typeof value !== "object")
    .map(([name, value]) => `${name.replaceAll("_", " ")}: ${value}`);
}
