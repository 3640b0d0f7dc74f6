// Faces without pictures: initials on one of Fluent's soft colours, the same for a person every time.
import { el } from "./dom.js";

const colours = [
  ["#c7dced", "#004377"], ["#d2ccf8", "#463d8a"], ["#efc4d5", "#6b1236"], ["#a8d8c4", "#0b4a30"],
  ["#f4d8b6", "#663500"], ["#cde0b4", "#2f4a10"], ["#b9dfe3", "#00474d"], ["#e6cfe4", "#5c1f58"],
];

const roles = { officer: "Officer", supporter: "Supporter", coordinator: "Coordinator" };

export function avatar(person) {
  const words = person.name.split(/\s+/);
  const initials = `${words[0][0]}${words.length > 1 ? words.at(-1)[0] : ""}`.toUpperCase();
  let sum = 0;
  for (const sign of person.directory_id) sum = (sum * 31 + sign.codePointAt(0)) % 9973;
  const made = el("span", { class: "avatar", "aria-hidden": "true" }, initials);
  const [back, front] = colours[sum % colours.length];
  made.style.setProperty("--avatar", back);
  made.style.setProperty("--avatar-text", front);
  return made;
}

export const roleName = (person) => roles[person.role] ?? person.role;

export function forceName(person) {
  if (/[A-Z\s]/.test(person.force)) return person.force;
  return person.force.split("-").map((word) => word[0].toUpperCase() + word.slice(1)).join(" ");
}

export const badge = (count, words) =>
  count ? el("span", { class: "badge" }, String(count), el("span", { class: "unseen" }, ` ${words}`)) : null;
