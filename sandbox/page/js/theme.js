// Light, dark, high contrast, or what the system says. The address may say too, and then it isn't remembered.
const system = matchMedia("(prefers-color-scheme: dark)");
const starker = matchMedia("(prefers-contrast: more)");
const known = new Set(["light", "dark", "contrast", "system"]);

let chosen = "system";

export function startTheme() {
  const asked = new URLSearchParams(location.search).get("theme");
  const kept = localStorage.getItem("theme");
  chosen = [asked, kept].find((value) => known.has(value)) ?? "system";
  for (const radio of document.querySelectorAll('input[name="theme"]')) {
    radio.checked = radio.value === chosen;
    radio.addEventListener("change", () => choose(radio.value));
  }
  system.addEventListener("change", show);
  starker.addEventListener("change", show);
  show();
}

export function theme() {
  return document.documentElement.dataset.theme;
}

function choose(value) {
  chosen = value;
  localStorage.setItem("theme", value);
  show();
}

function show() {
  const asked = starker.matches ? "contrast" : system.matches ? "dark" : "light";
  document.documentElement.dataset.theme = chosen === "system" ? asked : chosen;
}
