// Sets the colours before anything is drawn, so that a dark page never flashes white.
(() => {
  const asked = new URLSearchParams(location.search).get("theme") || localStorage.getItem("theme");
  const system = matchMedia("(prefers-contrast: more)").matches ? "contrast"
    : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.theme = ["light", "dark", "contrast"].includes(asked) ? asked : system;
})();
