// Decides how the staff pages speak to the JSON API, and how refusals become words.

import { t } from "./words.js";

const ROOT = "/api/v1";

// A refusal of the service (RFC 9457), or `status: 0` when nothing could be reached.
export class Problem extends Error {
  constructor(status, body) {
    super(worded(status, body));
    this.status = status;
    this.code = codeOf(body);
    this.body = body || {};
  }
}

// `stays`: a 401 is an answer here, not a reason to go and sign in.
export async function call(method, path, body, { ifMatch, stays = false } = {}) {
  const headers = { Accept: "application/json", "X-Requested-With": "warmline" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (ifMatch) headers["If-Match"] = ifMatch;
  let response;
  try {
    response = await fetch(path.startsWith("/") ? path : `${ROOT}/${path}`, {
      method,
      headers,
      credentials: "same-origin",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Problem(0, null);
  }
  const data = await read(response);
  if (!response.ok) {
    if (response.status === 401 && !stays) goToLogin();
    throw new Problem(response.status, data);
  }
  return { data, etag: response.headers.get("ETag") };
}

export const get = async (path) => (await call("GET", path)).data;
export const post = async (path, body = {}) => (await call("POST", path, body)).data;
export const put = async (path, body = {}) => (await call("PUT", path, body)).data;

// A file as it is; what goes with it stands before it (see editor_import.js).
export async function sendFile(path, body) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/octet-stream", "X-Requested-With": "warmline" },
      credentials: "same-origin",
      body,
    });
  } catch {
    throw new Problem(0, null);
  }
  const data = await read(response);
  if (response.ok) return data;
  if (response.status === 401) goToLogin();
  throw new Problem(response.status, data);
}

let isLeaving = false;

// Signing out on purpose: the refusals that follow lead nowhere.
export function leave() {
  isLeaving = true;
}

export function goToLogin() {
  if (isLeaving) return;
  const next = location.pathname + location.search + location.hash;
  location.assign(`/login?next=${encodeURIComponent(next)}`);
}

async function read(response) {
  const kind = response.headers.get("Content-Type") || "";
  if (!kind.includes("json")) return null;
  try {
    return await response.json();
  } catch {
    return null;
  }
}

function codeOf(body) {
  return body?.code ?? String(body?.type ?? "").split("/").at(-1);
}

function worded(status, body) {
  const known = {
    already_claimed: t("A colleague picked up this conversation first."),
    nobody_waiting: t("Nobody is waiting at the moment."),
    at_capacity: t("You already have as many conversations as you can hold. Resolve one first."),
    not_yours: t("This conversation belongs to someone else now."),
    new_message_above: t("The shopper wrote something new. Read it, then send again."),
    conversation_ended: t("This conversation has ended."),
    not_allowed: t("Your account may not do this."),
    rate_limited: t("That was too fast. Please wait a moment."),
    wrong_login: t("The login or the password is wrong."),
    stale_edit: t("Somebody changed this article since you opened it."),
    message_too_long: t("The message is too long."),
    article_exists: t("An article with this name exists already."),
  };
  const code = codeOf(body);
  if (known[code]) return known[code];
  if (status === 0) return t("The service cannot be reached. Check the connection and try again.");
  if (status === 429) return known.rate_limited;
  if (status >= 500) return t("The service could not do this just now. Nothing was lost; please try again.");
  return body?.detail || body?.title || t("This could not be done.");
}
