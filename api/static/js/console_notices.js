// Decides how an agent who looks elsewhere is called: title, sound if wanted, desktop notice if allowed.

import { t } from "./words.js";
import { announce } from "./desk_dom.js";
import { deviceStorage } from "./outbox.js";

const SOUND = "warmline:console:sound";
const storage = deviceStorage();
const title = document.title;
let isLoud = storage.getItem(SOUND) === "on";
let audio = null;

export function wire() {
  const sound = document.getElementById("sound");
  const desktop = document.getElementById("desktop-notices");
  const show = () => {
    sound.setAttribute("aria-pressed", String(isLoud));
    sound.querySelector("use").setAttribute("href", sound.dataset[isLoud ? "on" : "off"]);
    desktop.hidden = !("Notification" in window) || Notification.permission !== "default";
  };
  sound.addEventListener("click", () => {
    isLoud = !isLoud;
    storage.setItem(SOUND, isLoud ? "on" : "off");
    if (isLoud) chime();
    announce(isLoud ? t("Sound is on.") : t("Sound is off."));
    show();
  });
  desktop.addEventListener("click", async () => {
    const answer = await Notification.requestPermission();
    announce(answer === "granted" ? t("You will get desktop notices.") : t("Your browser will show no notices."));
    show();
  });
  show();
}

export function badge(waiting, unread) {
  const count = waiting + unread;
  document.title = count ? `(${count}) ${title}` : title;
}

// Only when the tab is not looked at; the text names no shopper and quotes nothing.
export function call(text, { onClick = () => {} } = {}) {
  if (isLoud) chime();
  if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
  const notice = new Notification(title, { body: text, tag: "warmline-console" });
  notice.addEventListener("click", () => {
    focus();
    notice.close();
    onClick();
  });
}

function chime() {
  audio ??= new AudioContext();
  const gain = audio.createGain();
  const tone = audio.createOscillator();
  const now = audio.currentTime;
  tone.frequency.setValueAtTime(660, now);
  tone.frequency.setValueAtTime(880, now + 0.12);
  gain.gain.setValueAtTime(0.0001, now);
  gain.gain.exponentialRampToValueAtTime(0.12, now + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, now + 0.35);
  tone.connect(gain).connect(audio.destination);
  tone.start(now);
  tone.stop(now + 0.4);
}
