// Decides how promises and allowances of the open conversation are shown, corrected and settled.

import { t, language } from "./words.js";
import { make, icon, announce, facts } from "./desk_dom.js";
import { get, post, put } from "./desk_api.js";
import { ask } from "./console_dialogs.js";
import { newId } from "./outbox.js";

const byId = (id) => document.getElementById(id);
const instant = new Intl.DateTimeFormat(language, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });

export const when = (text) => instant.format(new Date(text));
export const kindWord = (kind) => ({ coupon: t("Coupon"), compensation: t("Compensation"), refund: t("Refund") })[kind] ?? kind;
export const allowanceWord = (state) => ({
  waits: t("Waiting for a supervisor"), refused: t("Refused"), granted: t("Granted"), approved: t("Agreed to"),
  told: t("Taken on by the shop"), prepared: t("To be entered in the shop's system"), failed: t("No clear answer from the shop"),
})[state] ?? state;
const promiseWord = (state) => ({ kept: t("Kept"), broken: t("Broken"), withdrawn: t("No promise") })[state] ?? "";

// What a datetime field wants: the wall clock of this device, without a zone.
function local(text) {
  const at = new Date(text);
  return new Date(at - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

// `owner`: who owes it, where that is somebody else.
export function promiseItem(promise, { onChange, link = false, owner = null }) {
  const act = async (step, words) => {
    try {
      await step();
      announce(words);
    } catch (error) {
      announce(error.message, { kind: "error" });
    }
    onChange();
  };
  const end = (how, words) => act(() => post(`promises/${promise.id}/end`, { how }), words);
  const words = make("span", { class: "care-words", text: promise.words, dir: "auto" });
  if (promise.state !== "open") {
    return make("li", { class: "care-item" }, icon("clock-history"), words,
      make("span", { class: `tag ${{ kept: "good", broken: "bad" }[promise.state] ?? ""}`, text: promiseWord(promise.state) }));
  }
  const due = make("input", {
    type: "datetime-local", class: "form-control", value: local(promise.due_at), "aria-label": t("Due"),
    on: { change: () => act(() => put(`promises/${promise.id}`, { due_at: new Date(due.value).toISOString() }), t("The time was corrected.")) },
  });
  return make("li", { class: "care-item" }, icon("clock"),
    link ? make("a", { href: `/console#${promise.conversation_id}`, class: "care-words", text: promise.words, dir: "auto" }) : words,
    owner ? make("span", { class: "quiet", text: owner }) : null,
    promise.is_pressing ? make("span", { class: "tag warn", text: t("Due soon") }) : null,
    due,
    make("button", { type: "button", class: "button quiet", text: t("Kept"), on: { click: () => end("kept", t("Put on record as kept.")) } }),
    make("button", { type: "button", class: "text-button", text: t("No promise"), on: { click: () => end("withdrawn", t("Taken off the list.")) } }));
}

export function allowanceItem(one, { onChange, link = false }) {
  const decide = async (isApproved) => {
    try {
      const done = await post(`allowances/${one.request_id}/decision`, { is_approved: isApproved, note: note.value.trim() });
      announce(allowanceWord(done.state));
    } catch (error) {
      announce(error.message, { kind: "error" });
    }
    onChange();
  };
  const note = make("input", { class: "form-control", maxLength: 500, placeholder: t("A word to the agent"), "aria-label": t("A word to the agent") });
  const mayDecide = one.state === "waits" && facts.decides && one.asked_by !== facts.me.id;
  const text = `${kindWord(one.kind)} ${one.amount} ${one.currency} · ${one.reason}`;
  return make("li", { class: "care-item" }, icon("gift"),
    link ? make("a", { href: `/console#${one.conversation_id}`, class: "care-words", text, dir: "auto" }) : make("span", { class: "care-words", text, dir: "auto" }),
    one.asked_by_name && link ? make("span", { class: "quiet", text: one.asked_by_name, dir: "auto" }) : null,
    make("span", { class: `tag ${{ waits: "warn", refused: "bad", failed: "bad" }[one.state] ?? "good"}`, text: allowanceWord(one.state) }),
    mayDecide ? [note,
      make("button", { type: "button", class: "button", text: t("Agree"), on: { click: () => decide(true) } }),
      make("button", { type: "button", class: "button quiet", text: t("Refuse"), on: { click: () => decide(false) } })] : null);
}

// The strip above the composer. `context()` gives {id, order}.
export class Care {
  #known = null;

  constructor({ context, onPressing }) {
    Object.assign(this, { context, onPressing });
    this.place = byId("care");
    byId("give").addEventListener("click", () => this.give());
  }

  async refresh() {
    const { id } = this.context();
    if (!id) { this.place.hidden = true; return; }
    try {
      const [promises, allowances] = await Promise.all([get(`conversations/${id}/promises`), get(`conversations/${id}/allowances`)]);
      if (this.context().id !== id) return;
      const onChange = () => this.refresh();
      const items = [
        ...promises.filter((one) => one.state !== "withdrawn").map((one) => promiseItem(one, { onChange })),
        ...allowances.map((one) => allowanceItem(one, { onChange })),
      ];
      const isBusy = this.place.contains(document.activeElement) && document.activeElement.matches("input");
      if (isBusy) return;
      this.place.replaceChildren(make("ul", { class: "care-list" }, items));
      this.place.hidden = !items.length;
    } catch { /* the next ring asks again */ }
  }

  // What is due soon is said once, wherever the agent is looking.
  async watch() {
    const owed = await get("promises").catch(() => null);
    if (!owed) return;
    const pressing = owed.filter((one) => one.is_pressing);
    const fresh = pressing.filter((one) => !this.#known?.has(one.id));
    this.#known = new Set(pressing.map((one) => one.id));
    if (fresh.length) this.onPressing(fresh);
  }

  async give() {
    const { id, order } = this.context();
    if (!id) return;
    byId("give-order").value = order ?? "";
    byId("give-amount").value = byId("give-reason").value = "";
    const key = newId(); // a second press sends the same one, and gives nothing twice
    const given = await ask("give-dialog");
    if (!given) return;
    try {
      const done = await post(`conversations/${id}/allowances`, { ...given, idempotency_key: key });
      announce(allowanceWord(done.state));
    } catch (error) {
      announce(error.message, { kind: "error" });
    }
    this.refresh();
  }
}
