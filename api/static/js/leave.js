// Decides how a waiting shopper gives up the place and goes back to the bot: asked once more before.

import "./more-words.js";
import { element } from "./message-view.js";
import { call } from "./requests.js";
import { t } from "./words.js";

const href = new URL("../css/place.css", import.meta.url).href;
document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));

/** Below the strip of the line, while they wait. */
export function showLeave(shopper, waits) {
  const panel = document.getElementById("leave");
  if (!waits) { goAway(panel); return; }
  if (panel) return;
  const made = element("div", { id: "leave", class: "w-place w-leave" });
  const above = document.getElementById("place") ?? document.getElementById("strip");
  above.after(made);
  offer(shopper, made);
}

/** Whoever had the focus in here goes on writing. */
function goAway(panel) {
  const hadFocus = panel?.contains(document.activeElement);
  panel?.remove();
  if (hadFocus) document.getElementById("text")?.focus();
}

function offer(shopper, panel) {
  const ask = element("button", { type: "button", class: "button quiet", text: t("Stop waiting, back to the bot") });
  ask.addEventListener("click", () => question(shopper, panel));
  panel.replaceChildren(ask);
  return ask;
}

function question(shopper, panel) {
  const trouble = element("p", { role: "alert" });
  const go = element("button", { type: "button", class: "button", text: t("Stop waiting") });
  const stay = element("button", { type: "button", class: "button quiet", text: t("Keep waiting") });
  const back = () => offer(shopper, panel).focus();
  stay.addEventListener("click", back);
  go.addEventListener("click", () => leave(shopper, go, trouble));
  const form = element("div", { role: "group", "aria-labelledby": "leave-why" },
    element("p", { id: "leave-why", text: t("Stop waiting? Your place in the line is lost; what you wrote is kept.") }),
    element("div", { class: "w-row" }, stay, go),
    trouble);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    back();
  });
  panel.replaceChildren(form);
  stay.focus();
}

async function leave(shopper, button, trouble) {
  const { id, token } = shopper.conversation;
  button.disabled = true;
  trouble.textContent = "";
  try {
    await call("POST", `/api/v1/conversations/${id}/leave-line`, { token });
    document.getElementById("leave")?.remove();
    // The pressed button was switched off meanwhile and has no focus to hand on.
    document.getElementById("text")?.focus();
  } catch (error) {
    if (error.status === undefined) throw error;
    button.disabled = false;
    trouble.textContent = error.code === "taken_up"
      ? t("A person has just taken up your conversation. Simply write to them.")
      : t("That did not work. Please try again.");
  }
}
