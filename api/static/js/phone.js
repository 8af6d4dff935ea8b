// What counting keeps in the phone belongs to one account: it goes when that account signs out, and before another one
// reads a page here. Entries that wait for the server are told of first, because they would be lost.
(function () {
  "use strict";
  const NAME = "quang-count";
  const OWNER = "quang-count-owner";
  const PAGES = "quang-count-pages";
  const user = document.documentElement.dataset.user || "";

  function owner() {
    try { return localStorage.getItem(OWNER) || ""; } catch (error) { return ""; }
  }
  function own(name) {
    try {
      if (name) localStorage.setItem(OWNER, name); else localStorage.removeItem(OWNER);
    } catch (error) { /* A browser that keeps nothing has nothing to give away. */ }
  }

  async function dropPages() {
    if (window.caches) await caches.delete(PAGES);
  }

  function dropAll() {
    return new Promise(function (resolve) {
      if (!window.indexedDB) return resolve();
      const asked = indexedDB.deleteDatabase(NAME);
      asked.onsuccess = asked.onerror = asked.onblocked = resolve;
    });
  }

  // Resolves with the open database, or nothing where the phone never counted.
  function open() {
    return new Promise(function (resolve) {
      if (!window.indexedDB || !owner()) return resolve(null);
      const asked = indexedDB.open(NAME);
      asked.onupgradeneeded = function () { asked.transaction.abort(); };
      asked.onsuccess = function () { resolve(asked.result); };
      asked.onerror = function () { resolve(null); };
    });
  }

  async function rows(store, work) {
    const database = await open();
    if (!database || !database.objectStoreNames.contains(store)) {
      if (database) database.close();
      return [];
    }
    return new Promise(function (resolve) {
      const transaction = database.transaction(store, work ? "readwrite" : "readonly");
      const place = transaction.objectStore(store);
      const asked = place.getAll();
      asked.onsuccess = function () { if (work) work(place, asked.result); };
      transaction.oncomplete = transaction.onabort = function () { database.close(); resolve(asked.result || []); };
    });
  }

  async function waiting() {
    const found = await rows("queue");
    return found.filter(function (row) { return row.user === user && !row.refused; }).length;
  }

  // Somebody else's list and pages go at once; what they counted stays, hidden, until they sign in again.
  async function handOver() {
    await dropPages();
    await rows("kept", function (place, found) {
      found.forEach(function (row) { if (row.user !== user) place.delete(row.id); });
    });
    own("");
  }

  async function leave(form) {
    const count = await waiting();
    if (count && !window.confirm(form.dataset.waiting.replace("{count}", count))) return;
    await dropPages();
    await dropAll();
    own("");
    form.submit();
  }

  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.getAttribute("action") !== "/logout" || !owner()) return;
    event.preventDefault();
    // Whatever the browser's store does: signing out comes first.
    const late = window.setTimeout(function () { form.submit(); }, 60000);
    leave(form).catch(function () { form.submit(); }).finally(function () { window.clearTimeout(late); });
  });

  window.quangPhone = { own: own };
  if (user && owner() && owner() !== user) window.quangPhone.ready = handOver();
})();
