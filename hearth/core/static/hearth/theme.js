// Runs before the first paint: light or dark, row height, narrow rail.
(() => {
  const root = document.documentElement;
  const wished = localStorage.getItem("hearth-theme");
  const dark = wished ? wished === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.bsTheme = dark ? "dark" : "light";
  root.dataset.density = localStorage.getItem("hearth-density") || "comfortable";
  root.dataset.rail = localStorage.getItem("hearth-rail") || "wide";
})();
