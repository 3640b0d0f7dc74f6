// The little Markdown that Teams draws in a card: bold, italic, lists and links. Everything is escaped first.
const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const bullet = /^\s*[-*+](\s|$)/;
const number = /^\s*\d+[.)](\s|$)/;
const safe = /^(https?:|tel:|sms:|mailto:)/i;

const escape = (text) => text.replace(/[&<>"']/g, (sign) => escapes[sign]);

function inline(text) {
  return text
    .replace(/\[([^\]\n]+)\]\(([^)\s]+)\)/g, (whole, words, address) =>
      safe.test(address) ? `<a href="${address}">${words}</a>` : whole)
    .replace(/\*\*(?=\S)([^\n]*?\S)\*\*/g, "<strong>$1</strong>")
    .replace(/(^|[\s(])([*_])(?=\S)([^*_\n]*?\S)\2(?=$|[\s.,;:!?)])/g, "$1<em>$3</em>");
}

export function toHtml(text) {
  const blocks = escape(text).split(/\n{2,}/).map((block) => {
    const lines = block.split("\n");
    if (lines.every((line) => bullet.test(line))) return list("ul", lines, bullet);
    if (lines.every((line) => number.test(line))) return list("ol", lines, number);
    return `<p>${lines.map(inline).join("<br>")}</p>`;
  });
  return blocks.join("");
}

function list(tag, lines, mark) {
  return `<${tag}>${lines.map((line) => `<li>${inline(line.replace(mark, ""))}</li>`).join("")}</${tag}>`;
}
