// Decides what the chat tells the shop's page around it, and whom it listens to there.

const SAYS = new Set(["hello", "opened", "closed", "language", "reset", "identify"]);

export class ShopWindow {
  #origins;
  #origin = null;
  #isOpen = window.parent === window;
  #unread = 0;
  #listeners = {};

  /** `origins`: the sites that may hold this window; the server's frame-ancestors says the same. */
  constructor(origins) {
    this.#origins = new Set([...origins, location.origin]);
    this.isFramed = window.parent !== window;
    document.body.toggleAttribute("data-framed", this.isFramed);
    document.getElementById("close").hidden = !this.isFramed;
    addEventListener("message", (event) => this.#hear(event));
  }

  on(name, listener) { this.#listeners[name] = listener; }

  /** To the one origin that said hello, never to whoever happens to be there. */
  tell(name, detail = {}) {
    if (this.#origin) window.parent.postMessage({ warmline: name, ...detail }, this.#origin);
  }

  close() { if (this.isFramed) this.tell("close"); }

  newMessage() {
    if (this.#isOpen) return;
    this.#unread += 1;
    this.tell("unread", { count: this.#unread });
  }

  #hear({ source, origin, data }) {
    if (source !== window.parent || !this.#origins.has(origin)) return;
    if (typeof data !== "object" || !SAYS.has(data?.warmline)) return;
    if (data.warmline === "hello") {
      this.#origin = origin;
      this.tell("ready");
    }
    if (data.warmline === "opened" || data.warmline === "closed") {
      this.#isOpen = data.warmline === "opened";
      if (this.#isOpen) this.#unread = 0;
    }
    this.#listeners[data.warmline]?.(data);
  }
}
