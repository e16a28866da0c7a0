// Decides how the staff pages build elements: text is always text, never HTML.

const page = JSON.parse(document.getElementById("page")?.textContent || "{}");

// What the server told this page about itself.
export const facts = page;

// One element; `props` are properties, `data-*`/`aria-*`/role attributes, or `on` handlers.
export function make(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") {
      for (const [event, handler] of Object.entries(value)) {
        element.addEventListener(event, handler);
      }
    } else if (name === "class") element.className = value;
    else if (name === "text") element.textContent = value;
    else if (name in element && !name.includes("-")) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter((one) => one !== null && one !== undefined && one !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// A picture from the sprite; the words stand beside it.
export function icon(name, size = 16) {
  return svg(
    "svg",
    { class: "icon", width: size, height: size, "aria-hidden": "true" },
    svg("use", { href: `${document.documentElement.dataset.icons ?? ""}#${name}` }),
  );
}

// Says something to screen readers, and shows it for a few seconds.
export function announce(text, { kind = "info" } = {}) {
  const place = document.getElementById("announcements");
  if (!place) return;
  const line = make("div", { class: `announcement announcement-${kind}`, text });
  place.replaceChildren(line);
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => line.remove(), kind === "error" ? 9000 : 4500);
}

// Does the step and says how it ended, well or not.
export async function tryTo(step, words) {
  try {
    await step();
    announce(words);
  } catch (error) {
    announce(error.message, { kind: "error" });
  }
}

// Puts `fresh` in place of what `list` shows, keyed, so that focus and hover survive.
export function patch(list, fresh) {
  const active = document.activeElement;
  const focusKey = list.contains(active) ? active.closest("[data-key]")?.dataset.key : null;
  const kept = new Map([...list.children].map((one) => [one.dataset.key, one]));
  const wanted = fresh.map((one) => {
    const before = kept.get(one.dataset.key);
    return before && before.dataset.print === one.dataset.print ? before : one;
  });
  const same = wanted.length === list.children.length
    && wanted.every((one, place) => one === list.children[place]);
  if (same) return;
  list.replaceChildren(...wanted);
  if (focusKey) {
    const again = wanted.find((one) => one.dataset.key === focusKey);
    again?.querySelector("button, a, [tabindex]")?.focus({ preventScroll: true });
  }
}
