/* What is entered on the sheet and not taken by the office yet: kept in the browser's own database
   until the office has said that it has it. An entry sent twice is taken once, by its id. */

const STORE = "entries";
let opened;

const database = () => {
  opened ||= new Promise((resolve, reject) => {
    const asked = indexedDB.open("field", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
};

const done = (work) => new Promise((resolve, reject) => {
  work.oncomplete = () => resolve();
  work.onerror = () => reject(work.error);
  work.onabort = () => reject(work.error);
});

export const put = async (entry) => {
  const work = (await database()).transaction(STORE, "readwrite", { durability: "strict" });
  work.objectStore(STORE).put(entry);
  await done(work);
};

export const drop = async (id) => {
  const work = (await database()).transaction(STORE, "readwrite");
  work.objectStore(STORE).delete(id);
  await done(work);
};

/* All entries that wait, in the order in which they were made. */
export const waiting = async () => {
  const asked = (await database()).transaction(STORE).objectStore(STORE).getAll();
  const rows = await new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return rows.sort((one, other) => one.made_at.localeCompare(other.made_at));
};

const body = (entry) => {
  const form = new FormData();
  for (const name of ["id", "order", "kind", "made_at", "by"]) form.append(name, entry[name]);
  form.append("data", JSON.stringify(entry.data));
  if (entry.file) form.append("file", entry.file, entry.name || "photo.jpg");
  return form;
};

/* Send what waits of this person. Return how many were taken, and whether to sign in again. */
const sendAll = async ({ person, token, sync }) => {
  const mine = (await waiting()).filter((entry) => entry.by === person && !entry.problem);
  if (!mine.length) return { taken: 0 };
  const who = await fetch(token, { credentials: "same-origin", cache: "no-store" });
  if (who.status === 401) return { taken: 0, signIn: true };
  if (!who.ok) return { taken: 0 };
  const { csrf, person: now } = await who.json();
  if (String(now) !== person) return { taken: 0, signIn: true };
  let taken = 0;
  for (const entry of mine) {
    const answer = await fetch(sync, { method: "POST", body: body(entry), headers: { "X-CSRFToken": csrf }, credentials: "same-origin", redirect: "manual" });
    if (answer.ok) {
      await drop(entry.id);
      taken += 1;
    } else if (answer.status === 413 || answer.status === 422) {
      const said = answer.status === 422 ? (await answer.json()).problem : String(answer.status);
      await put({ ...entry, problem: said });
    } else {
      return { taken, signIn: [401, 403, 409].includes(answer.status) };
    }
  }
  return { taken };
};

/* One page at a time sends; two would only make the office say twice that it has an entry. */
export const send = (told) => (navigator.locks
  ? navigator.locks.request("field-outbox", () => sendAll(told))
  : sendAll(told));
