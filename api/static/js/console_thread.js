// Decides which conversation is in the middle, what may be done with it, and what was seen of it.

import "./thread.js";
import { t } from "./words.js";
import { make, icon, announce } from "./desk_dom.js";
import { get } from "./desk_api.js";
import { showCard } from "./console_card.js";
import { showMarks } from "./console_marks.js";
import { languageWord, stateWord } from "./console_words.js";
import { nameOf, mood } from "./console_queue.js";

const LOOKED_AT = 1200; // a message counts as read after this long on the screen
const TYPING_SHOWN = 6000;
const byId = (id) => document.getElementById(id);

// The open conversation. `live` is the socket; `onChange()` hears of every new state.
export class OpenThread {
  id = null;
  desk = null;
  seen = 0;
  head = 0;
  #hear = null;
  #typingTimer = 0;

  constructor({ live, onChange, onMessage, onLost }) {
    Object.assign(this, { live, onChange, onMessage, onLost });
    this.element = byId("thread");
    this.element.transport = {
      connect: ({ conversationId, after, onFrame }) => {
        this.#hear = onFrame;
        live.watch(conversationId, after());
        return () => { this.#hear = null; live.unwatch(conversationId); };
      },
      fetch: (id, after) => this.#fetch(id, after),
    };
    this.element.addEventListener("message", (event) => this.#noticed(event.detail));
    live.addEventListener("frame", ({ detail }) => this.#frame(detail));
  }

  get isMine() { return Boolean(this.desk?.mine); }
  get version() { return this.desk?.assignment_version ?? 0; }
  get status() { return this.desk?.conversation?.status ?? null; }

  async open(id, { row = null } = {}) {
    this.id = id;
    this.seen = this.head = 0;
    byId("welcome").hidden = true;
    byId("thread-pane").hidden = false;
    if (row) this.#title(row, row);
    byId("card").replaceChildren(make("p", { class: "card-empty quiet", text: t("Loading…") }));
    try {
      await this.refresh();
    } catch (error) {
      if (this.id !== id) return;
      this.close();
      announce(error.message, { kind: "error" });
      return;
    }
    if (this.id === id) await this.element.start(id);
  }

  close() {
    this.id = this.desk = null;
    showMarks(null);
    this.element.stop();
    byId("thread-pane").hidden = true;
    byId("welcome").hidden = false;
    byId("card").replaceChildren(
      make("p", { class: "card-empty quiet", text: t("The card of the open conversation appears here.") }));
    this.onChange();
  }

  // Status, owner and card anew; the messages come by themselves.
  async refresh() {
    const id = this.id;
    const desk = await get(`conversations/${id}/desk`);
    if (this.id !== id) return;
    const before = JSON.stringify(this.desk?.card ?? null);
    this.desk = desk;
    showMarks(id);
    if (JSON.stringify(desk.card ?? null) !== before || !byId("card").querySelector(".fact")) {
      showCard(byId("card"), desk.card, desk.before);
    }
    this.#draw();
  }

  // A message of ours, known before its frame arrives.
  said(message) {
    if (message?.seq) this.#hear?.({ t: "message", message, conversation_id: this.id });
  }

  #fetch(id, after) {
    return get(`conversations/${id}/desk`).then((desk) => ({
      messages: desk.messages.filter((one) => one.seq > after),
      status: desk.conversation.status,
      handoff: null,
      head: desk.messages.at(-1)?.seq ?? 0,
    }));
  }

  #frame(frame) {
    if (!this.id || frame.conversation_id !== this.id) return;
    if (frame.t === "typing") {
      if (frame.actor === "shopper") this.#showTyping();
      return;
    }
    if (frame.t === "error" && frame.code === "not_yours") {
      this.onLost(this.id);
      this.close();
      announce(t("This conversation belongs to someone else now."));
      return;
    }
    this.#hear?.(frame);
    if (frame.t === "status" && this.desk) this.#moved(frame);
  }

  // Who has it is asked anew only while one may still read it: what has ended is not ours any more.
  #moved({ status, agent_name: name = null }) {
    const { conversation } = this.desk;
    if (conversation.status === status && (conversation.agent_name ?? null) === name) return;
    conversation.status = status;
    conversation.agent_name = name;
    if (["queued", "assigned"].includes(status) && !this.desk.mine) this.refresh().catch(() => {});
    if (status !== "assigned") this.desk.mine = false;
    this.#draw();
  }

  #noticed({ message, isNew }) {
    const id = this.id;
    this.head = Math.max(this.head, message.seq);
    if (message.actor === "shopper") this.#showTyping(false);
    if (!isNew) this.seen = this.head;
    else setTimeout(() => {
      if (this.id === id && !document.hidden) this.seen = Math.max(this.seen, message.seq);
    }, LOOKED_AT);
    if (isNew) this.onMessage(message);
  }

  #showTyping(isTyping = true) {
    clearTimeout(this.#typingTimer);
    byId("thread-typing").hidden = !isTyping;
    if (isTyping) this.#typingTimer = setTimeout(() => this.#showTyping(false), TYPING_SHOWN);
  }

  #draw() {
    const { conversation } = this.desk;
    this.#title({ ...conversation, shopper_name: conversation.shopper_name ?? conversation.shopper?.name }, conversation);
    byId("actions-mine").hidden = !this.isMine;
    byId("actions-waiting").hidden = conversation.status !== "queued";
    byId("thread-pane").toggleAttribute("data-locked", !this.desk.messages.length);
    const ended = byId("thread-ended");
    const words = {
      resolved: t("This conversation has ended."),
      abandoned: t("The shopper left before anyone answered."),
      bot: t("The bot is answering. You read along."),
      queued: this.desk.messages.length ? t("Take the conversation to write to the shopper.") : t("Take the conversation to read and answer it."),
      assigned: this.isMine ? "" : t("%(name)s has this conversation.", {
        name: conversation.agent_name ?? t("A colleague"),
      }),
    }[conversation.status] ?? "";
    ended.hidden = !words;
    ended.textContent = words;
    this.onChange();
  }

  #title(who, { status, language, emotion }) {
    byId("thread-name").textContent = nameOf(who);
    byId("thread-facts").replaceChildren(...[
      make("span", { class: `status status-${status}`, text: stateWord(status) }),
      make("span", {}, icon("translate"), ` ${languageWord(language)}`),
      mood(emotion),
    ].filter(Boolean));
  }
}
