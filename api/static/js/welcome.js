// Decides how a link for a password is used: the secret behind `#` is read once and taken out of the address.

import { t, dayName, clockTime } from "./words.js";
import { call } from "./desk_api.js";

const byId = (id) => document.getElementById(id);
const form = byId("welcome-form");
const KEPT = "warmline:welcome";
const token = location.hash.slice(1) || sessionStorage.getItem(KEPT) || "";
// Changing the language loads the page anew; the history shall not hold the secret.
if (location.hash) {
  sessionStorage.setItem(KEPT, token);
  history.replaceState(null, "", location.pathname + location.search);
}

function tell(text) {
  const place = byId("welcome-problem");
  place.textContent = text;
  place.hidden = false;
  place.focus();
}

const send = (path, body) => call("POST", path, body, { stays: true });

try {
  const { data } = await send("links/look", { token: token.padEnd(20, "-").slice(0, 100) });
  byId("welcome-said").textContent = t("Hello %(name)s. This link can be used once, until %(time)s.", { name: data.name, time: `${dayName(new Date(data.expires_at))} ${clockTime(new Date(data.expires_at))}` });
  form.login.value = data.login;
  byId("welcome-fields").hidden = false;
  form.password.focus();
} catch (error) {
  byId("welcome-said").textContent = "";
  tell(error.code === "link_over" ? t("This link was used already or is too old. Ask for a new one.") : error.message);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (form.password.value !== form.again.value) return tell(t("The two passwords are not the same."));
  try {
    await send("links/use", { token, password: form.password.value });
    sessionStorage.removeItem(KEPT);
    byId("welcome-problem").hidden = true;
    byId("welcome-fields").hidden = true;
    byId("welcome-said").textContent = t("Your password is set. Sign in with it.");
    byId("welcome-login").hidden = false;
    byId("welcome-login").focus();
  } catch (error) {
    tell(error.code === "weak_password" ? t("The password is too short or too common. Take at least 10 characters.") : error.message);
  }
});
