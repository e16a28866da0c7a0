// Decides which messages are shown, once each, and when an unsent one goes out again.
//
// <warmline-thread mode="shopper|agent">: set `.transport`, then `start(conversationId)`.
// transport = {
//   connect({conversationId, after(), onFrame, onState}) -> disconnect()
//   send(frame, conversationId) -> was it written to an open socket?     (may be absent)
//   fetch(conversationId, after) -> Promise<{messages, status, handoff, head}>
//   post(item, conversationId) -> Promise<{message, replies?, status?, handoff?}>
// }
// Events and their details: message {message, isNew}, status {status, handoff, agent_name},
// connection {state}, turn {running}, failed {code, detail, item}, trouble {code, detail},
// refused {code}.

import { Delivery } from "./delivery.js";
import { element, messageElement, showState } from "./message-view.js";
import { Outbox, deviceStorage } from "./outbox.js";
import { keepPhotos, photoAddress, waitingPhotos } from "./photo-store.js";
import { ThreadLog } from "./thread-log.js";
import { t } from "./words.js";

const TURN_TAKES = 30_000;
const TYPING_SHOWN = 6_000;
const TYPING_TOLD = 3_000;

export class WarmlineThread extends HTMLElement {
  transport = null;
  storage = deviceStorage();
  outbox = null;
  conversationId = null;
  epoch = null;
  #log = null;
  #status = element("div", { class: "sr-only", role: "status" });
  #cursor = 0;
  #shown = new Set();
  #pending = new Map();
  #delivery = null;
  #disconnect = null;
  #fetching = null;
  #toldTyping = 0;
  // grows with every start and stop, so that answers to an earlier one are dropped
  #run = 0;

  get mode() { return this.getAttribute("mode") ?? "shopper"; }
  get cursor() { return this.#cursor; }
  get isEmpty() { return this.#shown.size === 0 && this.#pending.size === 0; }

  connectedCallback() {
    if (this.#log) return;
    this.#log = new ThreadLog();
    this.append(this.#log.root, this.#status);
  }

  disconnectedCallback() { this.stop(); }

  /** Show the conversation from its beginning and follow it; null shows the outbox alone. */
  async start(conversationId, { outboxName = conversationId ?? "new" } = {}) {
    this.stop();
    this.outbox = new Outbox(this.storage, outboxName);
    for (const item of this.outbox.items()) this.#showPending(item);
    if (conversationId) await this.follow(conversationId);
  }

  /** Go on with a conversation; what waits in the outbox is sent to it. */
  async follow(conversationId) {
    const run = this.#run;
    this.conversationId = conversationId;
    // What was said before must not be read aloud: it goes in before the region is live.
    await this.#catchUp().catch((error) => this.#refused(error));
    if (run !== this.#run) return;
    this.#log.scrollToEnd();
    requestAnimationFrame(() => { this.#log.isLive = run === this.#run; });
    this.#delivery = new Delivery({
      outbox: this.outbox,
      transport: this.transport,
      conversationId,
      onState: (item, state, problem) => this.#sends(item, state, problem),
      onTurn: (item, turn) => this.#answered(item, turn),
    });
    this.#disconnect = this.transport.connect({
      conversationId,
      after: () => this.#cursor,
      onFrame: (frame) => run === this.#run && this.#hear(frame),
      onState: (state, code) => run === this.#run && this.#linkChanged(state, code),
    });
    this.#delivery.pump();
  }

  /** Forget what is shown; what is unsent stays on the device. */
  stop() {
    this.#run += 1;
    this.#disconnect?.();
    this.#disconnect = null;
    this.#fetching = null;
    this.#delivery?.stop();
    this.#delivery = null;
    this.#shown.clear();
    this.#pending.clear();
    this.#cursor = 0;
    this.epoch = null;
    this.conversationId = null;
    this.#log?.clear();
  }

  submit(text, extra = {}) { return this.#submit({ text, ...extra }); }
  /** Words, which may be none, with photos; `alts` are the words of each. */
  show(text, blobs, alts) {
    return this.#submit({ ...(text && { text }), photos: blobs.map(({ type }, index) => ({ alt: alts[index], mime: type })) }, blobs);
  }

  press(button) { return this.#submit({ button_id: button.id, label: button.label }); }

  #submit(content, blobs = []) {
    const item = this.outbox.add(content);
    keepPhotos(item.client_id, blobs);
    this.#showPending(item);
    this.#log.scrollToEnd();
    this.#delivery?.pump();
    return item;
  }

  tellTyping() {
    if (Date.now() - this.#toldTyping < TYPING_TOLD) return;
    this.#toldTyping = Date.now();
    this.transport?.send?.({ t: "typing" }, this.conversationId);
  }

  // --- what comes in -----------------------------------------------------------------------

  #hear(frame) {
    const heard = {
      ready: () => this.#ready(frame),
      message: () => this.#receive(frame.message),
      ack: () => this.#acknowledged(frame.client_id, frame.seq),
      turn: () => this.#turn(frame.state === "running"),
      typing: () => this.#log.showTyping(TYPING_SHOWN),
      status: () => this.#changed(frame),
      resync: () => this.#askAgain(0),
      poll: () => this.#askAgain(this.#cursor),
      pong: () => frame.head > this.#cursor && this.#askAgain(this.#cursor),
      error: () => this.#refusedFrame(frame),
    };
    heard[frame.t]?.();
  }

  #ready(frame) {
    // Another epoch is another history (a restored backup): ask for all of it again.
    const isOther = this.epoch !== null && frame.epoch !== this.epoch;
    this.epoch = frame.epoch ?? null;
    this.#changed(frame);
    if (isOther || frame.head > this.#cursor) this.#askAgain(isOther ? 0 : this.#cursor);
    this.#delivery.resume();
  }

  #turn(running) {
    this.#log.showTyping(running ? TURN_TAKES : 0);
    this.#tell("turn", { running });
  }

  #changed({ status, handoff = null, agent_name = null }) {
    if (status) this.#tell("status", { status, handoff, agent_name });
  }

  /** Take the message in; a hole below it is fetched, a repeat is dropped. */
  #receive(message) {
    this.#show(message);
    if (message.seq > this.#cursor) this.#askAgain(this.#cursor);
  }

  #show(message) {
    if (message.client_id) this.#acknowledged(message.client_id, message.seq);
    if (this.#shown.has(message.seq)) return;
    const made = messageElement(message, {
      mode: this.mode,
      onPress: (button) => this.press(button),
      source: this.transport.picture?.bind(this.transport),
    });
    if (message.client_id && made.dataset.side === "own") showState(made, "sent");
    this.#log.place(made, message.seq);
    this.#mark(message.seq);
    if (message.actor === "shopper") this.#log.closeChoices(message.seq);
    else this.#log.showTyping(0);
    this.#tell("message", { message, isNew: this.#log.isLive });
  }

  #mark(seq) {
    this.#shown.add(seq);
    while (this.#shown.has(this.#cursor + 1)) this.#cursor += 1;
  }

  #askAgain(after) {
    this.#cursor = after;
    this.#fetching ??= this.#catchUp()
      .catch((error) => this.#refused(error))
      .finally(() => { this.#fetching = null; });
  }

  /** Ask until the head is reached: notes for agents leave holes that shoppers never see filled. */
  async #catchUp() {
    const run = this.#run;
    for (;;) {
      const page = await this.transport.fetch(this.conversationId, this.#cursor);
      if (run !== this.#run) return;
      page.messages.forEach((message) => this.#show(message));
      this.#changed(page);
      const last = page.messages.at(-1)?.seq ?? page.head;
      this.#cursor = Math.max(this.#cursor, last);
      if (last >= page.head) return;
    }
  }

  #refused(error) {
    if (error.status === undefined) throw error;
    if ([401, 403, 404].includes(error.status)) this.#tell("refused", { code: error.status });
  }

  #linkChanged(state, code) {
    if (state === "refused") this.#tell("refused", { code });
    if (state === "waiting") {
      this.#log.showTyping(0);
      this.#delivery?.cut();
    }
    this.#tell("connection", { state });
  }

  // --- what goes out -----------------------------------------------------------------------

  #showPending(item) {
    const message = {
      actor: this.mode === "agent" ? "agent" : "shopper",
      kind: item.kind ?? "text",
      text: item.text ?? item.label ?? "",
      pictures: waitingPhotos(item),
      client_id: item.client_id,
      agent_name: item.agent_name,
      created_at: new Date(item.written).toISOString(),
    };
    const made = messageElement(message, {
      mode: this.mode,
      source: photoAddress,
      onRetry: () => this.#delivery?.retry(item),
      onDiscard: () => this.#discard(item),
    });
    showState(made, "sending");
    this.#pending.set(item.client_id, made);
    this.#log.place(made, Infinity);
    if (this.mode === "shopper") this.#log.closeChoices(Infinity);
  }

  #discard(item) {
    this.#pending.get(item.client_id)?.remove();
    this.#pending.delete(item.client_id);
    this.#delivery?.discard(item);
  }

  #sends(item, state, problem) {
    if (!this.#pending.has(item.client_id)) this.#showPending(item);
    showState(this.#pending.get(item.client_id), state, problem);
    if (state !== "failed") return;
    this.#status.textContent = `${t("Your message was not sent.")} ${problem?.words ?? ""}`;
    this.#tell("failed", { ...problem, item });
  }

  /** An HTTP answer comes when the turn is done: the message, and all that was said back. */
  #answered(item, turn) {
    if (turn.message) this.#acknowledged(item.client_id, turn.message.seq);
    (turn.replies ?? []).forEach((reply) => this.#receive(reply));
    this.#changed(turn);
  }

  #refusedFrame({ client_id: clientId, code, detail, retry_after }) {
    const problem = { code, detail, retry_after };
    if (!this.#delivery?.refused(clientId, problem)) this.#tell("trouble", problem);
  }

  #acknowledged(clientId, seq) {
    const made = this.#pending.get(clientId);
    if (made) {
      this.#pending.delete(clientId);
      if (this.#shown.has(seq)) {
        made.remove();
      } else {
        made.dataset.seq = seq;
        showState(made, "sent");
        this.#mark(seq);
        this.#log.place(made, seq);
      }
    }
    if (this.#delivery) this.#delivery.acknowledged(clientId);
    else this.outbox.remove(clientId);
  }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}

customElements.define("warmline-thread", WarmlineThread);
