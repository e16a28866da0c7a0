// Decides what the console follows over its one socket, and from where it goes on after a break.

import { Link, socketAddress } from "./link.js";
import { goToLogin } from "./desk_api.js";

// Fires `frame` with each server frame, and `state`: connecting | open | waiting | refused.
export class Live extends EventTarget {
  #watched = new Map(); // conversation id -> the newest seq held
  #looksOn;
  #link = new Link({
    url: () => socketAddress("/api/v1/agent/socket"),
    hello: () => ({ t: "hello", watch: [], looks_on: this.#looksOn }),
    onFrame: (frame) => this.#hear(frame),
    onState: (state, code) => this.#become(state, code),
  });

  /** Who only looks on, such as a board on a wall, is not at a desk by it. */
  constructor({ looksOn = false } = {}) {
    super();
    this.#looksOn = looksOn;
  }

  start() {
    this.#link.open();
  }

  watch(id, after) {
    this.#watched.set(id, after);
    this.#link.send({ t: "watch", conversation_id: id, after });
  }

  unwatch(id) {
    if (this.#watched.delete(id)) this.#link.send({ t: "unwatch", conversation_id: id });
  }

  typing(id) {
    this.#link.send({ t: "typing", conversation_id: id });
  }

  #hear(frame) {
    if (frame.t === "ready" && !frame.conversation_id) {
      for (const [id, after] of this.#watched) {
        this.#link.send({ t: "watch", conversation_id: id, after });
      }
    }
    const held = this.#watched.get(frame.conversation_id);
    if (frame.t === "message" && held !== undefined) {
      this.#watched.set(frame.conversation_id, Math.max(held, frame.message.seq));
    }
    this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
  }

  #become(state, code) {
    if (state === "refused" && code === 4401) goToLogin();
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}
