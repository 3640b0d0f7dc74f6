// What the local Teams does to the bot's calls, so that bad days can be tried.
import * as api from "./api.js";
import { el, whileOpen } from "./dom.js";

const kinds = [
  ["fine", "Fine"],
  ["throttled", "Too many requests (429)"],
  ["blocked", "Blocked (403)"],
  ["faulty", "Teams is unwell (503)"],
  ["slow", "Slow"],
  ["silent", "No answer at all"],
];

let now = { everyone: { kind: "fine", seconds: 2 }, people: {} };
let draw = () => {};

export async function startWeather(onScreen) {
  const button = document.querySelector("#weather-button");
  let end = null;
  button.addEventListener("click", () => {
    if (end) return end(true);
    const panel = build(onScreen());
    button.parentElement.append(panel);
    end = whileOpen(panel, button, () => { panel.remove(); draw = () => {}; end = null; });
    panel.querySelector("input:checked").focus();
  });
  showWeather(await api.weather());
}

export function showWeather(weather) {
  now = weather;
  const rough = [...Object.values(now.people), now.everyone].filter(({ kind }) => kind !== "fine");
  const word = rough.length ? kinds.find(([kind]) => kind === rough.at(-1).kind)[1].toLowerCase() : "fine";
  const some = rough.length && now.everyone.kind === "fine" ? " for some" : "";
  document.querySelector("#weather-words").textContent = `Weather: ${word}${some}`;
  document.querySelector("#weather-button .dot").classList.toggle("rough", rough.length > 0);
  draw();
}

function build(people) {
  const who = el("select", { id: "weather-who" }, el("option", { value: "" }, "Everyone"));
  for (const person of people) who.append(el("option", { value: person.directory_id }, person.name));
  const seconds = el("input", { id: "weather-seconds", type: "number", min: "0", max: "120", step: "1" });
  const secondsRow = el("div", { class: "row" }, el("label", { for: seconds.id }, "Seconds"), seconds);
  const choices = el("fieldset", {}, el("legend", { class: "unseen" }, "Weather"));
  for (const [kind, words] of kinds) {
    choices.append(el("label", {}, el("input", { type: "radio", name: "weather", value: kind }), words));
  }
  const chosen = () => choices.querySelector("input:checked").value;

  draw = () => {
    const weather = now.people[who.value] ?? (who.value ? { kind: "fine", seconds: 2 } : now.everyone);
    choices.querySelector(`[value="${weather.kind}"]`).checked = true;
    if (document.activeElement !== seconds) seconds.value = weather.seconds;
    secondsRow.hidden = !["throttled", "slow"].includes(weather.kind);
  };
  const apply = async () => {
    const asked = { kind: chosen(), seconds: seconds.valueAsNumber || 0, ...(who.value ? { who: who.value } : {}) };
    showWeather(await api.setWeather(asked));
  };
  choices.addEventListener("change", apply);
  seconds.addEventListener("change", apply);
  who.addEventListener("change", () => draw());
  draw();
  return el(
    "div",
    { class: "panel weather", role: "dialog", "aria-label": "Weather" },
    el("h2", {}, "Weather"),
    el("p", {}, "How Teams treats what the bot sends. What people write still reaches the bot."),
    choices,
    el("div", { class: "row" }, el("label", { for: who.id }, "For"), who),
    secondsRow,
  );
}
