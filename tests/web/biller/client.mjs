// A bank's client, written from the contract's text alone; it knows nothing of the office's code.
//
//   node client.mjs ADDRESS PARTNER SECRET CONTRACT
//
// Fetches the contract's bills, pays the first, plays a time-out, repeats, errs, takes back, settles.
// One line of JSON a step: {"step", "status", "body"}; exit 1 where an answer is not as agreed.

import { createHash, createHmac } from "node:crypto";
import { request } from "node:http";

const [address, partner, secret, contract] = process.argv.slice(2);

function call(method, path, told, changed = {}) {
  const target = `/api/biller/v1/${path}`;
  const body = told === undefined ? "" : JSON.stringify(told);
  const stamp = String(changed.stamp ?? Math.floor(Date.now() / 1000));
  const digest = createHash("sha256").update(body).digest("hex");
  const signed = `${method}\n${target}\n${stamp}\n${digest}`;
  const made = createHmac("sha256", changed.secret ?? secret).update(signed).digest("hex");
  const headers = {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    "X-Biller-Partner": changed.partner ?? partner,
    "X-Biller-Timestamp": stamp,
    "X-Biller-Signature": `v1=${made}`,
  };
  return new Promise((done, failed) => {
    const sent = request(new URL(target, address), { method, headers }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => {
        const text = Buffer.concat(parts).toString("utf8");
        done({ status: answer.statusCode, body: JSON.parse(text) });
      });
    });
    sent.on("error", failed);
    sent.end(body);
  });
}

let wrong = 0;
async function step(name, expected, method, path, told, changed) {
  const answer = await call(method, path, told, changed);
  console.log(JSON.stringify({ step: name, ...answer }));
  if (answer.status !== expected) {
    wrong += 1;
    console.error(`${name}: ${answer.status} instead of ${expected}`);
  }
  return answer.body;
}

const identifiers = [{ name: "contract", value: contract }];
const found = await step("fetch", 200, "POST", "bills/fetch", { identifiers });
const [bill, second] = found.bills;
const reference = `NODE-${Date.now()}`;
const order = {
  reference,
  bills: [{ number: bill.number, amount: bill.amount }],
  channel: "mobile",
  paid_at: new Date().toISOString(),
};
await step("pay", 201, "POST", "payments", order);
await step("show", 200, "GET", `payments/${reference}`);
await step("repeat", 200, "POST", "payments", order);
await step("other body", 409, "POST", "payments", { ...order, channel: "atm" });
const again = { ...order, reference: `${reference}-2` };
await step("already paid", 422, "POST", "payments", again);
const short = [{ number: second.number, amount: "0.01" }];
await step("wrong amount", 422, "POST", "payments", { ...again, bills: short });
const nobody = [{ number: "NO SUCH BILL", amount: "1.00" }];
await step("unknown bill", 422, "POST", "payments", { ...again, bills: nobody });
await step("too many", 422, "POST", "payments", { ...again, bills: Array(5).fill(short[0]) });
await step("unknown reference", 404, "GET", `payments/${reference}-3`);
await step("late", 401, "POST", "bills/fetch", { identifiers }, { stamp: 1 });
await step("other secret", 401, "POST", "bills/fetch", { identifiers }, { secret: "x" });
await step("nobody", 401, "POST", "bills/fetch", { identifiers }, { partner: "NOBODY" });
const both = [second, ...found.bills.slice(2, 4)];
const lines = both.map(({ number, amount }) => ({ number, amount }));
await step("pay others", 201, "POST", "payments", { ...again, bills: lines });
await step("reverse", 200, "POST", `payments/${reference}/reverse`, { reason: "Client trompé" });
const day = new Intl.DateTimeFormat("en-CA", { timeZone: "Africa/Casablanca" }).format();
await step("settle", 200, "GET", `settlements/${day}`);
process.exit(wrong ? 1 : 0);
