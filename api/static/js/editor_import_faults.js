// Decides how the mistakes of a file are shown and corrected: fifty cells at a time, of however many.

import { language, t } from "./words.js";
import { make } from "./desk_dom.js";

const AT_ONCE = 50;
const byId = (id) => document.getElementById(id);
const key = (one) => `${one.line} ${one.column}`;

export function faultTable() {
  // what the editor wrote, by cell; kept until another file is chosen
  const written = new Map();
  let all = [];
  let shown = [];
  let from = 0;

  const isCell = (one) => one.line !== null && one.column !== null;

  function fixes() {
    const found = {};
    for (const { line, column, text } of written.values()) (found[line] ??= {})[column] = text;
    return found;
  }

  function forget() {
    written.clear();
  }

  function show(report) {
    all = cells(report.faults.filter(isCell));
    byId("faults").hidden = !report.faults.length;
    const rest = report.faults.filter((one) => !isCell(one));
    byId("file-faults").replaceChildren(rest.length ? make("ul", { class: "problem" },
      rest.slice(0, AT_ONCE).map((one) => make("li", { dir: "auto", text: sentence(one) })),
      rest.length > AT_ONCE ? make("li", { text: t("and %(number)s more", { number: rest.length - AT_ONCE }) }) : null) : "");
    byId("check").hidden = !all.length;
    byId("fault-box").hidden = !all.length;
    drawFilter();
    filter("");
  }

  // Several things may be wrong with one cell; it is corrected once.
  function cells(found) {
    const byCell = new Map();
    for (const one of found) {
      const known = byCell.get(key(one));
      if (known) known.words.push(one.words);
      else byCell.set(key(one), { ...one, words: [one.words] });
    }
    return [...byCell.values()];
  }

  function sentence(one) {
    const where = one.row === null ? t("The file") : t("Row %(number)s", { number: one.row });
    return `${where} · ${one.field}: ${one.words}`;
  }

  const kind = (one) => `${one.column}: ${one.words[0].replace(/\d+/g, "…")}`;

  function drawFilter() {
    const kinds = new Map();
    for (const one of all) kinds.set(kind(one), (kinds.get(kind(one)) ?? 0) + 1);
    const sorted = [...kinds].sort((one, two) => two[1] - one[1]).slice(0, 100);
    byId("fault-filter").replaceChildren(
      make("option", { value: "", text: t("All mistakes (%(number)s)", { number: all.length.toLocaleString(language) }) }),
      ...sorted.map(([name, number]) => make("option", { value: name, text: `${name} (${number.toLocaleString(language)})` })),
    );
  }

  function filter(wanted) {
    shown = wanted ? all.filter((one) => kind(one) === wanted) : all;
    from = 0;
    draw();
  }

  function draw() {
    byId("fault-rows").replaceChildren(...shown.slice(from, from + AT_ONCE).map(row));
    byId("pager").hidden = shown.length <= AT_ONCE;
    byId("before").disabled = from === 0;
    byId("next").disabled = from + AT_ONCE >= shown.length;
    byId("pager-place").textContent = t("%(first)s to %(last)s of %(all)s", {
      first: (from + 1).toLocaleString(language), last: Math.min(from + AT_ONCE, shown.length).toLocaleString(language), all: shown.length.toLocaleString(language) });
    drawCount();
  }

  function drawCount() {
    const waiting = all.filter((one) => written.has(key(one)) && written.get(key(one)).text !== one.value).length;
    byId("fixed-count").textContent = waiting ? t("%(number)s cells changed, not checked yet", { number: waiting.toLocaleString(language) }) : "";
  }

  function row(one) {
    const now = written.get(key(one))?.text ?? one.value;
    const label = t("Row %(row)s, %(column)s", { row: one.row, column: one.column });
    const box = make("textarea", { class: "form-control", rows: Math.min(6, now.split("\n").length), value: now, dir: "auto",
      "aria-label": label, "aria-describedby": `why-${one.line}-${one.column}` });
    const alike = all.filter((other) => other.column === one.column && other.value === one.value);
    const same = make("button", { type: "button", class: "text-button", hidden: true,
      text: t("Write this into all %(number)s cells like it", { number: alike.length.toLocaleString(language) }) });
    const line = make("tr", {},
      make("td", { class: "num", text: one.row }),
      make("td", {}, make("span", { class: "mono", dir: "auto", text: one.id }), make("span", { class: "grid-sub", text: one.language })),
      make("td", { class: "mono", text: one.column }),
      make("td", { class: "cell-words", id: `why-${one.line}-${one.column}` }, one.words.map((text) => make("div", { text }))),
      make("td", { class: "cell-fix" }, box, same));
    box.addEventListener("input", () => {
      put(one, box.value);
      line.classList.toggle("is-fixed", box.value !== one.value);
      same.hidden = alike.length < 2 || box.value === one.value;
      drawCount();
    });
    same.addEventListener("click", () => {
      for (const other of alike) put(other, box.value);
      draw();
    });
    line.classList.toggle("is-fixed", now !== one.value);
    return line;
  }

  function put(one, text) {
    written.set(key(one), { line: one.line, column: one.column, text });
  }

  byId("fault-filter").addEventListener("change", (event) => filter(event.target.value));
  byId("before").addEventListener("click", () => { from = Math.max(0, from - AT_ONCE); draw(); });
  byId("next").addEventListener("click", () => { from += AT_ONCE; draw(); });
  return { fixes, forget, show };
}
