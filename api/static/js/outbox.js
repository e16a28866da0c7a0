// Decides what is still unsent: kept on the device until the server says it has it.

/** A UUIDv7: sorts by the time it was made, so the outbox keeps its order. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let i = 5; i >= 0; i -= 1) {
    bytes[i] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

/** localStorage, or a stand-in that lives as long as the page where the browser refuses it. */
export function deviceStorage() {
  try {
    localStorage.setItem("warmline:probe", "1");
    localStorage.removeItem("warmline:probe");
    return localStorage;
  } catch {
    const kept = new Map();
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => kept.set(key, value),
      removeItem: (key) => kept.delete(key),
      key: (index) => [...kept.keys()][index] ?? null,
      get length() { return kept.size; },
    };
  }
}

/** One key for each message, so that two tabs never overwrite each other's. */
export class Outbox {
  #storage;
  #prefix;
  #lastTime = 0;
  /** client_id -> item, for what the storage could not take */
  #held = new Map();

  constructor(storage, name) {
    this.#storage = storage;
    this.#prefix = `warmline:outbox:${name}:`;
  }

  add(content) {
    // Two messages of one millisecond must still sort in the order they were written.
    this.#lastTime = Math.max(Date.now(), this.#lastTime + 1);
    const item = { ...content, client_id: newId(), written: this.#lastTime };
    this.#held.set(item.client_id, item);
    try {
      this.#storage.setItem(this.#prefix + item.client_id, JSON.stringify(item));
    } catch { /* full: the message still goes out, it only does not survive a reload */ }
    return item;
  }

  /** Keep what became known of an item meanwhile. */
  update(item) {
    if (!this.has(item.client_id)) return;
    this.#held.set(item.client_id, item);
    try {
      this.#storage.setItem(this.#prefix + item.client_id, JSON.stringify(item));
    } catch { /* as above */ }
  }

  /** Oldest first. */
  items() {
    const found = new Map(this.#held);
    for (const key of this.#keys()) {
      const item = read(this.#storage.getItem(key));
      if (item) found.set(item.client_id, item);
    }
    return [...found.values()].sort((a, b) => a.written - b.written);
  }

  has(clientId) {
    return this.items().some((item) => item.client_id === clientId);
  }

  remove(clientId) {
    this.#held.delete(clientId);
    this.#storage.removeItem(this.#prefix + clientId);
  }

  clear() {
    this.#held.clear();
    for (const key of this.#keys()) this.#storage.removeItem(key);
  }

  #keys() {
    const keys = Array.from({ length: this.#storage.length }, (_, i) => this.#storage.key(i));
    return keys.filter((key) => key?.startsWith(this.#prefix));
  }
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
