// Decides how the outbox is emptied: in order, one message at a time, until each is acknowledged.

import { dropPhotos } from "./photo-store.js";

const ACKNOWLEDGED_WITHIN = 12_000;
const SOCKET_OPENS_WITHIN = 2_500;
const FIRST_PAUSE = 1.5;
const LONGEST_PAUSE = 12;

/** Out of reach, too fast, or in trouble: the same message may be taken later. */
const mayPass = (status) => status === 0 || status === 429 || status >= 500;

export class Delivery {
  #underWay = null;
  #timer = 0;
  #tries = 0;
  #isCut = false;
  #isStopped = false;
  #given = new Set();
  /** client_id -> its upload, so that a new socket does not begin it again */
  #carried = new Map();

  /**
   * `onState(item, "sending" | "waiting" | "failed", problem)` follows each message;
   * `onTurn(item, turn)` gets what an HTTP answer brought along.
   */
  constructor({ outbox, transport, conversationId, onState, onTurn }) {
    Object.assign(this, { outbox, transport, conversationId, onState, onTurn });
  }

  stop() {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Send the oldest message unless one is under way; the next follows its acknowledgement. */
  pump() {
    if (this.#isStopped || this.#underWay) return;
    const item = this.outbox.items().find((each) => !this.#given.has(each.client_id));
    if (!item) return;
    this.#underWay = item.client_id;
    this.onState(item, "sending");
    if (item.photos?.length && !item.pictures) this.#carry(item);
    else this.#hand(item);
  }

  /** Photos go first, each by itself; the message then names them. */
  async #carry(item) {
    try {
      const told = (share) => this.onState(item, "uploading", { share });
      if (!this.#carried.has(item.client_id)) {
        this.#carried.set(item.client_id, this.transport.carry(item, this.conversationId, told));
      }
      item.pictures = await this.#carried.get(item.client_id);
      this.outbox.update(item);
      if (!this.#isStopped && this.#underWay === item.client_id) this.#hand(item);
    } catch (error) {
      this.#failed(item, error);
    } finally {
      this.#carried.delete(item.client_id);
    }
  }

  #hand(item) {
    const frame = { t: "message", ...contentOf(item) };
    if (this.transport.send?.(frame, this.conversationId)) {
      this.#after(ACKNOWLEDGED_WITHIN, () => this.#post(item));
    } else if (this.transport.send && !this.#isCut) {
      this.#after(SOCKET_OPENS_WITHIN, () => this.#post(item));
    } else {
      this.#post(item);
    }
  }

  /** The server has it, by whichever way it heard of it. */
  acknowledged(clientId) {
    this.#drop(clientId);
    this.#given.delete(clientId);
    if (this.#underWay === clientId) this.#next();
  }

  /** The server refused it: later if it says so, for good if not. True if it was one of ours. */
  refused(clientId, problem) {
    const item = this.outbox.items().find((each) => each.client_id === clientId);
    if (!item) return false;
    if (problem.retry_after) {
      this.#tryLater(item, problem.retry_after);
    } else {
      this.#given.add(clientId);
      this.onState(item, "failed", problem);
      if (this.#underWay === clientId) this.#next();
    }
    return true;
  }

  /** What was given up is tried again because somebody asked for it. */
  retry(item) {
    this.#given.delete(item.client_id);
    this.resume();
  }

  discard(item) {
    this.#drop(item.client_id);
    this.#given.delete(item.client_id);
    if (this.#underWay === item.client_id) this.#next();
  }

  /** There is a way again: begin with the oldest; the server knows a resend by its id. */
  resume() {
    this.#isCut = false;
    this.#tries = 0;
    this.#underWay = null;
    clearTimeout(this.#timer);
    this.pump();
  }

  /** The socket is gone: what it had taken unacknowledged goes by HTTP, if that gets through. */
  cut() {
    if (this.#isCut) return;
    this.#isCut = true;
    const item = this.outbox.items().find((each) => each.client_id === this.#underWay);
    if (item) this.#tryLater(item, FIRST_PAUSE);
  }

  #next() {
    clearTimeout(this.#timer);
    this.#underWay = null;
    this.#tries = 0;
    this.pump();
  }

  async #post(item) {
    try {
      const turn = await this.transport.post(contentOf(item), this.conversationId);
      if (this.#isStopped) return;
      this.onTurn(item, turn);
      this.acknowledged(item.client_id);
    } catch (error) {
      this.#failed(item, error);
    }
  }

  #failed(item, error) {
    if (error.status === undefined) throw error;
    if (this.#isStopped || this.#underWay !== item.client_id) return;
    const { code, detail, status, words } = error;
    if (mayPass(status)) this.#tryLater(item, error.retryAfter ?? this.#pause());
    else this.refused(item.client_id, { code, detail, words });
  }

  #drop(clientId) {
    const hasPhotos = this.outbox.items().some((each) => each.client_id === clientId && each.photos);
    this.outbox.remove(clientId);
    if (hasPhotos) dropPhotos(clientId);
  }

  #pause() {
    this.#tries += 1;
    return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.#tries - 1));
  }

  /** All that is younger waits with it, so that nothing overtakes. */
  #tryLater(item, seconds) {
    for (const each of this.outbox.items()) {
      if (!this.#given.has(each.client_id)) this.onState(each, "waiting");
    }
    this.#after(seconds * 1000 * (1 + Math.random() / 4), () => {
      this.#underWay = null;
      this.pump();
    });
  }

  #after(pause, action) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(action, pause);
  }
}

/** What the server gets to see of an outbox item. */
function contentOf({ label, written, agent_name, photos, ...content }) { return content; }
