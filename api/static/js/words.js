// Decides what a script says: the sentence in the page's language, from the page's own JSON.

const element = document.getElementById("words");
const said = element ? JSON.parse(element.textContent) : {};

/** Know these sentences as well. */
export function learn(words) { Object.assign(said, words); }

export const language = document.documentElement.lang || "en";

/** The sentence with its %(name)s values put in; an untranslated one is English. */
export function t(sentence, values = {}) {
  return (said[sentence] ?? sentence).replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}

const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat(language, { month: "long", day: "numeric", weekday: "short" });
const weekday = new Intl.DateTimeFormat(language, { weekday: "long" });

export const clockTime = (date) => clock.format(date);
export const dayAndTime = (date) => `${weekday.format(date)} ${clock.format(date)}`;

export function dayName(date) {
  const days = Math.round((midnight(new Date()) - midnight(date)) / 86_400_000);
  if (days === 0) return t("Today");
  return days === 1 ? t("Yesterday") : day.format(date);
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
