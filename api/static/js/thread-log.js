// Decides where a message stands in the log: order, day lines, who-speaks marks, scrolling.

import { close, dayElement, dayKey, element } from "./message-view.js";
import { t } from "./words.js";

export class ThreadLog {
  #typingTimer = 0;
  #readsEnd = true;
  #height = 0;

  constructor() {
    this.root = element("div", {
      class: "log", role: "log", tabindex: "0", "aria-live": "off",
      "aria-relevant": "additions", "aria-label": t("Conversation"),
    });
    this.typing = element("div", { class: "typing", "aria-hidden": "true", hidden: "hidden" });
    this.typing.append(element("span"), element("span"), element("span"));
    this.root.append(this.typing);
    // A banner above or a panel below takes room away: whoever read the end still reads the end.
    this.root.addEventListener("scroll", () => {
      // A scroll that a change of height brings about is nobody's wish.
      if (this.root.clientHeight === this.#height) this.#readsEnd = this.#isAtEnd();
    });
    // A photo has its height only when it is there.
    this.root.addEventListener("load", () => { if (this.#readsEnd) this.scrollToEnd(); }, true);
    new ResizeObserver(() => {
      this.#height = this.root.clientHeight;
      if (this.#readsEnd) this.scrollToEnd();
    }).observe(this.root);
  }

  get isLive() { return this.root.getAttribute("aria-live") === "polite"; }
  set isLive(value) { this.root.setAttribute("aria-live", value ? "polite" : "off"); }

  clear() {
    this.isLive = false;
    this.root.replaceChildren(this.typing);
    this.showTyping(0);
  }

  /** Put the message before the first with a higher seq; an unsent one has none and comes last. */
  place(made, seq) {
    const follows = this.#isAtEnd();
    const spot = this.#messages()
      .find((other) => other !== made && seqOf(other) > seq) ?? this.typing;
    if (made.nextElementSibling !== spot) this.root.insertBefore(made, spot);
    this.#mark(made);
    this.#mark(neighbour(made, "nextElementSibling"));
    if (follows) this.#follow(made);
  }

  /** A choice that a later word of the shopper has answered cannot be made any more. */
  closeChoices(seq) {
    for (const made of this.#messages()) {
      if (seqOf(made) >= seq) break;
      made.querySelectorAll(".msg-buttons").forEach(close);
    }
  }

  /** Show the dots for so many milliseconds; 0 takes them away. */
  showTyping(duration) {
    clearTimeout(this.#typingTimer);
    const follows = this.#isAtEnd();
    this.typing.hidden = duration === 0;
    if (duration === 0) return;
    this.#typingTimer = setTimeout(() => this.showTyping(0), duration);
    if (follows) this.scrollToEnd();
  }

  scrollToEnd() { this.root.scrollTop = this.root.scrollHeight; }

  /** Show the newest message, a long one from its beginning. */
  #follow(made) {
    this.scrollToEnd();
    const hidden = this.root.getBoundingClientRect().top - made.getBoundingClientRect().top;
    if (hidden > 0 && made.nextElementSibling === this.typing) this.root.scrollTop -= hidden + 12;
  }

  #isAtEnd() {
    return this.root.scrollHeight - this.root.scrollTop - this.root.clientHeight < 80;
  }

  #messages() { return [...this.root.querySelectorAll(":scope > .msg")]; }

  #mark(made) {
    if (!made) return;
    const above = made.previousElementSibling;
    if (above?.classList.contains("day")) above.remove();
    const before = neighbour(made, "previousElementSibling");
    const date = new Date(made.dataset.time);
    const isNewDay = !before || dayKey(new Date(before.dataset.time)) !== dayKey(date);
    if (isNewDay) made.before(dayElement(date));
    made.toggleAttribute("data-first", isNewDay || speaker(before) !== speaker(made));
  }
}

const seqOf = (made) => Number(made.dataset.seq ?? Infinity);

function speaker(made) {
  const name = made.querySelector(".msg-name")?.textContent ?? "";
  return `${made.dataset.actor} ${made.dataset.kind} ${name}`;
}

function neighbour(made, direction) {
  let other = made[direction];
  while (other && !other.classList.contains("msg")) other = other[direction];
  return other;
}
