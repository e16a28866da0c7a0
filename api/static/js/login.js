// Decides how signing in is tried, and how a refusal is told without losing what was typed.

import { t } from "./words.js";
import { facts } from "./desk_dom.js";
import { call } from "./desk_api.js";
import { enrolment, recoveryCodes } from "./second_factor.js";

const form = document.getElementById("login-form");
const problem = document.getElementById("login-problem");
const password = document.getElementById("password");
const send = form.querySelector("[type=submit]");

let ticket = null;
let step = "login/code";
const byId = (id) => document.getElementById(id);
const ask = async (path, body) => (await call("POST", path, body, { stays: true })).data;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(send, problem, async () => {
    const answer = await ask("login", { login: form.login.value, password: password.value });
    if (!answer.needs) return check();
    ticket = answer.ticket;
    if (answer.needs === "enrolment") await setUp();
    else step = "login/code";
    show("code-form");
  });
});

// The role cannot do without: the phone learns its secret here, before there is a session.
async function setUp() {
  step = "login/confirm";
  byId("code-setup").replaceChildren(enrolment(await ask("login/enrol", { ticket })));
  byId("code-said").textContent = t("Your role needs a second factor. It takes a minute to set up.");
}

const codeForm = byId("code-form");
codeForm.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(codeForm.querySelector("[type=submit]"), byId("code-problem"), async () => {
    const answer = await ask(step, { ticket, code: codeForm.code.value });
    if (!answer.recovery_codes) return check();
    byId("codes-list").replaceChildren(recoveryCodes(answer.recovery_codes));
    show("codes-kept");
  });
});
byId("code-back").addEventListener("click", () => location.reload());
byId("codes-done").addEventListener("click", () => attempt(byId("codes-done"), problem, check));

function show(id) {
  for (const one of ["login-form", "code-form", "codes-kept"]) byId(one).hidden = one !== id;
  (id === "code-form" ? codeForm.code : byId(id).querySelector("h1")).focus();
}

async function attempt(button, place, work) {
  if (button.disabled) return;
  button.disabled = true;
  place.hidden = true;
  try {
    await work();
  } catch (error) {
    tell(error, place);
  } finally {
    button.disabled = false;
  }
}

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

function tell(error, place) {
  const wait = Number(error.body?.retry_after);
  place.textContent = error.status === 429 && wait
    ? t("Too many tries. Please wait %(n)s seconds.", { n: wait }) : told(error);
  place.hidden = false;
  place.focus();
  if (error.status === 401 && place === problem) password.select();
  if (error.code === "wrong_code") codeForm.code.select();
}

function told(error) {
  if (error.code === "wrong_code") return t("The code is wrong or was used already. Wait for the next one.");
  if (error.code === "sign_in_over") return t("This took too long. Go back and sign in again.");
  return error.message;
}

document.getElementById("show-password").addEventListener("click", (event) => {
  const button = event.currentTarget;
  const isShown = password.type === "text";
  password.type = isShown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!isShown));
});
