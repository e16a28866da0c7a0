// Decides how codes and seconds are put into words: nobody at the desk reads a code.

import { t, language } from "./words.js";
import { facts } from "./desk_dom.js";

const REASONS = {
  asked_for_human: () => t("Asked for a person"),
  angry: () => t("Angry"),
  rising_emotion: () => t("Getting more upset"),
  not_understood: () => t("The bot could not help"),
  not_helpful: () => t("The answers did not help"),
  repeated_question: () => t("Asked the same again"),
  sensitive: () => t("Sensitive matter"),
  bot_failure: () => t("The bot failed"),
  form_given_up: () => t("Gave up on the form"),
  shopper_accepted_offer: () => t("Accepted the offer of a person"),
  change_needs_person: () => t("The change needs a person"),
  order_at_risk: () => t("A valuable order in trouble"),
  reopened: () => t("Came back after the end"),
  human_first: () => t("Received by a person first"),
  mild_emotion: () => t("Mildly upset"),
  picture_sent: () => t("Sent photos"),
};

const SENSITIVE = {
  safety: () => t("Product safety"),
  legal: () => t("Legal threat"),
  fraud: () => t("Fraud"),
  privacy: () => t("Personal data"),
  injury: () => t("Injury"),
  crisis: () => t("A person in crisis"),
};

const EMOTIONS = {
  neutral: { word: () => t("Calm"), icon: "emoji-neutral" },
  grateful: { word: () => t("Grateful"), icon: "emoji-smile" },
  anxious: { word: () => t("Anxious"), icon: "emoji-expressionless" },
  sad: { word: () => t("Sad"), icon: "emoji-frown" },
  dissatisfied: { word: () => t("Dissatisfied"), icon: "emoji-frown" },
  angry: { word: () => t("Angry"), icon: "emoji-angry" },
};

const INTENTS = {
  track_order: () => t("Find an order"),
  order_details: () => t("See what was ordered"),
  cancel_order: () => t("Cancel an order"),
  change_address: () => t("Change the address"),
  return_item: () => t("Return something"),
  exchange_item: () => t("Exchange something"),
  refund_status: () => t("Know where the refund is"),
  invoice: () => t("Get an invoice"),
  price_adjustment: () => t("Have a lower price made good"),
  report_problem: () => t("Report something damaged, missing or wrong"),
  lost_parcel: () => t("Have a lost parcel searched for"),
  complain: () => t("Complain"),
  ask_human: () => t("Talk to a person"),
  ask_question: () => t("Have a question answered"),
  out_of_scope: () => t("Something the bot does not know"),
  nlu_fallback: () => t("Something the bot did not understand"),
};

const LANGUAGES = {
  "zh-Hans": () => t("Simplified Chinese"),
  "zh-Hant": () => t("Traditional Chinese"),
  en: () => t("English"),
};

const STATES = {
  bot: () => t("With the bot"),
  queued: () => t("Waiting"),
  assigned: () => t("With an agent"),
  resolved: () => t("Resolved"),
  abandoned: () => t("The shopper left"),
};

// A code nobody gave words to is still readable.
const plain = (code) => String(code ?? "").replaceAll("_", " ");

export const reasonWord = (code) => REASONS[code]?.() ?? plain(code);
export const sensitiveWord = (kind) => SENSITIVE[kind]?.() ?? plain(kind);
export const emotionWord = (label) => EMOTIONS[label]?.word() ?? plain(label);
export const emotionIcon = (label) => EMOTIONS[label]?.icon ?? "emoji-neutral";
export const intentWord = (name) => INTENTS[name]?.() ?? plain(name);
export const languageWord = (code) => LANGUAGES[code]?.() ?? code;
export const dispositionWord = (code) => facts.dispositions?.[code] ?? plain(code);
export const stateWord = (status) => STATES[status]?.() ?? plain(status);

// "3 min 20 s": exact while it is short, rounder as it grows.
export function duration(seconds) {
  const all = Math.max(0, Math.floor(seconds));
  const s = all % 60;
  const m = Math.floor(all / 60) % 60;
  const h = Math.floor(all / 3600);
  if (h >= 24) return t("%(d)s d %(h)s h", { d: Math.floor(h / 24), h: h % 24 });
  if (h) return t("%(h)s h %(m)s min", { h, m });
  if (m >= 10) return t("%(m)s min", { m });
  if (m) return t("%(m)s min %(s)s s", { m, s });
  return t("%(s)s s", { s });
}

const whole = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
export const dateAndTime = (date) => whole.format(date);

export const percent = (share) =>
  new Intl.NumberFormat(language, { style: "percent" }).format(share ?? 0);
