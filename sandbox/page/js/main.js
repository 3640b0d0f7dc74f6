// Starts the page: three people side by side, one stream of what happens.
import * as api from "./api.js";
import { avatar, badge } from "./avatar.js";
import { Column } from "./column.js";
import { el } from "./dom.js";
import { showWeather, startWeather } from "./weather.js";
import { startTheme } from "./theme.js";

const PLACES = ["left", "middle", "right"];
const narrow = matchMedia("(width < 1080px)");
const unread = new Map();
const columns = [];
let shownPlace = "left";

const waiting = (person) => unread.get(person.directory_id) ?? 0;
const visible = (column) => !narrow.matches || column.place === shownPlace;

async function start() {
  startTheme();
  const { people, defaults } = await api.people();
  const byId = new Map(people.map((person) => [person.directory_id, person]));
  const asked = new URLSearchParams(location.search);
  const main = document.querySelector("main");
  for (const place of PLACES) {
    const person = byId.get(asked.get(place)) ?? byId.get(defaults[place]);
    if (!person) continue;
    const column = new Column(place, { people, unread: waiting, choose: (chosen) => choose(column, chosen) });
    columns.push(column);
    column.element.classList.toggle("shown", place === shownPlace);
    main.append(column.element);
    column.become(person);
  }
  api.listen(take, () => lost(true), () => { lost(false); reload(); });
  document.querySelector("#reload").addEventListener("click", reload);
  narrow.addEventListener("change", show);
  await startWeather(() => [...new Set(columns.map((column) => column.person))]);
  show();
}

function choose(column, person) {
  column.become(person);
  unread.delete(person.directory_id);
  const address = new URL(location.href);
  for (const each of columns) address.searchParams.set(each.place, each.person.directory_id);
  history.replaceState(null, "", address);
  show();
}

function take(event) {
  if (event.kind === "weather") return showWeather(event.weather);
  const theirs = columns.filter((column) => column.person.directory_id === event.who);
  for (const column of theirs) column.take(event);
  if (event.kind !== "message" || event.message.by !== "bot" || theirs.some(visible)) return;
  unread.set(event.who, (unread.get(event.who) ?? 0) + 1);
  show();
}

function show() {
  const onScreen = new Set(columns.map((column) => column.person.directory_id));
  let elsewhere = 0;
  for (const [who, count] of unread) if (!onScreen.has(who)) elsewhere += count;
  for (const column of columns) {
    column.element.classList.toggle("shown", column.place === shownPlace);
    if (visible(column)) unread.delete(column.person.directory_id);
    column.showPerson(elsewhere);
  }
  const tabs = document.querySelector(".tabs");
  const at = [...tabs.children].indexOf(document.activeElement);
  tabs.replaceChildren(...columns.map(tab));
  tabs.children[at]?.focus();
}

function tab(column) {
  const { person, place } = column;
  const here = place === shownPlace;
  const turn = () => {
    shownPlace = place;
    show();
    column.messages.toLatest();
  };
  const name = el("span", { class: "who" }, person.name.split(" ")[0]);
  return el(
    "button",
    { class: "tab", type: "button", "aria-current": here ? "true" : null, onclick: turn },
    avatar(person), name, badge(waiting(person), "new"),
  );
}

function reload() {
  for (const column of columns) column.reread();
}

function lost(gone) {
  document.querySelector(".lost").hidden = !gone;
}

start();
