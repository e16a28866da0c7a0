// Decides what is said above the thread: place in the line, honest wait, who answers, no connection.

import { element, picture } from "./message-view.js";
import { dayAndTime, t } from "./words.js";

function strip(kind, drawing, title, detail) {
  return element(
    "div",
    { class: `w-strip ${kind}` },
    picture(drawing),
    element("div", {}, element("strong", { text: title }), detail ? element("span", { text: detail }) : null),
  );
}

/** Where the shopper stands; outside opening hours when somebody will be there. */
export function queueStrip(handoff) {
  if (handoff?.opens_at) {
    return strip(
      "queue",
      "clock",
      t("Our people are back on %(when)s", { when: dayAndTime(new Date(handoff.opens_at)) }),
      t("Your message is kept in the line. You may close this window; the answer will be here."),
    );
  }
  return strip("queue", "clock", place(handoff?.position), waiting(handoff?.wait_seconds));
}

function place(position) {
  if (!position) return t("You are in the line");
  if (position === 1) return t("You are next");
  return t("You are number %(position)s in the line", { position });
}

function waiting(seconds) {
  if (!seconds) return t("A person will answer as soon as one is free.");
  const [low, high] = [seconds.low, seconds.high].map((value) => Math.ceil(value / 60));
  if (high <= 1) return t("A person will answer within about a minute.");
  if (low === high) return t("A person will answer in about %(minutes)s minutes.", { minutes: high });
  return t("A person will answer in about %(low)s to %(high)s minutes.", { low, high });
}

export function agentStrip(name) {
  return strip(
    "agent",
    "headset",
    name ? t("You are talking to %(name)s", { name }) : t("You are talking to a person"),
    t("Everything you wrote so far is known; you need not repeat it."),
  );
}

export function lostStrip() {
  return strip("lost", "exclamation-circle", t("No connection at the moment"),
    t("Keep writing: your messages are kept and sent as soon as it is back."));
}
