// A small menu under a button, by pointer or arrow keys.
import { el, whileOpen } from "./dom.js";

export function menuButton(button, place, items) {
  let end = null;

  const open = () => {
    const menu = el("div", { class: "panel menu", role: "menu", "aria-label": button.getAttribute("aria-label") });
    for (const [words, act] of items()) {
      const chosen = () => { end(true); act(); };
      menu.append(el("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: chosen }, words));
    }
    menu.addEventListener("keydown", (event) => move(event, [...menu.children]));
    place.append(menu);
    end = whileOpen(menu, button, () => { menu.remove(); end = null; });
    menu.firstElementChild.focus();
  };

  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => (end ? end(true) : open()));
}

function move(event, entries) {
  const at = entries.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  entries.at(to % entries.length).focus();
}
