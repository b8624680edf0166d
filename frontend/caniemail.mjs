/** Reads a letter from its input and prints what caniemail says of it: by feature, the clients that do not support it. */

import { text } from "node:stream/consumers";
import { caniemail } from "caniemail";

const { issues } = caniemail({ clients: process.argv.slice(2), html: await text(process.stdin) });
const missing = {};
for (const [client, found] of issues.errors) for (const { title } of found) (missing[title] ??= new Set()).add(client);
console.log(JSON.stringify(Object.fromEntries(Object.entries(missing).map(([title, clients]) => [title, [...clients].sort()]))));
