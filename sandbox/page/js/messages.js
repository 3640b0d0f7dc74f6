// The log of one chat: keeps one element for each message and redraws only what changed.
import { drawCard } from "./card.js";
import { el } from "./dom.js";
import { SORRY } from "./api.js";

const BOT = "Peer support";
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });
const NEAR = 80;

export class Messages {
  constructor(onPress) {
    this.onPress = onPress;
    this.rows = new Map();
    this.lastDay = "";
    this.element = el("div", {
      class: "log", role: "log", tabindex: "0", "aria-label": `Messages with ${BOT}`, "aria-live": "off",
    });
    this.newer = el("button", { class: "newer", type: "button", hidden: true, onclick: () => this.toLatest() }, "New messages");
    this.element.addEventListener("scroll", () => { if (this.nearEnd()) this.newer.hidden = true; });
  }

  fill(messages) {
    this.element.setAttribute("aria-live", "off");
    this.element.replaceChildren();
    this.rows.clear();
    this.lastDay = "";
    for (const message of messages) this.append(message);
    this.toLatest();
    requestAnimationFrame(() => this.element.setAttribute("aria-live", "polite"));
  }

  add(message, answer) {
    if (this.rows.has(message.id)) return this.change(message);
    const follow = answer || this.nearEnd() || message.by === "person";
    const row = this.append(message);
    row.classList.add("fresh");
    if (follow) this.toLatest();
    else this.newer.hidden = false;
  }

  change(message) {
    const known = this.rows.get(message.id);
    if (!known) return;
    const drawn = JSON.stringify(shown(message));
    if (known.drawn === drawn) return;
    const atEnd = this.nearEnd();
    this.redraw(known, message);
    if (atEnd && !known.row.contains(document.activeElement)) this.element.scrollTop = this.element.scrollHeight;
  }

  // What an invoke response puts in the pressed card's place, on this screen alone.
  replaceCard(id, index, card) {
    const known = this.rows.get(id);
    if (!known) return;
    const cards = known.message.cards.with(index, card);
    this.redraw(known, { ...known.message, cards, edited: known.message.edited });
  }

  note(id, words, bad) {
    const stack = this.rows.get(id)?.row.querySelector(".stack");
    stack?.querySelector(".note.said")?.remove();
    const line = el("p", { class: `note said${bad ? " bad" : ""}`, role: bad ? "alert" : null }, words);
    stack?.append(line);
    if (stack) this.keepInView(line);
  }

  // A message taller than the log is shown from its heading, not from its end.
  toLatest() {
    const last = this.element.lastElementChild;
    const tall = last && last.offsetHeight > this.element.clientHeight;
    this.element.scrollTop = tall ? last.offsetTop - 8 : this.element.scrollHeight;
    this.newer.hidden = true;
  }

  append(message) {
    const day = date.format(new Date(message.at));
    if (day !== this.lastDay) {
      this.lastDay = day;
      this.element.append(el("p", { class: "day" }, day === date.format(new Date()) ? "Today" : day));
    }
    const row = el("article", { class: `message ${message.by === "bot" ? "bot" : "own"}`, "data-id": message.id, "aria-label": label(message) });
    if (message.by === "bot") row.append(el("img", { class: "face", src: "/page/icon.svg", alt: "" }));
    row.append(this.stack(message));
    this.rows.set(message.id, { row, message, drawn: JSON.stringify(shown(message)) });
    this.element.append(row);
    return row;
  }

  redraw(known, message) {
    const hadFocus = known.row.contains(document.activeElement);
    known.message = message;
    known.drawn = JSON.stringify(shown(message));
    known.row.querySelector(".stack").replaceWith(this.stack(message));
    if (hadFocus) (known.row.querySelector(".card") ?? this.element).focus({ preventScroll: true });
    const { top } = known.row.getBoundingClientRect();
    if (top < this.element.getBoundingClientRect().top && hadFocus) known.row.scrollIntoView({ block: "start" });
  }

  stack(message) {
    const stack = el("div", { class: "stack" });
    const time = el("time", { datetime: message.at }, clock.format(new Date(message.at)));
    const name = message.by === "bot" ? el("span", {}, BOT) : null;
    stack.append(el("p", { class: "meta" }, name, time, message.edited ? el("span", {}, "Edited") : null));
    if (message.deleted) stack.append(el("p", { class: "bubble gone" }, "This message has been deleted."));
    if (message.text) stack.append(el("p", { class: "bubble" }, message.text));
    message.cards.forEach((card, index) => stack.append(this.card(message, card, index)));
    if (message.failed) stack.append(el("p", { class: "note bad" }, SORRY));
    return stack;
  }

  card(message, card, index) {
    const words = (said, bad) => this.note(message.id, said, bad);
    return drawCard(card, (action) => this.onPress(message.id, index, action), words);
  }

  nearEnd() {
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  keepInView(line) {
    line.scrollIntoView({ block: "nearest" });
  }
}

const label = (message) => `${message.by === "bot" ? BOT : "You"}, ${clock.format(new Date(message.at))}`;
const shown = ({ text, cards, edited, deleted, failed }) => ({ text, cards, edited, deleted, failed });
