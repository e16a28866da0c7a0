// Decides what a supervisor does with a colleague's conversation, and how a whisper reaches its owner.

import { t } from "./words.js";
import { make, icon } from "./desk_dom.js";
import { post } from "./desk_api.js";
import { askAnew } from "./console_dialogs.js";
import { nameOf } from "./console_queue.js";

const byId = (id) => document.getElementById(id);
const key = (id) => `warmline:whisper:${id}`;

export class Supervising {
  #shown = new Map(); // conversation id -> the seq that was dismissed or is on screen

  constructor({ thread, act, onOpen, onTaken, onWhisper }) {
    Object.assign(this, { thread, act, onOpen, onTaken, onWhisper });
    byId("whisper")?.addEventListener("click", () => this.#whisper());
    byId("take-over")?.addEventListener("click", () => this.#takeOver());
  }

  // The steps are there for conversations of colleagues alone.
  show() {
    const place = byId("actions-supervisor");
    if (place) place.hidden = this.thread.status !== "assigned" || this.thread.isMine;
  }

  async #whisper() {
    const { id } = this.thread;
    const given = await askAnew("whisper-dialog");
    if (!given?.text.trim()) return;
    await this.act(
      () => post(`conversations/${id}/whisper`, { client_id: crypto.randomUUID(), text: given.text }),
      t("The agent was told."));
  }

  async #takeOver() {
    const { id, version } = this.thread;
    const done = await this.act(
      () => post(`conversations/${id}/take-over`, { assignment_version: version }), t("It is yours now."));
    if (done) await this.onTaken(id);
  }

  // The newest whisper of each of my conversations, once.
  hear(rows = []) {
    const own = new Set(rows.map((row) => row.id));
    for (const one of byId("whispers").children) if (one.dataset.id && !own.has(one.dataset.id)) one.remove();
    for (const row of rows) {
      if (!row.whisper || row.whisper.seq <= this.#last(row.id)) continue;
      this.#shown.set(row.id, row.whisper.seq);
      this.#pop(row);
      this.onWhisper({ id: row.id, name: row.whisper.name });
    }
  }

  // Half-written words of somebody who lost the conversation stay until they put them away.
  keep(id, text) {
    if (!text.trim()) return;
    const box = make("section", { class: "whisper" },
      make("p", { class: "whisper-from" }, icon("person-check"), t("Somebody else has this conversation now. This is what you had not sent:")),
      make("p", { class: "whisper-text", text, dir: "auto" }),
      make("p", { class: "whisper-ways" },
        make("button", { type: "button", class: "button quiet", text: t("Copy"), on: { click: () => navigator.clipboard?.writeText(text) } }),
        make("button", { type: "button", class: "button", text: t("Close"), on: { click: () => box.remove() } })));
    box.dataset.draft = id;
    byId("whispers").append(box);
  }

  #last(id) {
    try {
      return Math.max(this.#shown.get(id) ?? 0, Number(localStorage.getItem(key(id)) ?? 0));
    } catch {
      return this.#shown.get(id) ?? 0;
    }
  }

  #pop(row) {
    const { name, text, seq } = row.whisper;
    byId("whispers").querySelector(`[data-id="${row.id}"]`)?.remove();
    const read = () => {
      try {
        localStorage.setItem(key(row.id), String(seq));
      } catch { /* shown again after a reload */ }
      box.remove();
    };
    const box = make("section", { class: "whisper" },
      make("p", { class: "whisper-from" }, icon("chat-quote"),
        t("%(name)s whispers about %(shopper)s. The shopper does not see it.", { name, shopper: nameOf(row) })),
      make("p", { class: "whisper-text", text, dir: "auto" }),
      make("p", { class: "whisper-ways" },
        make("button", { type: "button", class: "button quiet", text: t("Open"), on: { click: () => { read(); this.onOpen(row.id); } } }),
        make("button", { type: "button", class: "button", text: t("Understood"), on: { click: read } })));
    box.dataset.id = row.id;
    byId("whispers").append(box);
  }
}
