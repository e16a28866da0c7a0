// Decides how an agent is helped to write: what is offered, and what is shown once more before it leaves.

import { t } from "./words.js";
import { make, icon, announce } from "./desk_dom.js";
import { get, post } from "./desk_api.js";

const LOOK_AT_MOST = 3000; // a look that takes longer holds nobody up
const byId = (id) => document.getElementById(id);

const FINDINGS = {
  personal_data: ({ words }) => t("This looks like personal data: “%(words)s”.", { words }),
  order_number_typo: ({ words, instead }) => t("“%(words)s” is almost, but not quite, the number %(instead)s.", { words, instead }),
  banned_word: ({ words }) => t("The shop does not say “%(words)s”.", { words }),
  over_promise: ({ words }) => t("Nobody can be sure of that: “%(words)s”.", { words }),
  blame: ({ words }) => t("This may sound as if it were the shopper's fault: “%(words)s”.", { words }),
  wrong_language: () => t("The shopper writes in another language."),
  wrong_script: () => t("The shopper writes in the other Chinese script."),
  unfilled: ({ words }) => t("%(words)s is still to be filled in.", { words }),
  unanswered_question: ({ words }) => t("Still unanswered: “%(words)s”", { words }),
};

// `composer` takes texts over, `context()` says which conversation is open.
export class Writing {
  #replies = null;
  #shown = [];
  #active = 0;
  #looked = "";

  constructor({ composer, context }) {
    Object.assign(this, { composer, context });
    this.panel = byId("writing-panel");
    this.check = byId("writing-check");
    this.field = composer.field;
    byId("suggest").addEventListener("click", () => this.suggest());
    byId("ready").addEventListener("click", () => (this.panel.dataset.kind === "ready" ? this.close() : this.ready("")));
    for (const button of document.querySelectorAll("[data-script]")) {
      button.addEventListener("click", () => this.#convert(button.dataset.script));
    }
    this.field.addEventListener("input", () => this.#typed());
    composer.form.addEventListener("keydown", (event) => this.#key(event), true);
  }

  // True when it may leave; else what was found stands there, and sending again sends it as it is.
  async look(id, text) {
    if (this.#looked === `${id}:${text}`) return true;
    const late = new Promise((resolve) => { setTimeout(resolve, LOOK_AT_MOST, null); });
    const seen = await Promise.race([post(`conversations/${id}/reply-check`, { text }).catch(() => null), late]);
    if (!seen?.findings.length) return true;
    this.#looked = `${id}:${text}`;
    this.#showFindings(seen.findings);
    return false;
  }

  reset() {
    this.#looked = "";
    this.#replies = null;
    this.check.hidden = true;
    this.close();
  }

  close() {
    this.panel.hidden = true;
    delete this.panel.dataset.kind;
    this.field.removeAttribute("aria-activedescendant");
    for (const id of ["suggest", "ready"]) byId(id).setAttribute("aria-expanded", "false");
  }

  async suggest() {
    if (this.panel.dataset.kind === "suggest") return this.close();
    const { id } = this.context();
    this.#open("suggest", make("p", { class: "quiet", text: t("Looking…") }));
    try {
      const found = await get(`conversations/${id}/suggestions`);
      if (this.context().id === id && this.panel.dataset.kind === "suggest") this.#showSuggestions(found);
    } catch (error) {
      this.close();
      announce(error.message, { kind: "error" });
    }
  }

  async ready(query) {
    const { id } = this.context();
    if (!id) return;
    try {
      this.#replies ??= (await get(`canned-replies?conversation_id=${id}`)).replies;
    } catch (error) {
      return announce(error.message, { kind: "error" });
    }
    const wanted = query.toLowerCase();
    this.#shown = this.#replies.filter((one) => `${one.shortcut} ${one.title}`.toLowerCase().includes(wanted));
    this.#active = 0;
    const options = this.#shown.map((one, place) => make("li", {
      role: "option", id: `ready-${place}`, "aria-selected": String(place === 0),
      on: { mousedown: (event) => { event.preventDefault(); this.#take(one); } },
    }, make("kbd", { text: `/${one.shortcut}` }), make("strong", { text: one.title }),
    one.scope === "mine" ? make("span", { class: "tag", text: t("Mine") }) : null,
    make("span", { class: "writing-text", text: one.text, dir: "auto" })));
    this.#open("ready",
      options.length ? make("ul", { role: "listbox", class: "writing-list", "aria-label": t("Ready replies") }, options)
        : make("p", { class: "quiet", text: t("No ready reply of that name.") }),
      make("p", { class: "writing-more" }, make("a", { href: "/console/replies", text: t("Change the ready replies") })));
    if (options.length) this.field.setAttribute("aria-activedescendant", "ready-0");
    this.field.focus();
  }

  #open(kind, ...content) {
    this.panel.replaceChildren(...content);
    this.panel.dataset.kind = kind;
    this.panel.hidden = false;
    byId("suggest").setAttribute("aria-expanded", String(kind === "suggest"));
    byId("ready").setAttribute("aria-expanded", String(kind === "ready"));
  }

  #showSuggestions({ articles, past, openings, closings }) {
    const part = (title, name, items) => items.length
      ? [make("h3", {}, icon(name), title), make("ul", { class: "writing-list" }, items)] : [];
    const choice = (label, text) => make("li", {}, make("button", {
      type: "button", class: "writing-choice", on: { click: () => this.#insert(text) },
    }, make("strong", { text: label, dir: "auto" }), make("span", { class: "writing-text", text, dir: "auto" })));
    const plain = (text) => make("li", {}, make("button", {
      type: "button", class: "writing-choice", dir: "auto", text, on: { click: () => this.#insert(text) },
    }));
    const all = [
      ...part(t("From the articles"), "journal-text", articles.map((one) => choice(one.title, one.text))),
      ...part(t("What settled the same before"), "clock-history", past.map((one) => choice(one.question, one.text))),
      ...part(t("To begin with"), "chat-square-heart", openings.map(plain)),
      ...part(t("To end with"), "hand-thumbs-up", closings.map(plain)),
    ];
    this.panel.replaceChildren(make("p", { class: "quiet", text: t("A press puts it into your reply. Nothing is sent by itself.") }), ...all);
    this.panel.querySelector("button")?.focus();
  }

  #showFindings(findings) {
    const again = make("button", {
      type: "button", class: "button", text: t("Send anyway"),
      on: { click: () => { this.check.hidden = true; this.composer.send(); } },
    });
    const keep = make("button", {
      type: "button", class: "button quiet", text: t("Keep writing"),
      on: { click: () => { this.check.hidden = true; this.field.focus(); } },
    });
    this.check.replaceChildren(
      make("p", { text: t("Look at this once more. Nothing was sent yet.") }),
      make("ul", {}, findings.map((one) => make("li", { text: FINDINGS[one.code]?.(one) ?? one.words, dir: "auto" }))),
      make("div", { class: "actions" }, keep, again));
    this.check.hidden = false;
  }

  #typed() {
    this.check.hidden = true;
    const { value } = this.field;
    const isCalled = value.startsWith("/") && !value.includes("\n") && this.composer.form.dataset.mode === "reply";
    if (isCalled) this.ready(value.slice(1));
    else if (this.panel.dataset.kind === "ready") this.close();
  }

  #key(event) {
    if (event.key === "Escape" && !this.panel.hidden) {
      event.stopPropagation();
      this.close();
      this.field.focus();
      return;
    }
    if (this.panel.dataset.kind !== "ready" || event.target !== this.field || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step && !["Enter", "Tab"].includes(event.key)) return;
    if (!this.#shown.length || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (step) this.#move(step);
    else this.#take(this.#shown[this.#active]);
  }

  #move(step) {
    const options = [...this.panel.querySelectorAll("[role=option]")];
    this.#active = (this.#active + step + options.length) % options.length;
    options.forEach((one, place) => one.setAttribute("aria-selected", String(place === this.#active)));
    options[this.#active].scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", options[this.#active].id);
  }

  #take(reply) {
    if (this.field.value.startsWith("/")) this.field.value = "";
    this.#insert(reply.text);
    if (reply.missing.length) announce(t("Fill in what stands in braces."));
  }

  #insert(text) {
    this.close();
    this.composer.insert(text);
  }

  async #convert(script) {
    const text = this.field.value;
    if (!text.trim()) return;
    try {
      const converted = await post("convert", { text, to: script });
      if (this.field.value !== text) return; // it was written on meanwhile
      this.field.value = converted.text;
      this.field.dispatchEvent(new Event("input"));
      this.field.focus();
    } catch (error) {
      announce(error.message, { kind: "error" });
    }
  }
}
