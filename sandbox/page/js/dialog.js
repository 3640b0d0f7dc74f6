// A Teams dialog over one column: the rest of the column waits, Escape closes it, the focus stays inside.
import { drawCard } from "./card.js";
import { el, icon } from "./dom.js";

const reachable = 'button, input, select, textarea, a[href], [tabindex="0"]';
let count = 0;

export class Dialog {
  constructor(column, onPress, onClosed) {
    this.column = column;
    this.onPress = onPress;
    this.onClosed = onClosed;
    this.shade = null;
  }

  get isOpen() {
    return this.shade !== null;
  }

  show({ title, card, height }) {
    if (!this.isOpen) this.build();
    this.title.textContent = title || "Peer support";
    this.box.classList.toggle("large", height === "large" || Number(height) > 600);
    this.box.classList.toggle("medium", height === "medium" || Number(height) > 350);
    this.problem.hidden = true;
    this.pages.replaceChildren(drawCard(card, (action) => this.press(action), (words) => this.trouble(words)));
    this.pages.scrollTop = 0;
    this.box.focus();
  }

  close() {
    if (!this.isOpen) return;
    this.shade.remove();
    this.shade = null;
    for (const part of this.column.children) part.inert = false;
    this.onClosed();
  }

  build() {
    count += 1;
    this.title = el("h2", { id: `dialog-title-${count}` });
    this.pages = el("div", { class: "pages", role: "group", tabindex: "0", "aria-label": "Page" });
    this.problem = el("p", { class: "problem", role: "alert", hidden: true });
    const shut = el("button", { class: "icon-button", type: "button", "aria-label": "Close", onclick: () => this.close() }, icon("close"));
    const image = el("img", { src: "/page/icon.svg", alt: "" });
    this.box = el(
      "div",
      {
        class: "dialog", role: "dialog", "aria-modal": "true", "aria-labelledby": this.title.id, tabindex: "-1",
        onkeydown: (event) => this.key(event),
      },
      el("header", {}, image, this.title, shut),
      this.pages,
      this.problem,
    );
    this.shade = el("div", { class: "shade" }, this.box);
    for (const part of this.column.children) part.inert = true;
    this.column.append(this.shade);
  }

  async press(action) {
    this.problem.hidden = true;
    const outcome = await this.onPress(action);
    if (!this.isOpen) return;
    if (outcome.outcome === "dialog") this.show(outcome);
    else if (outcome.outcome === "failed") this.trouble(outcome.text);
    else this.close();
  }

  trouble(words) {
    this.problem.textContent = words;
    this.problem.hidden = false;
  }

  key(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    }
    if (event.key !== "Tab") return;
    const stops = [...this.box.querySelectorAll(reachable)].filter((stop) => !stop.disabled && stop.offsetParent);
    const [first, last] = [stops[0], stops.at(-1)];
    const at = document.activeElement;
    if (event.shiftKey && (at === first || at === this.box)) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && at === last) {
      event.preventDefault();
      first.focus();
    }
  }
}
