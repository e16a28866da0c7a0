// Decides how an agent says "back at half past" and "my shift ends at six", and what the bar shows of it.

import { clockTime, t } from "./words.js";
import { announce } from "./desk_dom.js";
import { put } from "./desk_api.js";

const byId = (id) => document.getElementById(id);
const MINUTE = 60_000;

export function showPause({ back_at: back, shift_ends_at: ends }) {
  byId("pause-note").textContent = back
    ? t("back at %(time)s", { time: clockTime(new Date(back)) })
    : ends ? t("shift until %(time)s", { time: clockTime(new Date(ends)) }) : "";
  if (ends) byId("shift-end").value = wall(new Date(ends));
}

// `onChange(me)` is told what the desk made of it.
export function wirePause({ onChange }) {
  const dialog = byId("pause-dialog");
  const say = async (path, body, words) => {
    try {
      onChange(await put(path, body));
      dialog.close();
      announce(words);
    } catch (error) {
      announce(error.message, { kind: "error" });
    }
  };
  const away = (until) => say("presence", { state: "away", back_at: until.toISOString() },
    t("You are on a break until %(time)s.", { time: clockTime(until) }));
  byId("pause").addEventListener("click", () => {
    byId("pause-back").value ||= wall(new Date(Date.now() + 15 * MINUTE));
    dialog.showModal();
  });
  byId("pause-begin").addEventListener("click", () => {
    const until = next(byId("pause-back").value);
    if (until) away(until);
    else byId("pause-back").focus();
  });
  for (const button of dialog.querySelectorAll("[data-minutes]")) {
    button.addEventListener("click", () => away(new Date(Date.now() + button.dataset.minutes * MINUTE)));
  }
  const shift = (at, words) => say("presence/shift", { ends_at: at }, words);
  byId("shift-plan").addEventListener("click", () => {
    const at = next(byId("shift-end").value);
    if (at) shift(at.toISOString(), t("Your shift ends at %(time)s.", { time: clockTime(at) }));
    else byId("shift-end").focus();
  });
  byId("shift-open").addEventListener("click", () => shift(null, t("Your shift has no fixed end.")));
  byId("shift-now").addEventListener("click", () => shift(new Date(Date.now() - 2 * MINUTE).toISOString(),
    t("Your shift is over. Your conversations are back in the line.")));
}

// The next time the clock on the wall shows this: today, or tomorrow.
function next(time) {
  if (!/^\d\d:\d\d$/.test(time)) return null;
  const [hour, minute] = time.split(":").map(Number);
  const at = new Date();
  at.setHours(hour, minute, 0, 0);
  if (at <= new Date()) at.setDate(at.getDate() + 1);
  return at;
}

function wall(date) {
  return `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
}
