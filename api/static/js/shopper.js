// Decides which conversation this device has, and how it reaches the server for it.

import { Link, socketAddress } from "./link.js";
import { deviceStorage } from "./outbox.js";
import { findPhoto, photoKey } from "./photo-store.js";
import { Refusal, call } from "./requests.js";

const KEY = "warmline:conversation";
const ROOT = "/api/v1/conversations";

export class Shopper {
  storage = deviceStorage();
  link = null;
  #polling = 0;

  get conversation() {
    try {
      return JSON.parse(this.storage.getItem(KEY));
    } catch {
      return null;
    }
  }

  /** The ended conversation that the next one goes on from; only this page remembers it. */
  follows = null;

  async open(language) {
    const body = this.follows ? { language, follows: this.follows } : { language };
    const { id, token } = await call("POST", ROOT, { body });
    this.follows = null;
    this.storage.setItem(KEY, JSON.stringify({ id, token }));
    return this.conversation;
  }

  note(facts) {
    if (!this.conversation) return;
    this.storage.setItem(KEY, JSON.stringify({ ...this.conversation, ...facts }));
  }

  /** Drop token and all that was kept; the next person on this device starts with nothing. */
  forget() {
    this.storage.removeItem(KEY);
    this.storage.removeItem("warmline:draft");
  }

  /** Whether a word now goes on with the conversation that has ended. */
  async mayGoOn() {
    const { reopens_until: until } = await this.#call("GET", `/messages?after=${2 ** 31 - 1}`);
    return Boolean(until);
  }

  setLanguage(language) {
    return this.#call("PUT", "/language", { language });
  }

  rate(rating) {
    return this.#call("POST", "/rating", rating);
  }

  #call(method, path, body) {
    const { id, token } = this.conversation;
    return call(method, `${ROOT}/${id}${path}`, { token, body });
  }

  // --- the transport of <warmline-thread> ----------------------------------------------------

  connect({ conversationId, after, onFrame, onState }) {
    const { token } = this.conversation;
    this.link = new Link({
      url: () => socketAddress(`${ROOT}/${conversationId}/socket`),
      hello: () => ({ t: "hello", token, after: after() }),
      onFrame,
      onState: (state, code) => {
        this.#poll(state === "waiting" || state === "connecting", onFrame);
        onState(state, code);
      },
    });
    this.link.open();
    return () => {
      this.#poll(false);
      this.link.close();
    };
  }

  /** Where sockets do not get through, ask from time to time, each time a little later. */
  #poll(wanted, onFrame) {
    if (!wanted) {
      clearTimeout(this.#polling);
      this.#polling = 0;
    } else if (!this.#polling) {
      let pause = 3_000;
      const ask = () => {
        onFrame({ t: "poll" });
        pause = Math.min(15_000, pause * 1.4);
        this.#polling = setTimeout(ask, pause * (1 + Math.random() / 3));
      };
      this.#polling = setTimeout(ask, pause);
    }
  }

  send(frame) { return this.link?.send(frame) ?? false; }
  fetch(id, after) { return this.#call("GET", `/messages?after=${after}`); }
  post(item) { return this.#call("POST", "/messages", item); }

  /** Upload the photos of an unsent message and name them as the message will. */
  async carry({ client_id: clientId, photos }, id, onShare) {
    const { lost, uploadPhoto } = await import("./photo-upload.js");
    const named = [];
    for (const [index, { alt }] of photos.entries()) {
      const key = photoKey(clientId, index);
      const blob = await findPhoto(key);
      if (!blob) throw lost();
      const sent = await uploadPhoto(`${ROOT}/${id}/pictures`, blob, {
        key, token: this.conversation.token,
        onShare: (share) => onShare((index + share) / photos.length),
      });
      named.push({ id: sent.id, alt });
    }
    return named;
  }

  /** What an <img> can show: the token must not stand in an address. */
  async picture(address) {
    const answer = await fetch(address, {
      headers: { Authorization: `Bearer ${this.conversation?.token}` }, credentials: "omit",
    });
    if (!answer.ok) throw new Refusal(answer.status);
    return URL.createObjectURL(await answer.blob());
  }
}
