// Sets the colours before anything is drawn, so that a dark page never flashes white.
(() => {
  const asked = new URLSearchParams(location.search).get("theme") || localStorage.getItem("theme") || "system";
  const dark = asked === "dark" || (asked !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
