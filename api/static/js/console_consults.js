// Decides how an agent asks a colleague, and how the asked one sees the question and answers it.

import { t } from "./words.js";
import { make, announce, patch } from "./desk_dom.js";
import { get, post } from "./desk_api.js";
import { newId } from "./outbox.js";
import { askWhom } from "./console_dialogs.js";

const byId = (id) => document.getElementById(id);

// `context()` gives {id, version} of the open thread; `onOpen(id)` shows one; `onAnswered(id)`
// hears that its thread is closed to us again; `onFresh()` that somebody asked.
export class Consults {
  #asked = [];
  #known = null;
  #sending = null; // {id, text, client_id}: a retry answers once

  constructor({ context, onOpen, onAnswered, onFresh, onEmpty }) {
    Object.assign(this, { context, onOpen, onAnswered, onFresh, onEmpty });
    this.form = byId("consult-answer");
    this.field = byId("consult-text");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#answer();
    });
  }

  async ask() {
    const { id, version } = this.context();
    const clientId = newId();
    const given = await askWhom("consult-dialog", byId("consult-colleagues"), { takesFull: true });
    if (!given?.agent || !given.question.trim()) return;
    try {
      await post(`conversations/${id}/consults`, {
        client_id: clientId, to_agent_id: given.agent, text: given.question, assignment_version: version,
      });
      announce(t("Asked. The answer comes as a note in this thread."));
    } catch (error) {
      if (error.status === undefined) throw error;
      announce(error.message, { kind: "error" });
    }
  }

  async refresh() {
    const asked = await get("consults").catch(() => null);
    if (!asked) return;
    this.#asked = asked;
    patch(byId("list-asked"), asked.map((one) => this.#row(one)));
    byId("count-asked").textContent = asked.length;
    byId("tab-asked").hidden = !asked.length;
    if (!asked.length) this.onEmpty();
    if (asked.some((one) => this.#known && !this.#known.has(one.id))) this.onFresh();
    this.#known = new Set(asked.map((one) => one.id));
    this.show();
  }

  // The box under the thread, while the open one is one we were asked about.
  show() {
    const one = this.#current();
    this.form.hidden = !one;
    if (!one) return;
    byId("consult-question").textContent = t("%(name)s asks: %(question)s", {
      name: one.asker_name ?? t("A colleague"), question: one.question,
    });
  }

  #current() {
    const { id } = this.context();
    return this.#asked.find((one) => one.conversation_id === id);
  }

  #row(one) {
    const button = make("button", { type: "button", class: "row-open", on: { click: () => this.onOpen(one.conversation_id) } },
      make("span", { class: "row-top" }, make("span", { class: "row-name", text: one.asker_name ?? t("A colleague"), dir: "auto" })),
      make("span", { class: "row-last", text: one.question, dir: "auto" }));
    const element = make("li", { class: "row-item" }, button);
    element.dataset.key = element.dataset.print = one.id;
    return element;
  }

  async #answer() {
    const one = this.#current();
    const text = this.field.value.trim();
    if (!one || !text) return;
    if (this.#sending?.id !== one.id || this.#sending.text !== text) this.#sending = { id: one.id, text, clientId: newId() };
    try {
      await post(`consults/${one.id}/answer`, { client_id: this.#sending.clientId, text });
      this.field.value = "";
      this.#sending = null;
      this.onAnswered(one.conversation_id);
      announce(t("Your answer is in the thread."));
    } catch (error) {
      if (error.status === undefined) throw error;
      announce(error.message, { kind: "error" });
    }
    await this.refresh();
  }
}
