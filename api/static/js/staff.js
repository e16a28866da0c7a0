// Decides how people are listed, invited, given roles, and shut out.

import { t, dayName, clockTime } from "./words.js";
import { make, icon, announce, facts, tryTo } from "./desk_dom.js";
import { get, post, put } from "./desk_api.js";
import { ask } from "./console_dialogs.js";
import { copied } from "./second_factor.js";
import { step } from "./staff_trail.js";
import "./desk.js";

const byId = (id) => document.getElementById(id);
const STATES = {
  active: () => [t("May sign in"), "good"], invited: () => [t("Invited"), "calm"], disabled: () => [t("Disabled"), "bad"],
};

const tags = (words, kind = "") => make("div", { class: "tags" }, words.map((text) => make("span", { class: `tag ${kind}`, text })));
const when = (at) => `${dayName(new Date(at))} ${clockTime(new Date(at))}`;
const button = (text, name, act, label) => make("button", { type: "button", class: "button quiet", "aria-label": label, on: { click: act } }, icon(name), text);

function row(one) {
  const [state, kind] = STATES[one.state]();
  const works = [...one.skills.map((each) => facts.skills[each] ?? each), ...one.languages.map((each) => facts.languages[each] ?? each)];
  const link = one.link_until && new Date(one.link_until) > new Date() ? t("Link until %(time)s", { time: when(one.link_until) }) : null;
  return make("tr", { class: one.state === "disabled" ? "staff-row-off" : "", "data-login": one.login },
    make("th", { scope: "row" }, make("strong", { text: one.name, dir: "auto" }), make("span", { class: "quiet", text: one.login })),
    make("td", {}, tags(one.roles.map((each) => facts.roles[each] ?? each), "brand")),
    make("td", {}, works.length ? tags(works) : make("span", { class: "quiet", text: t("Everything") })),
    make("td", { class: "num", text: one.capacity ?? facts.capacity }),
    make("td", { text: one.seen_at ? when(one.seen_at) : t("Not signed in") }),
    make("td", {}, make("div", { class: "tags" }, make("span", { class: `tag ${kind}`, text: state }),
      one.has_second_factor ? make("span", { class: "tag", text: t("Second factor") }) : null),
    link ? make("span", { class: "quiet", text: link }) : null),
    make("td", {}, make("div", { class: "actions" },
      facts.may.plan && one.state !== "disabled" ? button(t("Change"), "pencil", () => edit(one), t("Change %(name)s", one)) : null,
      facts.may.manage ? switchButton(one) : null)));
}

function switchButton(one) {
  if (one.state === "disabled") return button(t("Enable"), "check-lg", () => act(() => post(`staff/${one.id}/enable`), t("The account may sign in again.")), t("Enable %(name)s", one));
  return button(t("Disable"), "slash-circle", async () => {
    const said = t("Their sessions end now and their conversations go back into the line.");
    if (await sure(t("Disable %(name)s?", one), said, t("Disable"))) act(() => post(`staff/${one.id}/disable`), t("Disabled. Their sessions have ended."));
  }, t("Disable %(name)s", one));
}

function sure(title, said, ok) {
  byId("sure-title").textContent = title;
  byId("sure-said").textContent = said;
  byId("sure-ok").textContent = ok;
  return ask("sure-dialog");
}

const act = (step, words) => tryTo(step, words).then(show);

const chosen = (form, name) => [...form.querySelectorAll(`[name=${name}]:checked`)].map((one) => one.value);
const days = (form) => [...form.querySelectorAll("[data-day]")];
const spans = (one) => one.value.split(",").map((each) => each.trim()).filter(Boolean);
const work = (form) => ({
  skills: chosen(form, "skills"), languages: chosen(form, "languages"),
  capacity: form.elements.capacity.value ? Number(form.elements.capacity.value) : null,
  shifts: Object.fromEntries(days(form).map((one) => [one.dataset.day, spans(one)]).filter(([, each]) => each.length)),
});

// The dialog stays open, with its words, until the service has taken what stands in it.
function onSave(id, save) {
  const dialog = byId(id);
  if (!dialog) return;
  const form = dialog.querySelector("form");
  const problem = form.querySelector(".problem");
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.value !== "ok") return;
    event.preventDefault();
    problem.hidden = true;
    try {
      await save(form);
      dialog.close("saved");
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
      problem.focus();
    }
    await show();
  });
}

function needsRole(form) {
  if (!chosen(form, "roles").length) throw new Error(t("Choose at least one role."));
}

let edited = null;
function edit(one) {
  edited = one;
  const dialog = byId("edit-dialog");
  const form = dialog.querySelector("form");
  form.querySelector(".problem").hidden = true;
  byId("edit-title").textContent = one.name;
  for (const box of form.querySelectorAll("[type=checkbox]")) box.checked = one[box.name].includes(box.value);
  form.elements.capacity.value = one.capacity ?? "";
  for (const day of days(form)) day.value = (one.shifts[day.dataset.day] ?? []).join(", ");
  if (byId("edit-factor")) byId("edit-factor").hidden = !one.has_second_factor;
  dialog.showModal();
}

onSave("edit-dialog", async (form) => {
  const fresh = work(form);
  // A skill that the configuration no longer names is not lost by saving something else.
  fresh.skills.push(...edited.skills.filter((each) => !(each in facts.skills)));
  if (facts.may.manage) {
    needsRole(form);
    const roles = chosen(form, "roles");
    if (String(roles.sort()) !== String([...edited.roles].sort())) await put(`staff/${edited.id}/roles`, { roles });
  }
  await put(`staff/${edited.id}/skills`, fresh);
  announce(t("Saved."));
});

onSave("invite-dialog", async (form) => {
  needsRole(form);
  const { login, name } = form.elements;
  const made = await post("staff", { login: login.value, name: name.value, roles: chosen(form, "roles"), ...work(form) });
  form.reset();
  showLink(made);
});

function showLink(made) {
  byId("link").value = location.origin + made.link;
  byId("link-said").textContent = t("It is shown only now, works once, and ends on %(time)s. Pass it on in a way that you trust.", { time: when(made.expires_at) });
  byId("link-dialog").showModal();
  byId("link").select();
}

byId("invite")?.addEventListener("click", () => byId("invite-dialog").showModal());
byId("link-copy")?.addEventListener("click", () => copied(byId("link-copy"), byId("link").value));
byId("link-dialog")?.addEventListener("close", () => { byId("link").value = ""; });
byId("edit-link")?.addEventListener("click", async () => {
  byId("edit-dialog").close();
  try {
    showLink(await post(`staff/${edited.id}/link`));
  } catch (error) {
    announce(error.message, { kind: "error" });
  }
  await show();
});
byId("edit-factor")?.addEventListener("click", async () => {
  byId("edit-dialog").close();
  const said = t("Their phone and their recovery codes open nothing any more, and their sessions end. Make sure that it is really they who ask.");
  if (await sure(t("Reset the second factor of %(name)s?", edited), said, t("Reset"))) act(() => post(`staff/${edited.id}/second-factor/reset`), t("The second factor is reset."));
});

async function show() {
  try {
    const [people, trail] = await Promise.all([get("staff"), facts.may.trail ? get("staff/events") : []]);
    byId("people").replaceChildren(...people.map(row));
    const nothing = make("li", { class: "quiet", text: t("Nothing yet.") });
    byId("trail")?.replaceChildren(...(trail.length ? trail.map(step) : [nothing]));
  } catch (error) {
    announce(error.message, { kind: "error" });
  }
}

await show();
