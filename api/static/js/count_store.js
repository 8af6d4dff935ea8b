// What a phone keeps while it counts: the list, and the entries that wait for the server. Nothing is lost when the page
// is closed or the battery is empty.
(function () {
  "use strict";
  const NAME = "quang-count";
  let opened = null;

  function open() {
    if (!opened) {
      opened = new Promise(function (resolve, reject) {
        const asked = indexedDB.open(NAME, 1);
        asked.onupgradeneeded = function () {
          asked.result.createObjectStore("lists", { keyPath: "number" });
          asked.result.createObjectStore("queue", { keyPath: "uid" });
        };
        asked.onsuccess = function () { resolve(asked.result); };
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

  window.quangStore = {
    uid: uid,
    list: function (number) { return act("lists", "readonly", function (s) { return s.get(number); }); },
    keepList: function (list) { return act("lists", "readwrite", function (s) { return s.put(list); }); },
    all: async function (number) {
      const rows = await act("queue", "readonly", function (s) { return s.getAll(); });
      return rows.filter(function (row) { return row.number === number; });
    },
    put: function (row) { return act("queue", "readwrite", function (s) { return s.put(row); }); },
    drop: function (uids) {
      return act("queue", "readwrite", function (s) { uids.forEach(function (one) { s.delete(one); }); });
    },
  };
})();
