// Decides how ready replies are listed, written and taken away.

import { t, language } from "./words.js";
import { make, announce, facts } from "./desk_dom.js";
import { call, get, put } from "./desk_api.js";
import "./desk.js";

const LANGUAGES = ["zh-Hans", "zh-Hant", "en"];
const byId = (id) => document.getElementById(id);
const form = byId("reply-form");
const problem = byId("reply-problem");

const pathOf = ({ scope, shortcut }) => `canned-replies/${scope}/${shortcut}`;

function edit(one) {
  form.shortcut.value = one.shortcut;
  form.elements.title.value = one.title;
  for (const code of LANGUAGES) form.elements[code].value = one.texts[code] ?? "";
  form.scope.value = one.scope === "shop" && facts.decides ? "shop" : "mine";
  byId("form-title").focus();
  byId("form-title").scrollIntoView();
}

async function remove(one) {
  try {
    await call("DELETE", pathOf(one));
    announce(t("Taken away."));
  } catch (error) {
    announce(error.message, { kind: "error" });
  }
  await show();
}

function item(one) {
  const mayRemove = one.scope === "mine" || facts.decides;
  return make("li", { class: "care-item" }, make("kbd", { text: `/${one.shortcut}` }),
    make("span", { class: "care-words" }, make("strong", { text: one.title, dir: "auto" }), make("br"),
      make("span", { class: "quiet", text: one.text, lang: language, dir: "auto" })),
    make("span", { class: "tag", text: one.scope === "mine" ? t("Mine") : t("The shop's") }),
    make("button", { type: "button", class: "button quiet", text: t("Change"), on: { click: () => edit(one) } }),
    mayRemove ? make("button", { type: "button", class: "text-button", text: t("Take away"), on: { click: () => remove(one) } }) : null);
}

async function show() {
  const { replies } = await get("canned-replies");
  byId("replies").replaceChildren(make("ul", { class: "care-list" }, replies.map(item)));
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const texts = Object.fromEntries(LANGUAGES.map((code) => [code, form.elements[code].value.trim()]).filter(([, text]) => text));
  problem.hidden = true;
  try {
    if (!Object.keys(texts).length) throw new Error(t("Write it in at least one language."));
    await put(pathOf({ scope: form.scope.value, shortcut: form.shortcut.value.trim() }), { title: form.elements.title.value.trim(), texts });
  } catch (error) {
    problem.textContent = error.body?.errors?.map((one) => one.detail).join(" ") || error.message;
    problem.hidden = false;
    return;
  }
  form.reset();
  announce(t("Kept."));
  await show();
});

await show();
