// Decides how people look after their own account: sessions, second factor, password.

import { t, dayName, clockTime } from "./words.js";
import { make, announce, tryTo } from "./desk_dom.js";
import { call, get, post } from "./desk_api.js";
import { enrolment, recoveryCodes } from "./second_factor.js";
import "./desk.js";

const byId = (id) => document.getElementById(id);
const when = (at) => `${dayName(new Date(at))} ${clockTime(new Date(at))}`;

function browser(one) {
  if (one.browser && one.system) return t("%(browser)s on %(system)s", one);
  return one.browser ?? one.system ?? t("A program, or an unknown browser");
}

function session(one) {
  const end = make("button", { type: "button", class: "button quiet", text: t("Sign out there"), "aria-label": t("Sign out: %(browser)s, %(address)s", { browser: browser(one), address: one.address ?? "" }), on: { click: () => act(() => call("DELETE", `account/sessions/${one.name}`), t("That session has ended.")) } });
  return make("li", {}, make("strong", { text: browser(one) }),
    one.is_this ? make("span", { class: "tag good", text: t("This one") }) : null,
    make("span", { class: "quiet", text: [one.address, t("since %(time)s", { time: when(one.created_at) }), t("last used %(time)s", { time: when(one.seen_at) })].filter(Boolean).join(" · ") }),
    one.is_this ? null : end);
}

const act = (step, words) => tryTo(step, words).then(showSessions);

async function showSessions() {
  const found = await get("account/sessions");
  byId("sessions").replaceChildren(...found.map(session));
  byId("end-others").hidden = found.length < 2;
}
byId("end-others").addEventListener("click", () => act(() => post("account/sessions/end-others"), t("You are signed in only here.")));

function told(error) {
  const words = {
    wrong_code: t("The code is wrong or was used already. Wait for the next one."),
    wrong_password: t("That is not your present password."),
    weak_password: t("The password is too short or too common. Take at least 10 characters."),
  };
  return words[error.code] ?? error.message;
}

async function attempt(problem, work) {
  problem.hidden = true;
  try {
    await work();
  } catch (error) {
    problem.textContent = told(error);
    problem.hidden = false;
    problem.focus();
  }
}

// --- the second factor: one form, whose fields and buttons fit the step ---
const form = byId("factor-form");
const place = byId("factor-place");

function fields({ password, code }, ...buttons) {
  form.reset();
  form.hidden = false;
  for (const [name, wanted] of Object.entries({ password, code })) {
    byId(`factor-${name}-field`).hidden = !wanted;
    form.elements[name].required = wanted;
  }
  byId("factor-actions").replaceChildren(...buttons.map(([text, kind, work], place) => make("button", {
    type: place ? "button" : "submit", class: `button ${kind}`, text,
    on: place ? { click: () => form.reportValidity() && attempt(byId("factor-problem"), work) } : {},
  })));
  form.onsubmit = (event) => {
    event.preventDefault();
    attempt(byId("factor-problem"), buttons[0][2]);
  };
}

const both = () => ({ password: form.elements.password.value, code: form.elements.code.value });

async function begin() {
  const made = await post("account/second-factor/begin", { password: form.elements.password.value });
  place.replaceChildren(enrolment(made));
  fields({ password: false, code: true }, [t("Turn it on"), "", async () => {
    const { recovery_codes: codes } = await post("account/second-factor/confirm", { code: form.elements.code.value });
    announce(t("The second factor is on."));
    await showFactor();
    place.replaceChildren(recoveryCodes(codes));
    await showSessions();
  }]);
  form.elements.code.focus();
}

async function newCodes() {
  const { recovery_codes: codes } = await post("account/second-factor/recovery-codes", both());
  await showFactor();
  place.replaceChildren(recoveryCodes(codes));
}

async function turnOff() {
  await post("account/second-factor/off", both());
  announce(t("The second factor is off."));
  await showFactor();
}

async function showFactor() {
  const { is_on: isOn, is_required: isRequired, codes_left: left } = await get("account/second-factor");
  place.replaceChildren();
  byId("factor-said").textContent = isOn
    ? t("On. Signing in takes a code of your phone; %(left)s recovery codes are left.", { left })
    : t("Off. With it, a stolen password alone opens nothing.");
  if (!isOn) return fields({ password: true, code: false }, [t("Set it up"), "", begin]);
  const codes = [t("New recovery codes"), "quiet", newCodes];
  fields({ password: true, code: true }, ...(isRequired ? [codes] : [codes, [t("Turn it off"), "quiet", turnOff]]));
}

const change = byId("password-form");
change.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(byId("password-problem"), async () => {
    if (change.fresh.value !== change.again.value) throw new Error(t("The two passwords are not the same."));
    await post("account/password", { present: change.present.value, password: change.fresh.value });
    change.reset();
    announce(t("The password is changed. All your other sessions have ended."));
    await showSessions();
  });
});

await Promise.all([showSessions(), showFactor()]).catch((error) => announce(error.message, { kind: "error" }));
