// Makes elements. Text is always text: nothing here ever parses HTML.
export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const drawings = {
  chevron: "M4.2 6.2a.75.75 0 0 1 1.100 0L8 9l2.700-2.800a.75.75 0 1 1 1.100 1l-3.300 3.400a.75.75 0 0 1-1 0L4.200 7.200a.75.75 0 0 1 0-1Z",
  more: "M3.500 8a1.200 1.200 0 1 1-2.500 0 1.200 1.200 0 0 1 2.500 0Zm5.700 0a1.200 1.200 0 1 1-2.400 0 1.200 1.200 0 0 1 2.400 0Zm5.800 0a1.200 1.200 0 1 1-2.500 0A1.200 1.200 0 0 1 15 8Z",
  send: "M1.700 1.900c.1-.4.5-.5.800-.4l12 6a.55.55 0 0 1 0 1l-12 6a.55.55 0 0 1-.800-.7L3.300 8.500 9 8 3.300 7.500 1.700 2.200v-.3Z",
  close: "M3.200 3.200a.7.7 0 0 1 1 0L8 7l3.800-3.800a.7.7 0 1 1 1 1L9 8l3.800 3.800a.7.7 0 0 1-1 1L8 9l-3.800 3.800a.7.7 0 0 1-1-1L7 8 3.200 4.200a.7.7 0 0 1 0-1Z",
  bell: "M8 1.500A4.500 4.500 0 0 0 3.500 6v2.700l-.9 1.900c-.2.4.1.900.6.900h2.900a2 2 0 0 0 3.800 0h2.900c.5 0 .8-.5.6-.9l-.9-1.900V6A4.500 4.500 0 0 0 8 1.500Z",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", drawings[name]);
  path.setAttribute("fill", "currentColor");
  svg.append(path);
  return svg;
}

// Closes something that is open when Escape is pressed, or the pointer or the focus goes elsewhere.
export function whileOpen(inside, opener, close) {
  const outside = (event) => {
    if (!inside.contains(event.target) && !opener.contains(event.target)) end(false);
  };
  const key = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    end(true);
  };
  const end = (back) => {
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("focusin", outside, true);
    inside.removeEventListener("keydown", key);
    opener.setAttribute("aria-expanded", "false");
    close();
    if (back) opener.focus();
  };
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("focusin", outside, true);
  inside.addEventListener("keydown", key);
  opener.setAttribute("aria-expanded", "true");
  return end;
}
