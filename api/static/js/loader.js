// Decides what a shop's page gets of us: one launcher, one frame, one global. No cookie, no style leaks.
(() => {
  const WORDS = {/* words */};
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const settings = window.warmlineSettings || {};
  const early = (window.warmline && window.warmline.q) || [];
  if (window.warmline && window.warmline.isLoaded) return;

  const listeners = {};
  let language = ours(settings.lang || document.documentElement.lang || navigator.language);
  let frame = null;
  let isReady = false;
  let isOpen = false;
  let unread = 0;
  let waiting = [];

  function ours(tag) {
    if (!/^zh/i.test(tag || "")) return "en";
    return /hant|tw|hk|mo/i.test(tag) ? "zh-Hant" : "zh-Hans";
  }
  function t(sentence) { return (WORDS[language] || {})[sentence] || sentence; }
  // Whether a conversation goes on here; where storage is refused, nothing is remembered.
  function mark(value) {
    try {
      if (value !== undefined) localStorage.setItem("warmline", value);
      return localStorage.getItem("warmline");
    } catch { return ""; }
  }

  // --- the launcher --------------------------------------------------------------------------
  const side = settings.position === "left" ? "left" : "right";
  const colour = /^#[0-9a-f]{6}$/i.test(settings.color || "") ? settings.color : "#b4451f";
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  root.innerHTML = `
    <div class="panel" hidden></div>
    <button type="button" aria-expanded="false">
      <svg class="chat" viewBox="0 0 24 24" aria-hidden="true"><path d="M6.5 3.5h11A3.5 3.5 0 0 1 21 7v6.5a3.5 3.5 0 0 1-3.5 3.5h-4.6l-4.6 3.7a.8.8 0 0 1-1.3-.6V17h-.5A3.5 3.5 0 0 1 3 13.5V7a3.5 3.5 0 0 1 3.5-3.5z"/><path class="smile" d="M8.3 9.7c1.6 2.8 5.8 2.8 7.4 0"/></svg>
      <svg class="cross" viewBox="0 0 24 24" aria-hidden="true"><path d="m6 9 6 6 6-6"/></svg>
      <span class="badge" aria-hidden="true" hidden></span>
    </button>
    <div class="status" role="status"></div>`;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; }
    [hidden] { display: none !important; }
    button { position: fixed; bottom: 20px; ${side}: 20px; z-index: 2147483000; width: 60px; height: 60px;
      border: 0; border-radius: 50%; background: ${colour}; color: ${textOn(colour)}; cursor: pointer;
      box-shadow: 0 8px 24px rgb(40 20 10 / 28%), 0 2px 6px rgb(40 20 10 / 20%); }
    button:hover { filter: brightness(1.1); }
    button:focus-visible { outline: 3px solid #1756a9; outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
    svg { width: 30px; height: 30px; display: block; margin: auto; fill: currentColor; }
    .cross, .smile { fill: none; stroke: currentColor; stroke-width: 2.4; stroke-linecap: round; }
    .smile { stroke: ${colour}; stroke-width: 1.8; }
    button:not([aria-expanded=true]) .cross, [aria-expanded=true] .chat { display: none; }
    .badge { position: absolute; top: -4px; right: -4px; min-width: 22px; height: 22px; padding: 0 6px; box-sizing: border-box;
      border-radius: 11px; border: 2px solid #fff; background: #a3161f; color: #fff; font: 700 12px/18px system-ui, sans-serif; }
    .status { position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    .panel { position: fixed; bottom: 94px; ${side}: 20px; z-index: 2147483000; width: 400px; max-width: calc(100vw - 40px);
      height: min(660px, calc(100vh - 120px)); border-radius: 18px; overflow: hidden; background: Canvas;
      box-shadow: 0 24px 64px rgb(40 20 10 / 26%), 0 0 0 1px rgb(40 20 10 / 8%); }
    iframe { width: 100%; height: 100%; border: 0; display: block; }
    @media (max-width: 480px) {
      .panel { inset: 0; width: 100%; max-width: none; height: 100dvh; border-radius: 0; }
      button[aria-expanded=true] { display: none; } }`);
  root.adoptedStyleSheets = [sheet];
  const [panel, button, status] = root.querySelectorAll(".panel, button, .status");
  const badge = root.querySelector(".badge");
  button.hidden = Boolean(settings.hideLauncher);

  // Black or white, whichever reads better on the shop's colour.
  function textOn(background) {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const part = parseInt(background.slice(at, at + 2), 16) / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
  }

  function label() {
    const news = t("New messages: %(count)s").replace("%(count)s", unread);
    const action = isOpen ? t("Close the chat") : t("Open the chat");
    button.setAttribute("aria-expanded", String(isOpen));
    button.setAttribute("aria-label", unread ? `${action}, ${news}` : action);
    badge.hidden = !unread;
    badge.textContent = unread > 9 ? "9+" : unread;
    status.textContent = unread ? news : "";
    if (frame) frame.title = t("Chat window");
  }

  // --- the frame -------------------------------------------------------------------------------
  function load() {
    if (frame) return;
    frame = document.createElement("iframe");
    frame.title = t("Chat window");
    frame.allow = "camera"; // asked for only when an agent asks to see something
    frame.addEventListener("load", () => post("hello"));
    frame.src = `${home}/widget?lang=${language}`;
    panel.append(frame);
  }

  function post(name, detail) {
    frame.contentWindow.postMessage({ warmline: name, ...detail }, home);
  }

  function tell(name, detail) {
    if (isReady) post(name, detail);
    else waiting.push([name, detail]);
  }

  function emit(name, detail) {
    (listeners[name] || []).forEach((listener) => listener(detail));
    window.dispatchEvent(new CustomEvent(`warmline:${name}`, { detail }));
  }

  const heard = {
    ready() {
      isReady = true;
      post(isOpen ? "opened" : "closed");
      waiting.splice(0).forEach(([name, detail]) => post(name, detail));
      emit("ready", {});
    },
    close: () => methods.close(),
    active: () => mark("1"),
    unread({ count }) {
      unread = Number(count) || 0;
      label();
      emit("unread", { count: unread });
    },
  };
  window.addEventListener("message", ({ origin, source, data }) => {
    if (!frame || origin !== home || source !== frame.contentWindow) return;
    if (data && Object.hasOwn(heard, data.warmline)) heard[data.warmline](data);
  });

  // --- what the shop may call --------------------------------------------------------------------
  const methods = {
    open() {
      if (isOpen) return;
      load();
      isOpen = true;
      unread = 0;
      panel.hidden = false;
      label();
      frame.focus();
      tell("opened");
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      panel.hidden = true;
      label();
      button.focus();
      tell("closed");
    },
    toggle() { methods[isOpen ? "close" : "open"](); },
    // On the shop's log-out: the next person on this device finds nothing.
    shutdown() {
      methods.close();
      if (mark()) load();
      if (frame) tell("reset");
      mark("");
      unread = 0;
      label();
    },
    lang(tag) {
      language = ours(tag);
      label();
      if (frame) tell("language", { language });
    },
    on(name, listener) { (listeners[name] ||= []).push(listener); },
    identify(token) { if (frame) tell("identify", { token }); },
  };

  function run(name, ...values) {
    if (Object.hasOwn(methods, name)) methods[name](...values);
  }

  function start() {
    document.body.append(host);
    label();
    button.addEventListener("click", methods.toggle);
    early.forEach((call) => run(...call));
    // A conversation goes on: follow it, so that an answer is noticed while the window is closed.
    if (mark()) (window.requestIdleCallback || setTimeout)(load);
  }

  window.warmline = run;
  run.isLoaded = true;
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
