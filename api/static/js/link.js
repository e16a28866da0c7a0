// Decides when a socket is opened, given up and opened again; it knows nothing of messages.

const LONGEST_PAUSE = 15_000;
const PING_EVERY = 20_000;
const ANSWER_WITHIN = 8_000;
/** close codes after which trying again cannot help */
const REFUSED = new Set([4401, 4403]);

export class Link {
  #socket = null;
  #timer = 0;
  #heart = 0;
  #tries = 0;
  #wanted = false;
  #isReady = false;
  #lastHeard = 0;

  /** `hello()` is sent first on every new socket; `onState` hears connecting, open, waiting, refused. */
  constructor({ url, hello, onFrame, onState = () => {} }) {
    Object.assign(this, { url, hello, onFrame, onState });
    this.wake = () => this.#wanted && !this.#socket && this.#open();
  }

  open() {
    if (this.#wanted) return;
    this.#wanted = true;
    addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.#open();
  }

  close() {
    this.#wanted = false;
    removeEventListener("online", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    clearTimeout(this.#timer);
    this.#drop();
  }

  get isOpen() { return this.#isReady; }

  /** True if the frame went out; what comes of it is told by an acknowledgement alone. */
  send(frame) {
    if (!this.#isReady || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #open() {
    clearTimeout(this.#timer);
    this.onState("connecting");
    let socket;
    try {
      socket = new WebSocket(this.url(), "warmline.v1");
    } catch {
      this.#openLater(0);
      return;
    }
    this.#socket = socket;
    this.#lastHeard = Date.now();
    this.#heart = setInterval(() => this.#beat(), ANSWER_WITHIN / 2);
    socket.onopen = () => socket.send(JSON.stringify(this.hello()));
    socket.onmessage = (event) => socket === this.#socket && this.#hear(event.data);
    socket.onclose = (event) => socket === this.#socket && this.#lost(event.code);
  }

  #hear(text) {
    this.#lastHeard = Date.now();
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      return;
    }
    if (frame.t === "ready") {
      this.#isReady = true;
      this.#tries = 0;
      this.onState("open");
    }
    this.onFrame(frame);
  }

  /** A half-open socket says nothing at all: ask, and give it up if no answer comes. */
  #beat() {
    const silent = Date.now() - this.#lastHeard;
    if (silent > PING_EVERY + ANSWER_WITHIN || (!this.#isReady && silent > ANSWER_WITHIN)) {
      this.#lost(0);
    } else if (silent > PING_EVERY) {
      this.send({ t: "ping" });
    }
  }

  #lost(code) {
    this.#drop();
    if (REFUSED.has(code)) {
      this.#wanted = false;
      this.onState("refused", code);
    } else if (this.#wanted) {
      this.#openLater(code);
    }
  }

  #openLater(code) {
    // Full jitter: a thousand shoppers cut off at once do not come back at once.
    const ceiling = Math.min(LONGEST_PAUSE, 800 * 2 ** this.#tries);
    const floor = code === 4429 ? 5_000 : 200;
    this.#tries += 1;
    this.onState("waiting");
    this.#timer = setTimeout(() => this.#open(), floor + Math.random() * ceiling);
  }

  #drop() {
    clearInterval(this.#heart);
    this.#isReady = false;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }
}

/** The address of a socket on the page's own host. */
export function socketAddress(path) {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
}
