// Draws one Adaptive Card and hands its presses on, with its inputs gathered as Teams gathers them.
import { el } from "./dom.js";
import { hostConfig } from "./host-config.js";
import { toHtml } from "./markdown.js";

const {
  AdaptiveCard, ExecuteAction, GlobalSettings, HostConfig, OpenUrlAction, ShowCardAction, SubmitAction, ToggleVisibilityAction,
} = window.AdaptiveCards;

GlobalSettings.setTabIndexAtCardRoot = false;
AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = toHtml(text);
  result.didProcess = true;
};

// The renderer knows pixels alone, so the reader's own size of text is worked out for it.
function config() {
  const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  const grown = (sizes) => Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, size * scale]));
  return new HostConfig({ ...hostConfig, fontSizes: grown(hostConfig.fontSizes), lineHeights: grown(hostConfig.lineHeights) });
}

export function drawCard(json, onPress, onWords) {
  const frame = el("div", { class: "card", tabindex: "-1" });
  const card = new AdaptiveCard();
  card.hostConfig = config();
  card.onExecuteAction = (action) => {
    if (frame.getAttribute("aria-busy") !== "true") run(action, frame, onPress, onWords);
  };
  card.onAnchorClicked = () => false;
  card.parse(json);
  const drawn = card.render();
  if (drawn) frame.append(drawn);
  keepStatesTrue(frame);
  return frame;
}

// The renderer marks what was shown or hidden as "expanded", which only what was pressed can be.
function keepStatesTrue(frame) {
  const mend = (changes) => {
    for (const { target } of changes) {
      if (!target.matches("button, [role]")) target.removeAttribute("aria-expanded");
    }
  };
  new MutationObserver(mend).observe(frame, { attributeFilter: ["aria-expanded"], subtree: true });
}

async function run(action, frame, onPress, onWords) {
  if (action instanceof ToggleVisibilityAction || action instanceof ShowCardAction) return;
  if (action instanceof OpenUrlAction) return openAddress(action.url, onWords);
  const asked = pressed(action);
  if (!asked) return onWords("Teams doesn't know this button.", true);
  frame.setAttribute("aria-busy", "true");
  try {
    await onPress(asked, frame);
  } finally {
    frame.removeAttribute("aria-busy");
  }
}

function pressed(action) {
  const common = { title: action.title, id: action.id, data: action.data };
  if (action instanceof ExecuteAction) return { type: "Action.Execute", verb: action.verb, ...common };
  if (action instanceof SubmitAction) return { type: "Action.Submit", ...common };
  return null;
}

function openAddress(url, onWords) {
  if (/^https?:\/\//i.test(url ?? "")) window.open(url, "_blank", "noopener,noreferrer");
  else onWords("Teams on a computer can't open this kind of link.", true);
}
