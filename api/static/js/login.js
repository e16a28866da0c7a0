// Decides how signing in is tried, and how a refusal is told without losing what was typed.

import { t } from "./words.js";
import { facts } from "./desk_dom.js";
import { call } from "./desk_api.js";

const form = document.getElementById("login-form");
const problem = document.getElementById("login-problem");
const password = document.getElementById("password");
const send = form.querySelector("[type=submit]");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (send.disabled) return;
  send.disabled = true;
  problem.hidden = true;
  try {
    await call("POST", "login", { login: form.login.value, password: password.value }, { stays: true });
    await check();
  } catch (error) {
    tell(error);
  } finally {
    send.disabled = false;
  }
});

// The cookie must have been kept, or the next page would ask again without a word.
async function check() {
  try {
    await call("GET", "me", undefined, { stays: true });
  } catch (error) {
    if (error.status !== 401) throw error;
    error.message = t("The password was right, but your browser did not keep the sign-in. Use https or localhost, and allow cookies for this address.");
    throw error;
  }
  location.assign((facts.next ?? "/login") + location.hash);
}

function tell(error) {
  const wait = Number(error.body?.retry_after);
  problem.textContent = error.status === 429 && wait
    ? t("Too many tries. Please wait %(n)s seconds.", { n: wait }) : error.message;
  problem.hidden = false;
  problem.focus();
  if (error.status === 401) password.select();
}

document.getElementById("show-password").addEventListener("click", (event) => {
  const button = event.currentTarget;
  const isShown = password.type === "text";
  password.type = isShown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!isShown));
});
