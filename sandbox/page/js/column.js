// One person's Teams: who they are, the chat, the compose box, and whatever opens over it.
import * as api from "./api.js";
import { avatar, badge, forceName, roleName } from "./avatar.js";
import { Dialog } from "./dialog.js";
import { el, icon } from "./dom.js";
import { menuButton } from "./menu.js";
import { Messages } from "./messages.js";
import { pickerButton } from "./picker.js";
import { theme } from "./theme.js";

const TOAST_MS = 8000;
const TYPING_MS = 8000;

export class Column {
  constructor(place, { people, unread, choose }) {
    this.place = place;
    this.person = null;
    this.state = {};
    this.pressedAt = null;
    this.messages = new Messages((id, index, action) => this.press(id, index, action));
    this.build(people, unread, choose);
    this.dialog = new Dialog(this.chatArea, (action) => this.pressInDialog(action), () => this.backFromDialog());
  }

  async become(person) {
    this.person = person;
    this.dialog.close();
    this.hideToast();
    this.element.dataset.who = person.directory_id;
    this.element.setAttribute("aria-label", `${person.name}, ${roleName(person)}`);
    this.showPerson();
    this.messages.fill([]);
    const chat = await api.open(person.directory_id);
    if (this.person === person) this.fill(chat);
  }

  async reread() {
    const { person } = this;
    const chat = await api.open(person.directory_id);
    if (this.person === person) this.fill(chat);
  }

  fill(chat) {
    this.messages.fill(chat.messages);
    this.showState(chat);
  }

  take(event) {
    if (event.kind === "message") {
      this.messages.add(event.message, event.answer);
      if (event.message.by === "bot") this.arrived(event);
    } else if (event.kind === "changed") this.messages.change(event.message);
    else if (event.kind === "state") this.showState(event.state);
    else if (event.kind === "typing") this.showTyping(true);
  }

  arrived({ message, answer }) {
    this.showTyping(this.state.busy);
    if (answer) return;
    const atEnd = this.messages.nearEnd();
    this.showToast(message.summary || message.text || "Sent a card");
    if (atEnd) this.messages.toLatest();
  }

  showPerson(waiting = 0) {
    const { person } = this;
    const role = el("span", { class: "role" }, `${roleName(person)}, ${forceName(person)}`);
    const names = el("span", { class: "names" }, el("span", { class: "name" }, person.name), role);
    this.personButton.replaceChildren(...[avatar(person), names, badge(waiting, "new for others"), icon("chevron")].filter(Boolean));
  }

  showState(state) {
    this.state = state;
    this.showTyping(state.busy);
    const shut = shutBy(state);
    this.compose.hidden = Boolean(shut);
    this.shut.hidden = !shut;
    if (!shut) return;
    const [words, button, act] = shut;
    const mend = () => act(this.person.directory_id).then((outcome) => outcome.outcome === "failed" || this.reread());
    this.shut.replaceChildren(el("p", {}, words), el("button", { class: "plain", type: "button", onclick: mend }, button));
  }

  showTyping(on) {
    clearTimeout(this.typingTimer);
    this.typing.replaceChildren();
    if (!on) return;
    this.typing.append(el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")), "Peer support is typing…");
    if (!this.state.busy) this.typingTimer = setTimeout(() => this.showTyping(this.state.busy), TYPING_MS);
  }

  showToast(words) {
    clearTimeout(this.toastTimer);
    const what = el("span", { class: "what" }, el("span", { class: "label" }, "Notification: Peer support"), words);
    const shut = el("button", { class: "icon-button", type: "button", "aria-label": "Close the notification", onclick: () => this.hideToast() }, icon("close"));
    this.toastPlace.replaceChildren(el("div", { class: "toast" }, icon("bell"), what, shut));
    this.toastTimer = setTimeout(() => this.hideToast(), TOAST_MS);
  }

  hideToast() {
    clearTimeout(this.toastTimer);
    this.toastPlace.replaceChildren();
  }

  async send() {
    const text = this.box.value.trim();
    if (!text) return;
    this.box.value = "";
    await api.say(this.person.directory_id, text);
  }

  async press(id, index, action) {
    const { person } = this;
    this.pressedAt = id;
    const outcome = await api.press(person.directory_id, { message_id: id, action, theme: theme() });
    if (this.person !== person) return;
    if (outcome.outcome === "card") this.messages.replaceCard(id, index, outcome.card);
    else if (outcome.outcome === "dialog") this.dialog.show(outcome);
    else if (outcome.text) this.messages.note(id, outcome.text, outcome.outcome === "failed");
  }

  async pressInDialog(action) {
    const outcome = await api.press(this.person.directory_id, { in_dialog: true, action, theme: theme() });
    if (outcome.outcome === "closed" && outcome.text) this.messages.note(this.pressedAt, outcome.text, false);
    return outcome;
  }

  backFromDialog() {
    const card = this.messages.rows.get(this.pressedAt)?.row.querySelector(".card");
    (card ?? this.box).focus({ preventScroll: true });
  }

  menu() {
    const who = this.person.directory_id;
    const again = this.state.installed === "no" ? "Install" : "Install again";
    const items = [[again, () => api.install(who)]];
    if (this.state.installed !== "no") items.push(["Uninstall", () => api.uninstall(who)]);
    const { blocked } = this.state;
    items.push([blocked ? "Unblock the bot" : "Block the bot", () => api.block(who, !blocked)]);
    return items;
  }

  build(people, unread, choose) {
    this.personButton = el("button", { class: "person", type: "button" });
    const more = el("button", { class: "icon-button more", type: "button", "aria-label": "More for this person" }, icon("more"));
    const bar = el("div", { class: "person-bar" }, el("h2", {}, this.personButton), more);
    menuButton(more, bar, () => this.menu());
    pickerButton(this.personButton, bar, { people, unread, chosen: () => this.person, choose });

    const face = el("img", { src: "/page/icon.svg", alt: "" });
    const head = el("div", { class: "chat-head" }, face, el("span", { class: "app" }, "Peer support"), el("span", { class: "tab-word" }, "Chat"));
    this.toastPlace = el("div", { class: "toast-place", role: "status" });
    this.typing = el("div", { class: "typing", role: "status" });
    this.box = el("textarea", {
      rows: "1", placeholder: "Type a message", "aria-label": "Type a message", maxlength: "4000",
      onkeydown: (event) => this.key(event),
    });
    const send = el("button", { class: "icon-button", type: "submit", "aria-label": "Send" }, icon("send"));
    const submit = (event) => { event.preventDefault(); this.send(); };
    this.compose = el("form", { class: "compose", onsubmit: submit }, this.box, send);
    this.shut = el("div", { class: "shut", hidden: true });
    const foot = el("div", { class: "foot" }, this.typing, this.compose, this.shut);
    this.chatArea = el("div", { class: "chat-area" }, head, this.toastPlace, this.messages.element, this.messages.newer, foot);
    this.element = el("section", { class: "column", "data-place": this.place }, bar, this.chatArea);
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }
}

function shutBy({ installed, blocked }) {
  if (blocked) return ["You’ve blocked this app.", "Unblock", (who) => api.block(who, false)];
  if (installed === "no") return ["Peer support isn’t installed.", "Install", api.install];
  if (installed === "never") return ["Peer support isn’t answering. Is the bot running?", "Try again", () => Promise.resolve({})];
  return null;
}
