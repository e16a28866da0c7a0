// Decides how a waiting shopper leaves and keeps the place, and how the link of the mail leads back.

import "./more-words.js";
import { element, picture } from "./message-view.js";
import { call } from "./requests.js";
import { t } from "./words.js";

const ROOT = "/api/v1/conversations";
const href = new URL("../css/place.css", import.meta.url).href;
document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));

/** Below the strip of the line: the offer, or where they will be told; nothing once it is their turn. */
export function showPlace(shopper, place) {
  let panel = document.getElementById("place");
  if (!place) { panel?.remove(); return; }
  if (!panel) {
    panel = element("div", { id: "place", class: "w-place" });
    document.getElementById("strip").after(panel);
  }
  const mail = place.mail ?? "";
  if (panel.dataset.mail === mail) return;
  panel.dataset.mail = mail;
  panel.replaceChildren(...(mail ? kept(shopper, mail) : offer(shopper)));
}

function send(shopper, method, body) {
  const { id, token } = shopper.conversation;
  return call(method, `${ROOT}/${id}/place`, { token, body });
}

function offer(shopper) {
  const ask = element("button", { type: "button", class: "button quiet" }, picture("clock"), t("Tell me by mail when it is my turn"));
  ask.addEventListener("click", () => {
    const form = mailForm(shopper);
    ask.replaceWith(form);
    form.querySelector("input").focus();
  });
  return [ask];
}

function mailForm(shopper) {
  const input = element("input", { type: "email", required: "", maxlength: "254", autocomplete: "email", id: "place-mail", "aria-describedby": "place-why" });
  const trouble = element("p", { role: "alert" });
  const button = element("button", { type: "submit", class: "button", text: t("Keep my place") });
  const form = element("form", {},
    element("label", { for: "place-mail", text: t("Your e-mail address") }),
    element("div", { class: "w-row" }, input, button),
    element("p", { id: "place-why", text: t("You keep your place and may close this window. The address is used for this one mail and then forgotten.") }),
    trouble);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    trouble.textContent = "";
    try {
      showPlace(shopper, await send(shopper, "PUT", { mail: input.value.trim() }));
      document.querySelector("#place p")?.focus();
    } catch (error) {
      if (error.status === undefined) throw error;
      button.disabled = false;
      trouble.textContent = error.status === 422 ? t("This is not an address we can write to.") : error.title || t("That did not work. Please try again.");
    }
  });
  return form;
}

function kept(shopper, mail) {
  const drop = element("button", { type: "button", class: "button quiet", text: t("No mail, I wait here") });
  drop.addEventListener("click", async () => {
    drop.disabled = true;
    try {
      showPlace(shopper, await send(shopper, "DELETE"));
      document.querySelector("#place button")?.focus();
    } catch (error) {
      if (error.status === undefined) throw error;
      drop.disabled = false;
    }
  });
  return [
    element("p", { role: "status", tabindex: "-1", text: t("Your place is kept. We write to %(mail)s when it is your turn; you may close this window.", { mail }) }),
    drop,
  ];
}

/** The link of the mail: this device has the conversation from now on. */
export async function comeBack(shopper) {
  const [id, code] = location.hash.slice("#place=".length).split(".");
  history.replaceState(null, "", location.pathname + location.search);
  try {
    const { token } = await call("POST", `${ROOT}/${encodeURIComponent(id)}/come-back`, { body: { code } });
    shopper.storage.setItem("warmline:conversation", JSON.stringify({ id, token }));
  } catch (error) {
    if (error.status === undefined) throw error;
    const words = t("This link opens nothing any more. You can write to us here.");
    document.getElementById("strip").before(element("p", { class: "w-place", role: "status", text: words }));
  }
}
