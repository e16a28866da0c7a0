// Decides light or dark before the first paint: the person's choice, else the device's wish.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    let chosen = null;
    try {
      chosen = localStorage.getItem("warmline:theme");
    } catch { /* storage refused: follow the device */ }
    document.documentElement.dataset.bsTheme = chosen ?? (dark.matches ? "dark" : "light");
  };
  dark.addEventListener("change", apply);
  addEventListener("storage", apply);
  addEventListener("warmline:theme", apply);
  apply();
})();
