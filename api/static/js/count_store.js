// What a phone keeps while it counts, for each account by itself: the list, and the entries that wait for the server.
// Nothing is lost when the page is closed or the battery is empty.
(function () {
  "use strict";
  const NAME = "quang-count";
  let opened = null;

  function open() {
    if (!opened) {
      opened = new Promise(function (resolve, reject) {
        const asked = indexedDB.open(NAME, 2);
        asked.onupgradeneeded = function () {
          const made = asked.result;
          if (made.objectStoreNames.contains("lists")) made.deleteObjectStore("lists");
          if (!made.objectStoreNames.contains("queue")) made.createObjectStore("queue", { keyPath: "uid" });
          made.createObjectStore("kept", { keyPath: "id" });
        };
        asked.onsuccess = function () {
          // Signing out in another window deletes all of it; this one must not keep that from happening.
          asked.result.onversionchange = function () { asked.result.close(); opened = null; };
          resolve(asked.result);
        };
        asked.onerror = function () { reject(asked.error); };
      });
    }
    return opened;
  }

  // Runs one act on one store; the promise ends when it is safely on the disk.
  async function act(store, mode, work) {
    const database = await open();
    return new Promise(function (resolve, reject) {
      const transaction = database.transaction(store, mode, { durability: "strict" });
      const asked = work(transaction.objectStore(store));
      transaction.oncomplete = function () { resolve(asked ? asked.result : undefined); };
      transaction.onerror = transaction.onabort = function () { reject(transaction.error); };
    });
  }

  // 32 hexadecimal signs; `randomUUID` is not there without https.
  function uid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, function (one) { return one.toString(16).padStart(2, "0"); }).join("");
  }

  function id(user, number) { return user + "/" + number; }

  window.quangStore = {
    uid: uid,
    list: function (user, number) { return act("kept", "readonly", function (s) { return s.get(id(user, number)); }); },
    keepList: function (list) {
      const row = Object.assign({ id: id(list.user, list.number) }, list);
      return act("kept", "readwrite", function (s) { return s.put(row); });
    },
    all: async function (user, number) {
      const rows = await act("queue", "readonly", function (s) { return s.getAll(); });
      return rows.filter(function (row) { return row.number === number && row.user === user; });
    },
    put: function (row) { return act("queue", "readwrite", function (s) { return s.put(row); }); },
    drop: function (uids) {
      return act("queue", "readwrite", function (s) { uids.forEach(function (one) { s.delete(one); }); });
    },
  };
})();
