// Decides what the chat window shows around the thread: welcome, line, agent, end, other languages.

import "./thread.js";
import { attachComposer } from "./composer.js";
import { dropPhotos } from "./photo-store.js";
import { lateTray } from "./photo-start.js";
import { ShopWindow } from "./shop-window.js";
import { Shopper } from "./shopper.js";
import { agentStrip, lostStrip, queueStrip } from "./strips.js";
import { language, t } from "./words.js";

const byId = (id) => document.getElementById(id);
const facts = JSON.parse(byId("facts").textContent);
const thread = byId("thread");
const shopper = new Shopper();
const shop = new ShopWindow(facts.shops);
let opening = null;
let status = null;
let goesOn = false; // the shopper wants to write about what has ended

thread.transport = shopper;
thread.storage = shopper.storage;

let composer = null;
const tray = lateTray(byId("composer"), {
  target: document.body,
  most: facts.photos,
  onChange: () => composer?.refresh(),
  onTrouble: (words) => { byId("photo-trouble").textContent = words; },
});
composer = attachComposer(byId("composer"), {
  limit: facts.limit,
  draft: { storage: shopper.storage, key: "warmline:draft" },
  onTyping: () => thread.tellTyping(),
  hasMore: () => tray.count > 0,
  onSend: (text) => { if (tray.count) sendPhotos(text); else say(text); },
});

async function sendPhotos(text) {
  byId("photo-trouble").textContent = "";
  const { blobs, alts } = await tray.take();
  thread.show(text, blobs, alts);
  follow();
}

function say(text) {
  thread.submit(text);
  follow();
}

function follow() {
  showFresh(false);
  if (!thread.conversationId) opening ??= openConversation().finally(() => { opening = null; });
}

/** The row is made with the first word, not with the first look; until then the word waits here. */
async function openConversation() {
  for (let tries = 0; ; tries += 1) {
    try {
      const { id } = shopper.conversation ?? await shopper.open(language);
      shop.tell("active", {});
      showLost(null);
      await thread.follow(id);
      return;
    } catch (error) {
      if (error.status === undefined) throw error;
      showLost("waiting");
      const pause = (error.retryAfter ?? Math.min(10, 1 + 2 * tries)) * 1000;
      await new Promise((resolve) => { setTimeout(resolve, pause * (1 + Math.random() / 2)); });
    }
  }
}

function showFresh(isFresh) {
  byId("welcome").hidden = !isFresh;
  document.body.toggleAttribute("data-fresh", isFresh);
}

function showStatus({ status: next, handoff, agent_name: name }) {
  const changed = next !== status;
  status = next;
  document.body.dataset.status = next;
  const isOver = next === "resolved" || next === "abandoned";
  if (!isOver) goesOn = false;
  const strip = next === "queued" ? queueStrip(handoff) : null;
  show(byId("strip"), next === "assigned" ? agentStrip(name) : strip);
  const place = next === "queued" && handoff?.place;
  if (place || byId("place")) import("./place.js").then((m) => m.showPlace(shopper, place));
  const waits = next === "queued";
  if (waits || byId("leave")) import("./leave.js").then((m) => m.showLeave(shopper, waits));
  const look = handoff?.camera;
  if (look || byId("camera")) import("./camera.js").then((m) => m.showCamera(shopper, look));
  byId("who").textContent = {
    queued: t("Waiting for a person"),
    assigned: name ? t("You are talking to %(name)s", { name }) : t("You are talking to a person"),
    resolved: t("Ended"),
    abandoned: t("Ended"),
  }[next] ?? t("Answers at once");
  byId("to-person").hidden = next === "queued" || next === "assigned";
  byId("composer").hidden = isOver && !goesOn;
  if (changed) showEnd(isOver ? next : null);
}

async function showEnd(how) {
  const end = byId("end");
  end.hidden = !how;
  end.replaceChildren();
  if (!how) return;
  const [{ endPanel }, mayGoOn] = await Promise.all([
    import("./ending.js"),
    how === "resolved" && shopper.mayGoOn().catch(() => false),
  ]);
  if (status !== how) return;
  end.replaceChildren();
  end.append(endPanel({
    asksRating: how === "resolved" && !shopper.conversation?.rated,
    revises: shopper.conversation?.rated?.revisions === 0 ? shopper.conversation.rated : null,
    onRate: async (rating) => shopper.note({ rated: await shopper.rate(rating) }),
    onAgain: () => { shopper.follows = shopper.conversation?.token ?? null; return startAnew(); },
    onGoOn: mayGoOn ? goOn : null,
  }));
}

/** The composer comes back; the word that is sent opens the case again. */
function goOn() {
  goesOn = true;
  byId("end").hidden = true;
  byId("composer").hidden = false;
  composer.focus();
}

/** Put the strip in only if it says something new: a status region is read aloud on change. */
function show(region, strip) {
  if ((strip?.textContent ?? "") !== region.textContent) {
    region.replaceChildren(...(strip ? [strip] : []));
  }
}

let lostTimer = 0;
function showLost(state) {
  document.body.dataset.link = state ?? "open";
  if (state !== "waiting") {
    clearTimeout(lostTimer);
    lostTimer = 0;
    show(byId("lost"), null);
  } else if (!lostTimer) {
    // A blip of a second or two is nobody's business.
    lostTimer = setTimeout(() => show(byId("lost"), lostStrip()), 2_500);
  }
}

async function startAnew() {
  thread.outbox.clear();
  tray.clear();
  dropPhotos();
  shopper.forget();
  status = null;
  await begin();
  composer.focus();
}

async function begin() {
  const conversation = shopper.conversation;
  for (const id of ["strip", "lost"]) byId(id).replaceChildren();
  showStatus({ status: "bot" });
  showFresh(!conversation);
  await thread.start(null, { outboxName: "shopper" });
  if (conversation || !thread.isEmpty) {
    showFresh(false);
    opening ??= openConversation().finally(() => { opening = null; });
    await opening;
  }
}

thread.addEventListener("status", ({ detail }) => showStatus(detail));
thread.addEventListener("connection", ({ detail }) => {
  if (detail.state === "open") showLost(null);
  else if (detail.state === "waiting") showLost("waiting");
});
thread.addEventListener("message", ({ detail: { message, isNew } }) => {
  if (isNew && message.actor !== "shopper") shop.newMessage();
});
thread.addEventListener("refused", async () => {
  // The conversation is gone (expired, erased): nothing of it may stay, what is unsent goes on.
  shopper.forget();
  await begin();
});
thread.addEventListener("failed", ({ detail }) => {
  if (["conversation_closed", "conversation_ended"].includes(detail.code)) {
    goesOn = false;
    status = null; // what may be done now is asked anew
    showStatus({ status: "resolved" });
  }
});

for (const chip of document.querySelectorAll("[data-ask]")) {
  chip.addEventListener("click", () => { say(chip.textContent.trim()); composer.focus(); });
}
byId("to-person").addEventListener("click", () => {
  say(t("I would like to talk to a person."));
  composer.focus();
});
for (const link of document.querySelectorAll("[data-language]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    speak(link.dataset.language);
  });
}

async function speak(next) {
  if (shopper.conversation) await shopper.setLanguage(next).catch(() => {});
  const address = new URL(location.href);
  address.searchParams.set("lang", next);
  location.replace(address);
}

shop.on("opened", () => composer.focus());
shop.on("language", ({ language: next }) => { if (next !== language) speak(next); });
shop.on("reset", startAnew);
byId("close").addEventListener("click", () => shop.close());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing) shop.close();
});
addEventListener("storage", (event) => {
  // Another tab ended or began the conversation: follow it.
  if (event.key === "warmline:conversation" && shopper.conversation?.id !== thread.conversationId) {
    begin();
  }
});

if (location.hash.startsWith("#place=")) await (await import("./place.js")).comeBack(shopper);
await begin();
