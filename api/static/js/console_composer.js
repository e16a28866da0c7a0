// Decides what leaves the agent's box: a reply or a private note, once, and never unread.

import { t, language } from "./words.js";
import { make, announce } from "./desk_dom.js";
import { post, Problem } from "./desk_api.js";
import { newId, deviceStorage } from "./outbox.js";
import { photoKey } from "./photo-store.js";
import { PhotoTray } from "./photo-tray.js";
import { uploadPhoto } from "./photo-upload.js";

const TYPING_EVERY = 3000;
const HABIT = "warmline:console:enter-sends";
const storage = deviceStorage();

/** Upload what is in the tray; a press that is repeated uploads nothing twice. */
async function carry(id, pending, { blobs, alts }) {
  const path = `/api/v1/conversations/${id}/pictures`;
  const named = [];
  for (const [index, blob] of blobs.entries()) {
    const key = (pending.photos ??= new Map()).get(blob) ?? photoKey(newId(), index);
    pending.photos.set(blob, key);
    const sent = await uploadPhoto(path, blob, { key });
    named.push({ id: sent.id, alt: alts[index] });
  }
  return named;
}

// `context()` gives {id, version, seen, head}; `onSent(message)` shows what was said.
export class Composer {
  #mode = "reply";
  #drafts = new Map();
  #open = null;
  #pending = null; // {client_id, text, mode}: a retry carries the same id
  #composed = 0;
  #typed = 0;

  #tray = null;

  constructor({ context, onSent, onTyping, onLost, onLook = async () => true }) {
    Object.assign(this, { context, onSent, onTyping, onLost, onLook });
    this.form = document.getElementById("composer");
    this.field = document.getElementById("composer-text");
    this.conflict = document.getElementById("composer-conflict");
    this.habit = document.getElementById("enter-sends");
    this.habit.checked = storage.getItem(HABIT) === "yes";
    this.habit.addEventListener("change", () => {
      storage.setItem(HABIT, this.habit.checked ? "yes" : "no");
    });
    this.#tray = new PhotoTray(this.form, {
      target: document.getElementById("thread-pane"),
      most: Number(this.form.dataset.photos),
      onChange: () => this.#resize(),
      onTrouble: (words) => announce(words, { kind: "error" }),
    });
    this.#listen();
  }

  open(id, { isMine }) {
    this.#keepDraft();
    if (this.#open !== id) this.#tray.clear();
    this.#open = id;
    this.form.hidden = !isMine;
    this.#pending = null;
    this.conflict.hidden = true;
    this.field.value = this.#drafts.get(this.#draftKey()) ?? "";
    this.#resize();
  }

  close() {
    this.#keepDraft();
    this.#open = null;
    this.form.hidden = true;
  }

  mode(name, { focus = true } = {}) {
    this.#keepDraft();
    this.#mode = name;
    this.form.dataset.mode = name;
    for (const tab of this.form.querySelectorAll("[role=tab]")) {
      const isOn = tab.dataset.mode === name;
      tab.setAttribute("aria-selected", String(isOn));
      tab.tabIndex = isOn ? 0 : -1;
      if (isOn) document.getElementById("composer-panel").setAttribute("aria-labelledby", tab.id);
    }
    const isNote = name === "note";
    this.field.placeholder = isNote
      ? t("A note for your colleagues. The shopper never sees it.") : t("Write to the shopper");
    this.field.setAttribute("aria-label", isNote ? t("Private note") : t("Reply to the shopper"));
    document.getElementById("composer-send-label").textContent = isNote ? t("Keep the note") : t("Send");
    this.conflict.hidden = true;
    this.field.value = this.#drafts.get(this.#draftKey()) ?? "";
    this.#resize();
    if (focus) this.field.focus();
  }

  insert(text) {
    if (this.form.hidden) return;
    this.mode("reply");
    this.field.value = this.field.value ? `${this.field.value.trimEnd()}\n${text}` : text;
    this.#resize();
    this.field.focus();
  }

  async send({ isSeen = false } = {}) {
    const text = this.field.value.trim();
    const { id, version, seen, head } = this.context();
    const hasPhotos = this.#mode === "reply" && this.#tray.count > 0;
    if ((!text && !hasPhotos) || !id || this.form.dataset.busy) return;
    if (this.#pending?.text !== text || this.#pending?.mode !== this.#mode) {
      this.#pending = { client_id: newId(), text, mode: this.#mode };
    }
    const isNote = this.#mode === "note";
    if (!isNote && !isSeen && text && !await this.#mayLeave(id, text)) return;
    const body = { client_id: this.#pending.client_id, text };
    if (!isNote) Object.assign(body, { assignment_version: version, seen_seq: isSeen ? head : seen });
    this.form.dataset.busy = "yes";
    const photos = hasPhotos ? await this.#tray.take() : null;
    try {
      if (photos) body.pictures = await carry(id, this.#pending, photos);
      const path = `conversations/${id}/${isNote ? "notes" : "agent-messages"}`;
      const said = await post(path, body);
      this.#pending = null;
      this.#drafts.delete(`${id}:${isNote ? "note" : "reply"}`);
      if (this.#open === id) {
        this.field.value = "";
        this.conflict.hidden = true;
        this.#resize();
      }
      this.onSent(id, said?.message ?? said);
    } catch (error) {
      // Nothing was sent: they stand in the box again.
      photos?.restore();
      this.#refused(error);
    } finally {
      delete this.form.dataset.busy;
      this.field.focus();
    }
  }

  // One look before it leaves; what was written on meanwhile is looked at with the next press.
  async #mayLeave(id, text) {
    this.form.dataset.busy = "yes";
    try {
      return await this.onLook(id, text) && this.#open === id && this.field.value.trim() === text;
    } finally {
      delete this.form.dataset.busy;
    }
  }

  #refused(error) {
    if (error.words !== undefined || error.status === 0) {
      announce(`${error.words || t("No connection. Nothing was sent.")} ${t("Your words are still in the box.")}`, { kind: "error" });
      return;
    }
    if (!(error instanceof Problem)) throw error;
    if (error.code === "new_message_above") {
      this.#askAgain();
    } else {
      announce(`${error.message} ${t("Your words are still in the box.")}`, { kind: "error" });
      if (["not_yours", "conversation_ended"].includes(error.code)) this.onLost();
    }
  }

  #askAgain() {
    const again = make("button", {
      type: "button", class: "button", text: t("I have read it, send"),
      on: { click: () => this.send({ isSeen: true }) },
    });
    const keep = make("button", {
      type: "button", class: "button quiet", text: t("Keep writing"),
      on: { click: () => { this.conflict.hidden = true; this.field.focus(); } },
    });
    this.conflict.replaceChildren(
      make("p", { text: t("The shopper wrote something while you were writing. Nothing was sent yet.") }),
      make("div", { class: "actions" }, again, keep));
    this.conflict.hidden = false;
  }

  #listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    const tabs = [...this.form.querySelectorAll("[role=tab]")];
    for (const tab of tabs) {
      tab.addEventListener("click", () => this.mode(tab.dataset.mode));
      tab.addEventListener("keydown", (event) => {
        if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
        event.preventDefault();
        const other = tabs.find((one) => one !== tab);
        this.mode(other.dataset.mode, { focus: false });
        other.focus();
      });
    }
    this.field.addEventListener("compositionend", () => { this.#composed = performance.now(); });
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("input", () => {
      this.#resize();
      const now = Date.now();
      if (this.#mode === "reply" && this.field.value && now - this.#typed > TYPING_EVERY) {
        this.#typed = now;
        this.onTyping();
      }
    });
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    // An Enter that picks a word of an IME sends nothing; Safari reports it late, as 229.
    if (event.isComposing || event.keyCode === 229 || performance.now() - this.#composed < 30) return;
    if (!event.ctrlKey && !event.metaKey && !this.habit.checked) return;
    event.preventDefault();
    this.send();
  }

  #draftKey() {
    return `${this.#open}:${this.#mode}`;
  }

  #keepDraft() {
    if (this.#open) this.#drafts.set(this.#draftKey(), this.field.value);
  }

  #resize() {
    this.field.lang = language;
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 220)}px`;
    document.getElementById("composer-send").disabled =
      !this.field.value.trim() && !(this.#mode === "reply" && this.#tray?.count);
  }
}
