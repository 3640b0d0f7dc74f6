// What the page asks of the local Teams.
export const SORRY = "Something went wrong. Please try again.";

const chat = (who, act = "") => `/sandbox/chats/${encodeURIComponent(who)}${act}`;

async function call(path, body) {
  const options = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const response = await fetch(path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error?.message ?? response.statusText);
  return answer;
}

async function act(path, body) {
  try {
    const outcome = await call(path, body);
    if (outcome.why) console.warn(outcome.why);
    return outcome;
  } catch (fault) {
    console.warn(fault.message);
    return { outcome: "failed", text: SORRY };
  }
}

export const people = () => call("/sandbox/people");
export const read = (who) => call(chat(who));
export const open = (who) => call(chat(who, "/open"), {});
export const say = (who, text) => act(chat(who, "/say"), { text });
export const press = (who, asked) => act(chat(who, "/press"), asked);
export const install = (who) => act(chat(who, "/install"), {});
export const uninstall = (who) => act(chat(who, "/uninstall"), {});
export const block = (who, blocked) => act(chat(who, "/block"), { blocked });
export const weather = () => call("/sandbox/weather");
export const setWeather = (asked) => call("/sandbox/weather", asked);

export function listen(onEvent, onLost, onBack) {
  const source = new EventSource("/sandbox/events");
  let lost = false;
  source.onmessage = (message) => onEvent(JSON.parse(message.data));
  source.onerror = () => { lost = true; onLost(); };
  source.onopen = () => { if (lost) { lost = false; onBack(); } };
}
