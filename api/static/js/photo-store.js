// Decides where photos wait until they are sent: in IndexedDB, so that a reload loses none.

const NAME = "warmline";
const STORE = "photos";

/** What this page has at hand, also where the browser keeps nothing. */
const held = new Map();
let opening = null;

function database() {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error("blocked"));
  });
  return opening;
}

async function run(mode, work) {
  const store = (await database()).transaction(STORE, mode).objectStore(STORE);
  const asked = work(store);
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/** The name of a message's photo: also the client_id of its upload, so a repeat is one. */
export const photoKey = (clientId, index) => `${clientId}-${index}`;

export function keepPhotos(clientId, blobs) {
  blobs.forEach((blob, index) => {
    const key = photoKey(clientId, index);
    held.set(key, blob);
    // Full or forbidden: the photo still goes out, it only does not survive a reload.
    run("readwrite", (store) => store.put(blob, key)).catch(() => {});
  });
}

/** The photo, or null when this device has it no more. */
export async function findPhoto(key) {
  if (held.has(key)) return held.get(key);
  try {
    return (await run("readonly", (store) => store.get(key))) ?? null;
  } catch {
    return null;
  }
}

/** What an <img> can show of a photo on this device; it rejects when it is lost. */
export async function photoAddress(key) {
  const blob = await findPhoto(key);
  if (!blob) throw new Error("lost");
  return URL.createObjectURL(blob);
}

/** The photos of an unsent message, as a message has them. */
export function waitingPhotos(item) {
  return (item.photos ?? []).map(({ alt, mime }, index) => {
    const key = photoKey(item.client_id, index);
    return { url: key, preview_url: key, alt, mime };
  });
}

/** Forget the photos of one message, or all of them; what this page shows of them stays. */
export function dropPhotos(clientId = null) {
  run("readwrite", (store) => (clientId
    ? store.delete(IDBKeyRange.bound(`${clientId}-`, `${clientId}-~`)) : store.clear()))
    .catch(() => {});
}
