// Decides how photos stand in a message, and how they are looked at: large, zoomed, side by side.

import "./more-words.js";
import "./photo-style.js";
import { t } from "./words.js";

const STEP = 1.4;
const LARGEST = 6;
/** button -> {url, alt, source} */
const shown = new WeakMap();

function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** The photos of one message. `source(address)` gives what an <img> can load. */
export function photoGrid(photos, source = async (address) => address) {
  const grid = make("div", { class: "msg-photos", role: "group", "aria-label": t("Photos") });
  for (const photo of photos) {
    const isFilm = photo.mime?.startsWith("video/");
    const words = photo.alt || (isFilm ? t("Video") : t("Photo"));
    const image = small(photo, words);
    const button = make("button", { type: "button", class: "msg-photo", "aria-label": `${isFilm ? t("Play the video") : t("Open the photo")}: ${words}` }, image);
    shown.set(button, { ...photo, source });
    button.addEventListener("click", () => openViewer(button));
    image.addEventListener("error", () => gone(button));
    source(photo.preview_url).then((address) => { image.src = address; }, () => gone(button));
    grid.append(button);
  }
  return grid;
}

/** What shows it in the thread: of a film that is still on this device only, its first picture. */
function small(photo, words) {
  if (photo.mime?.startsWith("video/") && photo.preview_url === photo.url) {
    const film = make("video", { preload: "metadata", playsinline: "", "aria-hidden": "true" });
    film.muted = true;
    return film;
  }
  return make("img", { alt: words, loading: "lazy", width: photo.width ?? "", height: photo.height ?? "" });
}

function gone(button) {
  button.disabled = true;
  button.classList.add("gone");
  button.removeAttribute("aria-label");
  button.replaceChildren(t("This photo is no longer there."));
}

/** Look at this photo among all of its thread. */
export function openViewer(button) {
  const thread = button.closest(".log") ?? button.parentElement;
  const buttons = [...thread.querySelectorAll(".msg-photo:not(.gone)")];
  new Viewer(buttons.map((one) => shown.get(one)), Math.max(0, buttons.indexOf(button)));
}

/** What shows it large: a film with its controls, whose keys are its own. */
function large(photo) {
  if (!photo.mime?.startsWith("video/")) return make("img", { alt: photo.alt || t("Photo") });
  const film = make("video", { controls: "", playsinline: "", preload: "auto", "aria-label": photo.alt || t("Video") });
  const words = make("p", { class: "photo-said", hidden: "" }, t("This browser cannot play the video."));
  film.addEventListener("error", () => { words.hidden = false; film.after(words); });
  return film;
}

class Viewer {
  #zoom = 1;

  constructor(photos, index) {
    Object.assign(this, { photos, index, sideBySide: false });
    this.dialog = make("dialog", { class: "photo-viewer", "aria-label": t("Photos of this conversation") });
    this.stage = make("div", { class: "photo-stage", tabindex: "0" });
    this.said = make("p", { class: "photo-said", role: "status" });
    this.dialog.append(this.#bar(), this.stage, this.said);
    this.dialog.addEventListener("keydown", (event) => this.#key(event));
    this.dialog.addEventListener("close", () => this.dialog.remove());
    this.stage.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.#scale(event.deltaY < 0 ? STEP : 1 / STEP);
    }, { passive: false });
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.#draw();
  }

  #bar() {
    const button = (sign, label, act, keys) => {
      const made = make("button", { type: "button", "aria-label": label, title: `${label} (${keys})` }, sign);
      made.addEventListener("click", act);
      return made;
    };
    this.both = button("▥", t("Side by side"), () => this.#together(), "S");
    this.before = button("←", t("Previous photo"), () => this.#go(-1), "←");
    this.after = button("→", t("Next photo"), () => this.#go(1), "→");
    return make("div", { class: "photo-bar" },
      this.before, this.after, this.both,
      button("−", t("Zoom out"), () => this.#scale(1 / STEP), "−"),
      button("+", t("Zoom in"), () => this.#scale(STEP), "+"),
      button("✕", t("Close the photos"), () => this.dialog.close(), "Esc"));
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.tagName === "VIDEO" && event.key !== "Escape") return event.stopPropagation();
    const act = {
      ArrowLeft: () => this.#zoom === 1 && this.#go(-1),
      ArrowRight: () => this.#zoom === 1 && this.#go(1),
      "+": () => this.#scale(STEP), "=": () => this.#scale(STEP),
      "-": () => this.#scale(1 / STEP), 0: () => this.#scale(0),
      s: () => this.#together(), S: () => this.#together(),
    }[event.key];
    // The page behind has keys of its own.
    event.stopPropagation();
    if (act && act() !== false) event.preventDefault();
  }

  #go(step) {
    this.index = (this.index + step + this.photos.length) % this.photos.length;
    this.#draw();
  }

  #together() {
    this.sideBySide = !this.sideBySide;
    this.#draw();
  }

  #scale(factor) {
    this.#zoom = factor ? Math.min(LARGEST, Math.max(1, this.#zoom * factor)) : 1;
    this.stage.style.setProperty("--zoom", this.#zoom);
    this.stage.toggleAttribute("data-zoomed", this.#zoom > 1);
    // What was in the middle stays there; the arrow keys move on from it.
    this.stage.scrollLeft = (this.stage.scrollWidth - this.stage.clientWidth) / 2;
    this.stage.scrollTop = (this.stage.scrollHeight - this.stage.clientHeight) / 2;
  }

  #draw() {
    this.#scale(0);
    const isAlone = this.photos.length < 2;
    for (const one of [this.before, this.after, this.both]) one.hidden = isAlone;
    this.both.setAttribute("aria-pressed", String(this.sideBySide));
    const chosen = this.sideBySide ? this.photos : [this.photos[this.index]];
    this.stage.toggleAttribute("data-many", chosen.length > 1);
    this.stage.replaceChildren(...chosen.map((photo) => {
      const image = large(photo);
      photo.source(photo.url).then((address) => { image.src = address; }, () => {});
      return make("figure", {}, image, ...(photo.alt ? [make("figcaption", { dir: "auto" }, photo.alt)] : []));
    }));
    this.said.textContent = this.sideBySide
      ? t("%(n)s photos", { n: this.photos.length })
      : t("Photo %(n)s of %(all)s", { n: this.index + 1, all: this.photos.length });
    this.stage.focus();
  }
}
