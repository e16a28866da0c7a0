// Decides what is asked before a conversation changes hands or ends.

import { clockTime, t } from "./words.js";
import { make, facts } from "./desk_dom.js";
import { get } from "./desk_api.js";

// Shows the dialog and gives its form's values, or null when it was closed.
export function ask(id) {
  const dialog = document.getElementById(id);
  const form = dialog.querySelector("form");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "ok" ? Object.fromEntries(new FormData(form)) : null);
    }, { once: true });
  });
}

export function show(id) {
  const dialog = document.getElementById(id);
  if (!dialog.open) dialog.showModal();
}

// The same with an empty form: nothing of the last time may go along.
export function askAnew(id) {
  document.getElementById(id).querySelector("form").reset();
  return ask(id);
}

// Which colleague or skill, and what they should know; null when closed.
export async function askColleague() {
  const given = await askWhom("transfer-dialog", document.getElementById("colleagues"));
  if (!given?.agent) return null;
  const skill = given.agent.startsWith("skill:") ? given.agent.slice(6) : null;
  return { note: given.note, skill, agent: skill ? null : given.agent };
}

// The form's values with one of the colleagues in `list`; `takesFull` when it is no work for them.
export async function askWhom(dialog, list, { takesFull = false } = {}) {
  list.replaceChildren(make("p", { class: "quiet", text: t("Looking who is there…") }));
  const answer = askAnew(dialog);
  try {
    const { colleagues } = await get("/console/colleagues");
    const others = colleagues.filter((one) => one.id !== facts.me.id);
    list.replaceChildren(...(others.length
      ? others.map((one) => choice(one, takesFull))
      : [make("p", { class: "quiet", text: t("Nobody else may serve shoppers. Release the conversation to the line instead.") })]));
    list.querySelector("input:not(:disabled)")?.focus();
  } catch (error) {
    list.replaceChildren(make("p", { class: "problem", role: "alert", text: error.message }));
  }
  return answer;
}

function choice(one, takesFull) {
  const isFull = !takesFull && one.load >= one.capacity;
  const presence = one.state === "available" ? t("Available")
    : one.state !== "away" ? t("Not signed in")
    : one.back_at ? t("Away until %(time)s", { time: clockTime(new Date(one.back_at)) }) : t("Away");
  const input = make("input", {
    type: "radio", name: "agent", value: one.id, required: true,
    disabled: isFull,
  });
  return make("label", { class: "choice" }, input,
    make("span", { class: "choice-name", text: one.name, dir: "auto" }),
    make("span", { class: `presence presence-${one.state}`, text: presence }),
    make("span", { class: "quiet", text: isFull
      ? t("Full: %(load)s of %(capacity)s", one) : t("%(load)s of %(capacity)s conversations", one) }));
}
