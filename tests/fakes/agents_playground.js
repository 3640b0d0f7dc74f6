// Stands in for the Playground's command: it listens, reads its file, and answers like the real one at its start.
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { createServer } = require("node:http");
const option = (name) => process.argv[process.argv.indexOf(name) + 1];
const settings = JSON.parse(readFileSync(".m365agentsplayground.yml", "utf8"));
if (existsSync("../spoilt")) {
  console.log("Nothing can be shown");
  process.exit(1);
}
createServer((request, response) => {
  response.writeHead(request.url === "/_internal/v1/config" ? 200 : 404);
  response.end();
}).listen(Number(option("-p")), () => {
  writeFileSync("started.json", JSON.stringify({ settings, bot: option("-e"), path: process.env.PATH, arguments: process.argv }));
  console.log(`Listening on ${option("-p")}`);
});
