// Decides how a page talks HTTP to its own server, and what a refusal looks like.

/** What the server refused and why; status 0 when it could not be reached. */
export class Refusal extends Error {
  constructor(status, { code = "unreachable", title = "", detail = "", retryAfter = null } = {}) {
    super(detail || code);
    Object.assign(this, { status, code, title, detail, retryAfter });
  }
}

export async function call(method, path, { token, body, headers = {}, timeout = 20_000 } = {}) {
  // the title of a refusal is in the page's language, whatever the browser's is
  const sent = { Accept: "application/json", "Accept-Language": document.documentElement.lang || navigator.language, ...headers };
  if (token) sent.Authorization = `Bearer ${token}`;
  if (body !== undefined) sent["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: sent,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(timeout),
      credentials: token ? "omit" : "same-origin",
    });
  } catch {
    throw new Refusal(0);
  }
  const content = await response.json().catch(() => ({}));
  if (response.ok) return content;
  const after = Number(response.headers.get("Retry-After") ?? content.retry_after);
  throw new Refusal(response.status, {
    code: content.code ?? String(content.type ?? "").split("/").at(-1),
    title: content.title ?? "",
    detail: content.detail ?? content.title ?? "",
    retryAfter: Number.isFinite(after) && after > 0 ? after : null,
  });
}
