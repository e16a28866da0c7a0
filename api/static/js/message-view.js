// Decides how one message looks: its words, its choices, its sources, how far it got.

import { clockTime, dayName, t } from "./words.js";

/** All that an answer may contain; the server cleaned it already, this is the second lock. */
const ALLOWED = new Set([
  "P", "UL", "OL", "LI", "STRONG", "EM", "A", "CODE", "PRE", "BR", "BLOCKQUOTE", "H3", "H4",
  "TABLE", "THEAD", "TBODY", "TR", "TH", "TD",
]);
const SAFE_ADDRESS = /^(https?:\/\/|\/(?!\/)|mailto:|tel:)/i;

export function element(name, { text, ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) made.setAttribute(key, value);
  }
  if (text !== undefined) made.textContent = text;
  made.append(...children.filter(Boolean));
  return made;
}

/** A picture of the page's sprite; `base` is "" where the symbols stand in the page. */
export function picture(name, base = document.documentElement.dataset.icons ?? "") {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${base}#${name}`);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

/** Copies what is allowed and keeps only the words of everything else. */
export function safeFragment(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const copy = (node, into) => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        into.append(child.data);
      } else if (child.nodeType === Node.ELEMENT_NODE && !isDropped(child)) {
        const target = ALLOWED.has(child.tagName) ? element(child.tagName.toLowerCase()) : into;
        if (child.tagName === "A") copyAddress(child, target);
        copy(child, target);
        if (target !== into) into.append(target);
      }
    }
  };
  const fragment = document.createDocumentFragment();
  copy(parsed.body, fragment);
  return fragment;
}

const isDropped = (node) => ["SCRIPT", "STYLE", "TEMPLATE", "IFRAME"].includes(node.tagName);

function copyAddress(from, to) {
  const address = from.getAttribute("href") ?? "";
  if (!SAFE_ADDRESS.test(address)) return;
  to.href = address;
  to.target = "_blank";
  to.rel = "noopener noreferrer";
}

/** Names that stand above a message. */
function nameOf(message, mode) {
  if (message.actor === "agent") return message.agent_name || t("Support agent");
  if (message.actor === "bot") return t("Assistant");
  return mode === "agent" ? t("Shopper") : t("You");
}

const AVATARS = { bot: "stars", shopper: "person" };

function avatar(message) {
  const made = element("span", { class: "msg-avatar", "aria-hidden": "true" });
  const name = message.agent_name ?? "";
  if (message.actor === "agent" && name) made.textContent = [...name][0].toUpperCase();
  else made.append(picture(AVATARS[message.actor] ?? "headset"));
  return made;
}

/** The whole element; the callbacks are told what was chosen. */
export function messageElement(message, { mode, onPress, onRetry, onDiscard, source }) {
  const isNote = message.kind === "note" || message.audience === "agents";
  const isNotice = message.actor === "system";
  const own = mode === "agent" ? message.actor !== "shopper" : message.actor === "shopper";
  const made = element("div", {
    class: "msg",
    "data-actor": message.actor,
    "data-kind": isNote ? "note" : message.kind,
    "data-side": isNotice && !isNote ? "center" : own ? "own" : "other",
    "data-seq": message.seq,
    "data-client-id": message.client_id,
    "data-time": message.created_at,
  });
  if (!isNotice && made.dataset.side === "other") made.append(avatar(message));
  const stack = element("div", { class: "msg-stack" });
  const name = isNote ? `${nameOf(message, mode)} · ${t("Internal note")}` : nameOf(message, mode);
  if (!isNotice) stack.append(element("div", { class: "msg-name", text: name }));
  const body = element("div", { class: "msg-body", lang: message.language });
  if (message.pictures?.length) stack.append(photos(message.pictures, source));
  if (message.text || message.html || !message.pictures?.length) {
    fill(body, message);
    stack.append(body);
  }
  if (message.sources?.length) stack.append(sources(message.sources));
  if (message.buttons?.length) stack.append(buttons(message, mode, onPress));
  if (!isNotice) stack.append(foot(message, onRetry, onDiscard));
  made.append(stack);
  return made;
}

function fill(body, message) {
  if (message.html) {
    body.classList.add("rich");
    body.append(safeFragment(message.html));
  } else if (message.actor === "shopper") {
    body.textContent = message.text;
  } else {
    linked(body, message.text);
  }
}

/** Plain text of our own people, whose addresses may be followed. */
function linked(body, text) {
  for (const part of text.split(/(https?:\/\/[^\s<>"'，。；！？、）】]+)/)) {
    if (/^https?:\/\//.test(part)) {
      const link = element("a", { text: part });
      copyAddress(element("a", { href: part }), link);
      body.append(link);
    } else {
      body.append(part);
    }
  }
}

function sources(list) {
  const items = list.map((source) => {
    const link = element("a", {
      href: SAFE_ADDRESS.test(source.url ?? "") ? source.url : undefined,
      target: "_blank",
      rel: "noopener",
    });
    const leaves = element("span", { class: "sr-only", text: t("(opens in a new tab)") });
    link.append(picture("journal-text"), element("span", { text: source.title }), leaves);
    return element("li", {}, link);
  });
  return element("ul", { class: "msg-sources", "aria-label": t("Sources") }, ...items);
}

function buttons(message, mode, onPress) {
  // Beside an article's answer the two choices are its verdict.
  const isVerdict = message.sources?.length > 0 && message.buttons.length === 2;
  const group = element("div", {
    class: isVerdict ? "msg-buttons verdict" : "msg-buttons",
    role: "group",
    "aria-label": isVerdict ? t("Was this helpful?") : t("Choices"),
  });
  for (const [index, button] of message.buttons.entries()) {
    const drawing = isVerdict && picture(index === 0 ? "hand-thumbs-up" : "hand-thumbs-down");
    const made = element("button", { type: "button", class: "chip" }, drawing, button.label);
    made.disabled = mode === "agent";
    made.addEventListener("click", () => {
      made.classList.add("chosen");
      close(group);
      onPress(button);
    });
    group.append(made);
  }
  return group;
}

/** Few conversations have photos, so what shows them is fetched with the first one. */
function photos(pictures, source) {
  const room = element("div", { class: "msg-photos" });
  import("./photo-view.js").then(({ photoGrid }) => room.replaceWith(photoGrid(pictures, source)));
  return room;
}

/** A choice can be made once. */
export function close(group) {
  for (const button of group.querySelectorAll("button")) button.disabled = true;
}

function foot(message, onRetry, onDiscard) {
  const made = element("div", { class: "msg-foot" });
  const time = clockTime(new Date(message.created_at));
  made.append(element("time", { datetime: message.created_at, text: time }));
  if (message.client_id) made.append(element("span", { class: "msg-state" }));
  if (onRetry) made.append(action("msg-retry", t("Try again"), onRetry));
  if (onDiscard) made.append(action("msg-discard", t("Discard"), onDiscard));
  return made;
}

function action(name, text, onClick) {
  const made = element("button", { type: "button", class: `msg-action ${name}`, text });
  made.addEventListener("click", onClick);
  return made;
}

const STATES = {
  sending: () => [picture("clock"), t("Sending")],
  waiting: () => [picture("clock"), t("Waiting for the connection")],
  sent: () => [picture("check2"), t("Sent")],
  failed: ({ words }) => [picture("exclamation-circle"), words ? `${t("Not sent")}: ${words}` : t("Not sent")],
  uploading: ({ share = 0 }) => [
    element("progress", { max: "1", value: String(share), "aria-label": t("Uploading") }),
    share < 1 ? t("Uploaded %(share)s", { share: `${Math.round(share * 100)} %` }) : t("Uploading"),
  ],
};

export function showState(made, state, problem = {}) {
  made.dataset.state = state;
  made.querySelector(".msg-state")?.replaceChildren(...STATES[state](problem ?? {}));
}

export function dayElement(date) {
  return element("div", { class: "day", text: dayName(date), "data-day": dayKey(date) });
}

export function dayKey(date) {
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}
