// Decides how sliders become rules, and how what they would have changed is shown.

import { t, language } from "./words.js";
import { announce, facts } from "./desk_dom.js";
import { post } from "./desk_api.js";
import { drawChart, drawTable, sentence } from "./policy_outcome.js";
import "./desk.js";

const PAUSE = 250; // after the last movement, before the service is asked
const byId = (id) => document.getElementById(id);
const form = byId("policy");
const share = new Intl.NumberFormat(language, { style: "percent" });
const plain = new Intl.NumberFormat(language);
let timer = 0;
let asked = 0;

function rules() {
  const triggers = structuredClone(facts.triggers);
  for (const slider of form.querySelectorAll("[data-number]")) {
    triggers[slider.name] = Number(slider.value);
  }
  for (const choice of form.querySelectorAll("[data-does]")) {
    triggers.rules[choice.name] = choice.value;
  }
  return triggers;
}

function isChanged(control) {
  const now = "does" in control.dataset ? facts.triggers.rules[control.name] : facts.triggers[control.name];
  return String(now) !== ("does" in control.dataset ? control.value : String(Number(control.value)));
}

function tell(slider) {
  const words = slider.dataset.unit === "share" ? share.format(slider.value) : plain.format(slider.value);
  slider.nextElementSibling.textContent = words;
  slider.setAttribute("aria-valuetext", words);
}

function moved() {
  let any = false;
  for (const rule of form.querySelectorAll(".policy-rule")) {
    const changed = [...rule.querySelectorAll("[data-number], [data-does]")].some(isChanged);
    rule.toggleAttribute("data-changed", changed);
    any ||= changed;
  }
  byId("apply").hidden = !any;
  clearTimeout(timer);
  timer = setTimeout(tryOut, PAUSE);
}

async function tryOut() {
  const turn = ++asked;
  try {
    const found = await post("policy/try", { triggers: rules() });
    if (turn !== asked) return; // the slider went on meanwhile
    byId("outcome-said").textContent = sentence(found);
    drawChart(byId("outcome-chart"), found);
    drawTable(byId("outcome-table"), found, facts);
  } catch (error) {
    if (turn === asked) byId("outcome-said").textContent = error.message;
  }
}

async function send(path, body) {
  try {
    await post(path, { ...body, seen: facts.number });
    location.reload();
  } catch (error) {
    announce(error.message, { kind: "error" });
  }
}

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", ({ target }) => {
  if (target.matches("[data-number]")) tell(target);
  moved();
});
byId("reset").addEventListener("click", () => {
  form.reset();
  form.querySelectorAll("[data-number]").forEach(tell);
  moved();
  form.querySelector("input, select").focus();
});
byId("apply").addEventListener("submit", (event) => {
  event.preventDefault();
  send("policy", { triggers: rules(), note: byId("apply-note").value.trim() });
});
for (const button of document.querySelectorAll("[data-take-back]")) {
  button.addEventListener("click", () => {
    send("policy/take-back", { number: Number(button.dataset.takeBack), note: t("Taken back on the page.") });
  });
}
form.querySelectorAll("[data-number]").forEach(tell);
tryOut();
