// Who this column is: everyone, by force and role, found by typing.
import { avatar, badge, forceName, roleName } from "./avatar.js";
import { el, whileOpen } from "./dom.js";

const plural = { officer: "officers", supporter: "supporters", coordinator: "coordinators" };
let count = 0;

export function pickerButton(button, place, { people, chosen, unread, choose }) {
  let end = null;
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => {
    if (end) return end(true);
    const { panel, input } = build(people, chosen(), unread, (person) => { end(true); choose(person); });
    place.append(panel);
    end = whileOpen(panel, button, () => { panel.remove(); end = null; });
    input.focus();
    panel.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "center" });
  });
}

function build(people, current, unread, choose) {
  count += 1;
  const id = `people-${count}`;
  const list = el("div", { class: "list", role: "listbox", id, "aria-label": "People", tabindex: "-1" });
  const input = el("input", {
    type: "text", role: "combobox", placeholder: "Name, force or role", "aria-label": "Find a person",
    "aria-expanded": "true", "aria-controls": id, "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false",
  });
  let at = -1;

  const draw = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = people.filter((person) => {
      const about = `${person.name} ${forceName(person)} ${roleName(person)}`.toLowerCase();
      return words.every((word) => about.includes(word));
    });
    list.replaceChildren(...groups(found, current, unread, choose, id));
    at = -1;
    input.removeAttribute("aria-activedescendant");
    if (!found.length) list.append(el("p", { class: "none" }, "Nobody of that name."));
  };

  const mark = (to) => {
    const options = [...list.querySelectorAll('[role="option"]')];
    if (!options.length) return;
    options[at]?.classList.remove("at");
    at = (to + options.length) % options.length;
    options[at].classList.add("at");
    options[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[at].id);
  };

  input.addEventListener("input", draw);
  input.addEventListener("keydown", (event) => {
    const options = [...list.querySelectorAll('[role="option"]')];
    if (event.key === "ArrowDown") mark(at + 1);
    else if (event.key === "ArrowUp") mark(at < 0 ? -1 : at - 1);
    else if (event.key === "Enter") options[Math.max(at, 0)]?.click();
    else return;
    event.preventDefault();
  });
  draw();
  const search = el("div", { class: "search" }, input);
  return { panel: el("div", { class: "panel picker", role: "dialog", "aria-label": "Choose a person" }, search, list), input };
}

function groups(found, current, unread, choose, id) {
  const order = Object.keys(plural);
  const rank = (person) => (order.indexOf(person.role) + 1 || order.length + 1);
  const sorted = [...found].sort((a, b) =>
    forceName(a).localeCompare(forceName(b)) || rank(a) - rank(b) || a.name.localeCompare(b.name));
  const made = new Map();
  for (const person of sorted) {
    const title = `${forceName(person)}, ${plural[person.role] ?? person.role}`;
    if (!made.has(title)) {
      const name = el("div", { class: "group-name", id: `${id}-group-${made.size}` }, title);
      made.set(title, el("div", { role: "group", "aria-labelledby": name.id }, name));
    }
    made.get(title).append(option(person, person === current, unread(person), choose, id));
  }
  return made.values();
}

function option(person, selected, waiting, choose, id) {
  const names = el("span", { class: "names" }, person.name, el("small", {}, person.email));
  return el(
    "div",
    {
      role: "option", id: `${id}-${person.directory_id}`, "aria-selected": String(selected),
      onclick: () => choose(person),
    },
    avatar(person), names, badge(waiting, "new"),
  );
}
