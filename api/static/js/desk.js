// Decides what the bar above every staff page does: presence, light or dark, the way out.

import { t } from "./words.js";
import { announce } from "./desk_dom.js";
import { call, leave, put } from "./desk_api.js";
import { showPause, wirePause } from "./pausing.js";

const presence = document.getElementById("presence");

async function be(state) {
  try {
    take(await put("presence", { state }));
    announce(state === "available" ? t("You are available.") : t("You are away. You keep what you have and get nothing new."));
  } catch (error) {
    announce(error.message, { kind: "error" });
  }
}

function showPresence(state) {
  presence.dataset.state = state;
  for (const button of presence.querySelectorAll("[data-set]")) {
    button.setAttribute("aria-pressed", String(button.dataset.set === state));
  }
}

// What the desk has of me: it may have set me away, and a shift ends by itself.
function take(me) {
  showPresence(me.state);
  showPause(me);
}

if (presence) {
  wirePause({ onChange: take });
  addEventListener("warmline:presence", ({ detail: me }) => {
    const wasAvailable = presence.dataset.state === "available";
    take(me);
    if (wasAvailable && me.state === "away") announce(t("You are away now. You get nothing new until you are available again."));
  });
  for (const button of presence.querySelectorAll("[data-set]")) {
    button.addEventListener("click", () => be(button.dataset.set));
  }
  // Said once on opening the console; from then on its socket is the sign of life.
  if (document.getElementById("thread")) {
    put("presence", { state: presence.dataset.state }).then(take, () => {});
  }
}

document.getElementById("logout")?.addEventListener("click", async () => {
  leave();
  try {
    await call("POST", "logout", {}, { stays: true });
  } catch (error) {
    if (error.status !== 401) return announce(error.message, { kind: "error" });
  }
  location.assign("/login");
});

document.getElementById("theme")?.addEventListener("click", () => {
  const next = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
  try {
    localStorage.setItem("warmline:theme", next);
  } catch { /* not kept, but shown */ }
  dispatchEvent(new Event("warmline:theme"));
  document.documentElement.dataset.bsTheme = next;
});
