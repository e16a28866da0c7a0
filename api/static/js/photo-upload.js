// Decides how a photo or video gets to the server: a photo made smaller where the browser can, with its progress told.

import "./more-words.js";
import { Refusal } from "./requests.js";
import { language, t } from "./words.js";

const LONGEST_SIDE = 2560;
const SMALL_ENOUGH = 1_200_000;
const LONGEST_UPLOAD = 330_000;
/** shorter waits are sat out, longer ones are told */
const SOON = 60;

/** A large photo as a smaller JPEG: less to send, and the place it was taken at stays here. */
export async function shrunk(blob) {
  if (blob.size <= SMALL_ENOUGH || !/^image\/(?!gif)/.test(blob.type)) return blob;
  try {
    const bitmap = await createImageBitmap(blob, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const made = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.88); });
    return made && made.size < blob.size ? made : blob;
  } catch {
    return blob; // the server says what is wrong with it
  }
}

/** Upload one photo; `onShare` hears how much of it has gone, from 0 to 1. */
export function uploadPhoto(path, blob, { key, token = null, headers = {}, onShare = () => {} }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${path}?client_id=${encodeURIComponent(key)}`);
    request.timeout = LONGEST_UPLOAD;
    request.responseType = "json";
    if (token) request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("Content-Type", blob.type || "application/octet-stream");
    request.setRequestHeader("Accept-Language", language);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onShare(event.loaded / event.total);
    };
    request.onerror = request.ontimeout = request.onabort = () => reject(new Refusal(0));
    request.onload = () => {
      if (request.status < 300) resolve(request.response);
      else reject(refusal(request));
    };
    request.send(blob);
  });
}

function refusal(request) {
  const content = request.response ?? {};
  const after = Number(request.getResponseHeader("Retry-After"));
  const isSoon = after > 0 && after <= SOON;
  // An hour is too long to wait without a word: then it is a refusal, told in its own words.
  const status = request.status === 429 && !isSoon ? 422 : request.status;
  return Object.assign(
    new Refusal(status, { code: content.code, detail: content.title ?? "", retryAfter: isSoon ? after : null }),
    { words: content.title ?? "" },
  );
}

/** The refusal for a photo that this device has lost. */
export function lost() {
  const words = t("The photo is no longer on this device; please choose it again.");
  return Object.assign(new Refusal(410, { code: "photo_lost", detail: words }), { words });
}
